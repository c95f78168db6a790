import type { Manifest } from '../../../lib/engines/manifest';
import type { ImagePolicy } from '../../../lib/policy/document';
import type { EngineId } from '../../../lib/refusals';

/** What one engine is asked: whether a Pod may run under one policy. */
export interface Question {
  readonly policy: ImagePolicy;
  /** As it is posted. */
  readonly pod: Manifest;
  /** Text of the `trusted_root.json` that the policy's trust root stands for; none where no attestor needs one. */
  readonly trustedRoot?: string;
}

/** What it says. `cannot`: it refused the policy at synthesis. */
export interface Answer {
  readonly says: 'allow' | 'deny' | 'cannot';
  /** Its words. */
  readonly why: string;
}

/** An engine as it really runs. */
export interface JudgingEngine {
  readonly id: EngineId;
  /** Program and version. */
  readonly title: string;
  readonly judge: (question: Question) => Promise<Answer>;
}
