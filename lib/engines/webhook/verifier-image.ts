/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:0422935aeeda1e99f7b9b7f6e0d00e92d231de24a1f1cb751c81ebddf29b89e1';
