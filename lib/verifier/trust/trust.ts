import { NormalAttestor } from '../../policy/normal';
import { Deadline, EvidenceVerifier } from '../ports';

/** The trust roots of one moment, and cryptography that goes by exactly these. */
export interface TrustSnapshot {
  /** Names the content of every root; what was concluded under one digest holds under no other. */
  readonly digest: string;
  readonly evidence: EvidenceVerifier;
  /** Roots that cannot be used now, by name, with the reason. */
  readonly missing: ReadonlyMap<string, string>;
}

/** The trust roots of the process, which may change while it runs. */
export interface Trust {
  /** Whoever judges takes one and keeps to it until the end. */
  current(): TrustSnapshot;
  /** Waits for roots that are being fetched for the first time; not for longer than the deadline, and not for whether it succeeds. */
  settle(names: readonly string[], deadline: Deadline): Promise<void>;
}

/** Names of the roots that somebody's word depends on. */
export function rootsOf(attestors: readonly NormalAttestor[]): string[] {
  return [...new Set(attestors.map(({ trustRoot }) => trustRoot))];
}
