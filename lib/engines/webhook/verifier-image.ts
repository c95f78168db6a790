/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:01918f6c8fffa2eb5a6b6b8748d4bd67ca597b739d79a7f350a72f0dd7ddbb36';
