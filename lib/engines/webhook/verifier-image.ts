/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:1e6f2aae0e24eab5675aebd9ca60ca46bfe5bcb6767a9f8da12ed86d5a3e58fa';
