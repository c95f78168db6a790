import { Capabilities } from './capability';
import { kyverno } from './kyverno';
import { native } from './native';
import { policyController } from './policy-controller';
import { webhook } from './webhook';

/** What documents are compiled to. */
export type EngineId = 'webhook' | 'native' | 'kyverno' | 'policy-controller';

/** What is known of an engine, whatever it is set up with. */
export interface EngineProfile {
  /** Its construct and component. */
  readonly construct: string;
  /** What it makes. */
  readonly title: string;
  /** The versions that its objects are made for. */
  readonly target: string;
  /** The objects without which nothing of the rest enforces. */
  readonly keystone: { readonly group: string; readonly kind: string };
  readonly capabilities: Capabilities;
}

export const ENGINES: { readonly [engine in EngineId]: EngineProfile } = {
  webhook: {
    construct: 'WebhookVerifier',
    title: 'the bundled verifier behind admission webhooks',
    target: 'Kubernetes >= 1.30 (admissionregistration.k8s.io/v1)',
    keystone: { group: 'admissionregistration.k8s.io', kind: 'ValidatingWebhookConfiguration' },
    capabilities: webhook,
  },
  native: {
    construct: 'NativeEngine',
    title: 'ValidatingAdmissionPolicy, evaluated by the API server itself',
    target: 'Kubernetes >= 1.30 (admissionregistration.k8s.io/v1)',
    keystone: { group: 'admissionregistration.k8s.io', kind: 'ValidatingAdmissionPolicyBinding' },
    capabilities: native,
  },
  kyverno: {
    construct: 'KyvernoEngine',
    title: 'ImageValidatingPolicy, evaluated by Kyverno, over an admission policy of the API server',
    target: 'Kyverno >= 1.19.0 (policies.kyverno.io/v1)',
    keystone: { group: 'policies.kyverno.io', kind: 'ImageValidatingPolicy' },
    capabilities: kyverno,
  },
  'policy-controller': {
    construct: 'PolicyControllerEngine',
    title: 'ClusterImagePolicy, evaluated by the Sigstore policy-controller, over an admission policy of the API server',
    target: 'policy-controller >= 0.15.1 (policy.sigstore.dev/v1alpha1)',
    keystone: { group: 'policy.sigstore.dev', kind: 'ClusterImagePolicy' },
    capabilities: policyController,
  },
};

/** Whether the label of an object is one of an engine that is known. */
export function isEngine(label: unknown): label is EngineId {
  return typeof label === 'string' && Object.hasOwn(ENGINES, label);
}
