/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:338de14ca1646b5390f0ca1121a2ddf27b6eb48cd7becfdf2ee6f18c847d19de';
