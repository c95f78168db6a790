/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:4fe50cdecbe95ab079bbaeb3b6bdf4586c6efb507345eb37933d2f3f5c2af17b';
