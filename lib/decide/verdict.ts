import { CheckName } from './check-names';
import { PlatformImage } from './platform-image';
import { Reason } from './reason';

/** The judgement of one image under one policy set. */
export interface Verdict {
  readonly allowed: boolean;
  /** The reference as it was judged: canonical name with digest where one is known. */
  readonly image: string;
  /** Names of the policies that cover the image here. */
  readonly policies: readonly string[];
  /** Why not; empty when allowed. */
  readonly reasons: readonly Reason[];
  /** Why: one entry per requirement and attestor that vouched; never empty when allowed by evidence. */
  readonly proof: readonly Proof[];
  /** Violations of policies in their audit window: admitted, but said aloud. */
  readonly warnings: readonly Warning[];
  /** Digest of the policy set that was applied. */
  readonly policyDigest: string;
}

/** What is not refused because of an audit window. */
export interface Warning extends Reason {
  /** The end of the policy's window, from which on it refuses; absent where no single policy stands behind the reason. */
  readonly until?: string;
}

/** What was checked, and on which evidence. */
export type Proof = RequirementProof | ExemptionProof | UncoveredProof | ObservedProof | UnchangedProof;

/** An attestor vouched for a requirement. */
export interface RequirementProof {
  readonly type: 'requirement';
  readonly policy: string;
  readonly requirement: string;
  readonly attestor: string;
  /** The image for one platform that is vouched for; absent where it is the digest that was named. */
  readonly child?: PlatformImage;
  /** Digest of the piece of evidence on which every check held. */
  readonly evidence: string;
  /** Named checks in the order in which they were made. */
  readonly checks: readonly CheckName[];
}

/** A dated exemption names the digest. */
export interface ExemptionProof {
  readonly type: 'exemption';
  readonly exemption: string;
  readonly reason: string;
  readonly owner: string;
  readonly until: string;
}

/** No policy covers the namespace. */
export interface UncoveredProof {
  readonly type: 'uncovered';
  readonly namespace: string;
}

/** Only policies in their audit window cover the namespace. */
export interface ObservedProof {
  readonly type: 'observed';
  readonly namespace: string;
}

/** An update that leaves this image reference as it was. */
export interface UnchangedProof {
  readonly type: 'unchanged';
}
