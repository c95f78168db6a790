/**
 * Image of the verifier that is made of this very source; the construct takes another registry, never another digest.
 *
 * Written by `npm run image -- --pin`; `npm test` says when it is not current.
 */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:53b0a35d4e162cafef6c027fc015bbd058e9a573dcfee0aa7ea8369e6c7e3165';
