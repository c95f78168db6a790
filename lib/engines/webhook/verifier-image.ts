/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:842011d226e275ca5916698611336f8a17eccd82de19c1560e13c3b1c3bd2957';
