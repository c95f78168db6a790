/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:e3b62e5f126e9556671c4b23962b8accc5d2dfe2f14ca47cecf9146c652715de';
