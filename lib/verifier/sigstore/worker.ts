import { parentPort, workerData } from 'node:worker_threads';
import { Evidence } from '../../decide/evidence';
import { NormalAttestor } from '../../policy/normal';
import { AttachedBundles } from '../ports';
import { isWorkerData } from './role';
import { TrustStore, verifyEvidence } from './verify-evidence';

/** What a thread does at once. */
export interface Portion extends AttachedBundles {
  readonly attestors: readonly NormalAttestor[];
  /** So many of the bundles, from the first on, are checked whoever signed. */
  readonly thorough: number;
}

export interface Done {
  readonly pieces: readonly Evidence[];
}

/** Does portions until the thread is ended. */
export function runSigstoreWorker(): void {
  const data: unknown = workerData;
  if (parentPort === null || !isWorkerData(data)) {
    throw new Error('this thread was not started as a Sigstore worker');
  }
  const port = parentPort;
  const store = new TrustStore(data.roots);
  port.on('message', ({ attestors, thorough, ...attached }: Portion) => {
    const { pieces } = verifyEvidence(attached, attestors, store, thorough);
    port.postMessage({ pieces } satisfies Done);
  });
  port.postMessage('ready');
}
