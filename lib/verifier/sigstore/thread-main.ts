import { constants, getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { Evidence } from '../../decide/evidence';
import { NormalAttestor } from '../../policy/normal';
import { AttachedBundles } from '../ports';
import type { NamedRoot } from './trust-roots';
import { TrustStore, verifyEvidence } from './verify-evidence';

/** What a thread is started with. */
export interface ThreadData {
  readonly roots: readonly NamedRoot[];
}

/** What a thread does at once. */
export interface Portion extends AttachedBundles {
  readonly attestors: readonly NormalAttestor[];
  /** So many of the bundles, from the first on, are checked whoever signed. */
  readonly thorough: number;
}

export interface Done {
  readonly pieces: readonly Evidence[];
}

/*
 * What a thread runs: a bundle of its own, since each thread holds all of its source, and what was made of it, once more. It does portions until it is
 * ended.
 */
if (parentPort === null) {
  throw new Error('this file is run by threads of the verifier, not by itself');
}
const port = parentPort;
yieldToAnswers();
const store = new TrustStore((workerData as ThreadData).roots);
port.on('message', ({ attestors, thorough, ...attached }: Portion) => {
  const { pieces } = verifyEvidence(attached, attestors, store, thorough);
  port.postMessage({ pieces } satisfies Done);
});
port.postMessage('ready');

/** Whoever asks for what is known already must not wait for what is checked: on Linux a priority is that of the thread that asks for it, elsewhere of the whole process. */
function yieldToAnswers(): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  if (process.platform !== 'linux' || getPriority() >= PRIORITY_BELOW_NORMAL) {
    return;
  }
  try {
    setPriority(PRIORITY_BELOW_NORMAL);
  } catch {
    // Where that is forbidden, checking goes on at the priority that there is.
  }
}
