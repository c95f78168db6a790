/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:bd8a34f9697f596392174427b4225262e82b2fb64754792fa67fba9d452f458b';
