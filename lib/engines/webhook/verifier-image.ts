/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:224b8c7b9ae63ca6d70a7517dcb0c96ab3a8f11d6cb12cd6c04a6d68ad289e59';
