/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:9e2fedb0d9fa56112cee30aa292ed0fcbd6a0c7f3eecded96f30703144e290ec';
