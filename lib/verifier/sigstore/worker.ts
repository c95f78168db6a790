import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { EvidenceReport } from '../../decide/evidence';
import { NormalAttestor } from '../../policy/normal';
import { AttachedBundles } from '../ports';
import { NamedRoot } from './trust-roots';
import { TrustStore, verifyEvidence } from './verify-evidence';

const ROLE = 'proofgate-sigstore';

/** What a worker is started with. */
export interface WorkerData {
  readonly role: typeof ROLE;
  readonly roots: readonly NamedRoot[];
}

export interface Job {
  readonly id: number;
  readonly bundles: AttachedBundles;
  readonly attestors: readonly NormalAttestor[];
}

export interface Done {
  readonly id: number;
  readonly report: EvidenceReport;
}

export function workerDataFor(roots: readonly NamedRoot[]): WorkerData {
  return { role: ROLE, roots };
}

/** Whether this thread was started to run cryptography; the entry of a bundle asks before it does anything else. */
export const isSigstoreWorker = !isMainThread && isWorkerData(workerData);

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

function isWorkerData(data: unknown): data is WorkerData {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === ROLE;
}
