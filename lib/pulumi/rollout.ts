import { Manifest } from '../engines/manifest';

/**
 * When an object is created and, in reverse, deleted: each step waits for the ones before.
 *
 * The Service is in the step of the Deployment: it is waited for until Pods answer behind it. What asks the verifier comes when it answers and
 * goes before it does: nothing is refused for want of an answer, and nothing is left open that was closed.
 */
const STEPS: { readonly [kind: string]: number } = {
  Namespace: 0,
  ValidatingAdmissionPolicy: 1,
  ValidatingAdmissionPolicyBinding: 1,
  Service: 3,
  Deployment: 3,
  MutatingWebhookConfiguration: 4,
  ValidatingWebhookConfiguration: 4,
};

/** Everything else. */
const DEFAULT_STEP = 2;

/** The manifests of each step, in their order. */
export function rollout(manifests: readonly Manifest[]): readonly Manifest[][] {
  const steps: Manifest[][] = Array.from({ length: 5 }, () => []);
  for (const manifest of manifests) {
    steps[STEPS[manifest.kind] ?? DEFAULT_STEP]?.push(manifest);
  }
  return steps;
}
