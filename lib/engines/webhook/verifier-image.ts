/** Image of the verifier, by digest; the construct takes another registry, never another digest. */
export const VERIFIER_IMAGE = 'ghcr.io/proofgate/verifier@sha256:0000000000000000000000000000000000000000000000000000000000000000';
