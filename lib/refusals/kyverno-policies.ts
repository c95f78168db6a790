import { Fields, fieldsOf, list } from './fields';
import { KubernetesObject } from './rule';

/** Kinds whose only subject are images; Kyverno has served them under several versions. */
const KINDS = ['ImageValidatingPolicy', 'NamespacedImageValidatingPolicy'];

/** Whether it is an ImageValidatingPolicy of Kyverno, of one namespace or of all. */
export function isImageValidatingPolicy({ apiVersion, content: { kind } }: KubernetesObject): boolean {
  return KINDS.some((known) => known === kind) && apiVersion.startsWith('policies.kyverno.io/');
}

/** A rule of a ClusterPolicy, or of a Policy of one namespace, that verifies images. */
export interface VerifyImagesRule {
  readonly path: string;
  readonly rule: Fields;
}

/** The rules of an object that verify images; none of any other. */
export function verifyImagesRules({ apiVersion, content: { kind, spec } }: KubernetesObject): VerifyImagesRule[] {
  const isPolicy = (kind === 'ClusterPolicy' || kind === 'Policy') && apiVersion.startsWith('kyverno.io/');
  return (isPolicy ? list(fieldsOf(spec).rules) : []).map(fieldsOf).map((rule, index) => ({ path: `spec.rules[${index}]`, rule })).filter(({ rule }) => list(rule.verifyImages).length > 0);
}

/** Whether it is a policy of Kyverno about images, of whatever kind. */
export function isKyvernoImagePolicy(object: KubernetesObject): boolean {
  return isImageValidatingPolicy(object) || verifyImagesRules(object).length > 0;
}

/** A place in a PolicyException that names a policy about images. */
export interface ImagePolicyException {
  readonly path: string;
  readonly policy: unknown;
}

/** The policies about images that an exception names, of `policies.kyverno.io` or of the older `kyverno.io`: by their kind, or because they are among the objects. */
export function imagePoliciesExcepted({ content }: KubernetesObject, objects: readonly KubernetesObject[]): ImagePolicyException[] {
  const { policyRefs, exceptions } = fieldsOf(content.kind === 'PolicyException' ? content.spec : undefined);
  const known = new Set<unknown>(objects.filter(isKyvernoImagePolicy).map(({ name }) => name));
  return [
    ...list(policyRefs).map(fieldsOf).filter(({ kind, name }) => KINDS.some((one) => one === kind) || known.has(name)).map(({ name }) => ({ path: 'spec.policyRefs', policy: name })),
    ...list(exceptions).map(fieldsOf).filter(({ policyName }) => known.has(policyName)).map(({ policyName }) => ({ path: 'spec.exceptions', policy: policyName })),
  ];
}
