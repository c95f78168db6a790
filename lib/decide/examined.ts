import { CelBudget } from '../policy/cel/cost';
import { SignerFact, Statement } from './evidence';

/** A piece of evidence that could be read and whose cryptography holds, and what it is compared with. */
export interface Examined {
  readonly statement: Statement;
  readonly fact: SignerFact;
  /** Digest of the image, `sha256:…`. */
  readonly digest: string;
  /** Canonical name of the repository that the image is asked for from. */
  readonly repository: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What the conditions on all attestations of the image may still cost. */
  readonly budget: CelBudget;
}
