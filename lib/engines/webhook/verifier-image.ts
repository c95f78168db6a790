/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:cfdee5b25ae66d85d0a1d712e2a928ad84f6181661f9e2f522b1a9178ceec6e5';
