import { parentPort, workerData } from 'node:worker_threads';
import { EvidenceReport } from '../../decide/evidence';
import { NormalAttestor } from '../../policy/normal';
import { AttachedBundles } from '../ports';
import { isWorkerData } from './role';
import { TrustStore, verifyEvidence } from './verify-evidence';

export interface Job {
  readonly id: number;
  readonly bundles: AttachedBundles;
  readonly attestors: readonly NormalAttestor[];
}

export interface Done {
  readonly id: number;
  readonly report: EvidenceReport;
}

/** Answers jobs until the thread is ended. */
export function runSigstoreWorker(): void {
  const data: unknown = workerData;
  if (parentPort === null || !isWorkerData(data)) {
    throw new Error('this thread was not started as a Sigstore worker');
  }
  const port = parentPort;
  const store = new TrustStore(data.roots);
  port.on('message', ({ id, bundles, attestors }: Job) => {
    const done: Done = { id, report: verifyEvidence(bundles, attestors, store) };
    port.postMessage(done);
  });
  port.postMessage('ready');
}
