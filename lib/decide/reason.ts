import { PlatformImage } from './platform-image';

/**
 * Why an image or a request was refused: stable codes, one meaning each.
 *
 * The page `docs/reason-codes.md` is generated from this table.
 */
export const REASONS = {
  DENY_LISTED: {
    means: 'A deny list names this image, or the signer, certificate or key that vouches for it.',
    remedy: 'Use another image; the message names the list, which says why and who answers for it.',
  },
  NO_SIGNATURE: {
    means: 'No statement that says "signed" was found for this digest.',
    remedy: 'Sign the image by digest in the pipeline the policy names, and push the signature to the same repository.',
  },
  NO_ATTESTATION: {
    means: 'No attestation was found for this digest.',
    remedy: 'Attest the image by digest in the pipeline the policy names, and push the attestation to the same repository.',
  },
  WRONG_PREDICATE: {
    means: 'Attestations exist, but none of the predicate type that is required.',
    remedy: 'Produce an attestation of the required predicate type.',
  },
  WRONG_IDENTITY: {
    means: 'The signature is genuine, but its signer is not the one the policy names; of many signatures by others, most are not checked, and the message says of which.',
    remedy: 'Build the image with the workflow the policy names, or name this signer in the policy.',
  },
  WRONG_ISSUER: {
    means: 'The signature is genuine, but another identity provider vouched for the signer.',
    remedy: 'Sign with a token of the issuer the policy names.',
  },
  WRONG_CLAIM: {
    means: 'The signer is right, but a further claim of its certificate (repository, ref, trigger, runner, …) is not the one required.',
    remedy: 'Build from the repository, ref, trigger and runner that the policy names.',
  },
  WRONG_ANNOTATION: {
    means: 'The signature is genuine and its signer is right, but it is not annotated as the policy wants.',
    remedy: 'Sign with the annotations that the policy names (cosign sign -a name=value), all of them at once.',
  },
  WRONG_REPOSITORY: {
    means: 'The statement is genuine and about this digest, but was made for another repository, or does not say for which.',
    remedy: 'Sign the image where it is run from, with a tool that writes the repository down: cosign attest does, the signatures of cosign 3 do not.',
  },
  WRONG_SUBJECT: {
    means: 'The statement is genuine, but speaks about another digest.',
    remedy: 'Sign or attest this very digest; evidence does not move from one image to another.',
  },
  WRONG_PROVENANCE: {
    means: 'The provenance is genuine, but describes another source, builder, build type or parameters, or contradicts its own certificate.',
    remedy: 'Build from the source and with the builder that the policy names.',
  },
  WRONG_SUMMARY: {
    means: 'The verification summary is genuine, but of another verifier, resource or policy, or says that the image did not pass or reach the level.',
    remedy: 'Have the verifier that the policy names judge this image, and correct what it objects to.',
  },
  VULNERABLE: {
    means: 'The newest scan names vulnerabilities that are worse than the policy allows, or whose severity is not known.',
    remedy: 'Update what is vulnerable, build and scan again; or say in the policy which vulnerability does not count, why, and until when.',
  },
  TOO_OLD: {
    means: 'The newest attestation, or the database that a scan was made with, is older than the policy allows.',
    remedy: 'Make a new one: scan or verify the image again, with a fresh database, and attest the result.',
  },
  WRONG_FORMAT: {
    means: 'The predicate is genuine, but has not the form that its predicate type promises.',
    remedy: 'Write the predicate in a form that the message names.',
  },
  CONDITION_NOT_MET: {
    means: 'A condition that the policy has on the predicate is false, could not be evaluated, or took more steps than it may.',
    remedy: 'Attest what the condition asks for; if the predicate is right, correct the condition.',
  },
  DIFFERENT_BUILDS: {
    means: 'Everything that the policy requires was found, but not from one build.',
    remedy: 'Sign and attest in the run that builds the image, or leave sameBuild out of the policy for what comes later, such as scans.',
  },
  KEY_NOT_VALID: {
    means: 'The signature is genuine, but was made outside the time for which the policy takes its key.',
    remedy: 'Sign with the key that is in use now; if the image is old and still wanted, sign it anew.',
  },
  BELOW_THRESHOLD: {
    means: 'Fewer different attestors vouch for the image than the policy requires.',
    remedy: 'Have the missing parties sign.',
  },
  INVALID_SIGNATURE: {
    means: 'The signature does not match what it claims to sign, or not with the key or certificate it names.',
    remedy: 'Sign the image again; if it was not you who changed it, find out who did.',
  },
  UNTRUSTED_CERTIFICATE: {
    means: 'The certificate does not chain to the trust root, was not valid when it signed, or is not fit for signing code.',
    remedy: 'Sign with the Sigstore instance whose trust root the policy names, or name the trust root of the one that signed.',
  },
  NO_TRANSPARENCY: {
    means: 'An entry in a trusted transparency log, or a certificate\'s proof of its own logging, is missing or not valid.',
    remedy: 'Sign with the log switched on, or say in the policy that none is required, and why.',
  },
  NO_TRUSTED_TIME: {
    means: 'No trusted clock says when the signature was made.',
    remedy: 'Sign with a timestamp authority or log that the trust root names, or name the trust root of the instance that signed.',
  },
  TRUST_ROOT_UNAVAILABLE: {
    means: 'A trust root that is fetched over TUF has not been fetched since the verifier started, or its metadata has ended and no newer one could be fetched.',
    remedy: 'Check that the verifier reaches the mirror that the message is about, and that the repository is signed anew before its metadata ends.',
  },
  UNMATCHED_IMAGE: {
    means: 'No policy covers this image in a guarded namespace.',
    remedy: 'Write a policy for the image (its publisher\'s identity) or a dated exemption for its digest.',
  },
  TAG_NOT_PINNED: {
    means: 'The image is named by a tag, which can point to something else tomorrow.',
    remedy: 'Name the image by digest (name@sha256:…), or let the pinning webhook do so; where it could not ask the registry, its warning and the log of the verifier say why: try again when the registry answers.',
  },
  NAMESPACE_UNKNOWN: {
    means: 'The labels of the namespace could not be read, so it is not known which policies cover it.',
    remedy: 'Check that the namespace exists and that the verifier can list namespaces; after a change of labels or policies try again in a moment.',
  },
  REGISTRY_UNAVAILABLE: {
    means: 'The registry did not give an answer that can be trusted.',
    remedy: 'Check that the registry can be reached and that the credentials allow reading; then try again.',
  },
  IMAGE_NOT_FOUND: {
    means: 'The registry says that there is no such image.',
    remedy: 'Check the spelling of the image, its tag or digest.',
  },
  DEADLINE: {
    means: 'The time for this request ran out before the answer was known.',
    remedy: 'Try again; if it happens often, look at the verifier\'s registry latency.',
  },
  OVERLOADED: {
    means: 'The verifier has more work than it can answer in time.',
    remedy: 'Try again; if it happens often, add replicas.',
  },
  LIMIT: {
    means: 'Something is larger or more numerous than the verifier is willing to read.',
    remedy: 'Make it smaller: fewer images per Pod, fewer or smaller attestations.',
  },
  MALFORMED: {
    means: 'The request, the reference or the evidence cannot be read in exactly one way.',
    remedy: 'Correct what the message names.',
  },
  UNSUPPORTED: {
    means: 'This kind of object, algorithm or evidence is not one the verifier can judge.',
    remedy: 'Use one of the supported forms that the message names.',
  },
  INTERNAL: {
    means: 'The verifier met an error of its own.',
    remedy: 'Look at the verifier\'s log for this request\'s uid, and report it.',
  },
} as const satisfies Record<string, { readonly means: string; readonly remedy: string }>;

/** Stable name of a reason; part of the public contract. */
export type ReasonCode = keyof typeof REASONS;

/** One reason of a refusal. */
export interface Reason {
  readonly code: ReasonCode;
  /** What was expected and what was found, in one line; names the image, never a credential, token or registry body. */
  readonly message: string;
  readonly policy?: string;
  readonly requirement?: string;
  readonly attestor?: string;
  /** The image for one platform that the reason is about; absent where it is the digest that was named. */
  readonly child?: PlatformImage;
  /** Digest of the piece of evidence the reason is about. */
  readonly evidence?: string;
}
