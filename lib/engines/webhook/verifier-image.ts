/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:8cd9b73c27f2b660a407f87229dfc13735dba6fd5c78c5c9cf08fa89875eeca4';
