import { isMainThread, workerData } from 'node:worker_threads';
import { NamedRoot } from './trust-roots';

const ROLE = 'proofgate-sigstore';

/** What a worker is started with. */
export interface WorkerData {
  readonly role: typeof ROLE;
  readonly roots: readonly NamedRoot[];
}

export function workerDataFor(roots: readonly NamedRoot[]): WorkerData {
  return { role: ROLE, roots };
}

export function isWorkerData(data: unknown): data is WorkerData {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === ROLE;
}

/** Whether this thread was started to run cryptography; the entry of a bundle asks before it does, or loads, anything else. */
export const isSigstoreWorker = !isMainThread && isWorkerData(workerData);
