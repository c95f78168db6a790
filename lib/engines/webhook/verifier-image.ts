/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:01c9a3c4dbdfa0f596b5e6fe7dc7a110622f7d174cbf259728bfc41809817fe3';
