/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:c0fbf0c25e370ec0a5d9326d5afb3c3317703bf0f9f792d681f2296061fea8b7';
