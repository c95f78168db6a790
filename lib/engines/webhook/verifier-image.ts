/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:604f14529c4b5d4d1c842230aed6492f41213bbd3f8ddf3ca0ab7885edc2a0a3';
