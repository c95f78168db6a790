/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:8909ba3e0d1e3e77fa1cc4ed40491e8f62f151114c7f2f9ab151171ce180c060';
