import { WebhookSettings } from './settings';
import { VERIFIER_IMAGE } from './verifier-image';

/** A deployment that is safe as it stands. */
export const defaultSettings: WebhookSettings = {
  namespace: 'proofgate',
  name: 'proofgate-verifier',
  image: VERIFIER_IMAGE,
  replicas: 3,
  resources: { requests: { cpu: '100m', memory: '192Mi' }, limits: { memory: '768Mi' } },
  timeoutSeconds: 10,
  deadlineSeconds: 8,
  tls: { mode: 'self-managed' },
  registries: [],
  refreshTrustRoots: true,
  operatorGroups: ['system:masters'],
  priorityClassName: 'system-cluster-critical',
  floor: false,
};
