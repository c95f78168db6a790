export { CANARY_ROOT, checkCanary } from './canary';
export { loadTrustRoots, TrustRootError } from './trust-roots';
export type { NamedRoot } from './trust-roots';
export { WorkerPool } from './pool';
export { OwnAuthority } from './own-authority';
export { readPublicKey } from './public-key';
