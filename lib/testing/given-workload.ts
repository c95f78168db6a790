import { NamespaceContext } from '../policy/normal';

/** A workload in a namespace that the test names. */
export class PlacedWorkload {
  constructor(readonly workload: unknown, readonly namespace: NamespaceContext) {}
}

/** What runs already, and what is to take its place. */
export class UpdatedWorkload {
  constructor(readonly running: unknown, readonly workload: unknown) {}
}
