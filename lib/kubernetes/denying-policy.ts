import type { NativeBinding } from './native-policy';
import { RenderedObject } from './rendered-object';

const apiVersion = 'admissionregistration.k8s.io/v1';

/** A ValidatingAdmissionPolicy, and a binding for each scope by which it denies; one for everything that it matches, of its own name, unless some are given. */
export function denyingPolicy(name: string, spec: object, bindings?: readonly NativeBinding[]): RenderedObject[] {
  const binding = (suffix: string, more: object): RenderedObject => (
    { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', name: `${name}${suffix}`, content: { spec: { policyName: name, validationActions: ['Deny'], ...more } } }
  );
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', name, content: { spec } },
    ...bindings?.map(({ scope, matchResources }) => binding(`-${scope}`, { matchResources })) ?? [binding('', {})],
  ];
}
