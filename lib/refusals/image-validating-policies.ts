import { Fields, fieldsOf, list } from './fields';
import { isImageValidatingPolicy } from './kyverno-policies';
import { KubernetesObject, Observation, Subject } from './rule';

/** An ImageValidatingPolicy of Kyverno, of one namespace or of all, whoever wrote it. */
export interface ImageValidatingPolicy {
  readonly object: KubernetesObject;
  readonly spec: Fields;
  /** Expressions that decide about an image, and those that they are made of. */
  readonly cel: readonly string[];
}

export function imageValidatingPolicies({ objects }: Subject): ImageValidatingPolicy[] {
  return objects.filter(isImageValidatingPolicy).map((object) => {
    const spec = fieldsOf(object.content.spec);
    const cel = [...list(spec.validations), ...list(spec.variables)].flatMap((entry) => {
      const { expression } = fieldsOf(entry);
      return typeof expression === 'string' ? [expression] : [];
    });
    return { object, spec, cel };
  });
}

/** What speaks against policies, each found in one of them. */
export function inImageValidatingPolicies(subject: Subject, find: (policy: ImageValidatingPolicy) => ReadonlyArray<Omit<Observation, 'object'>>): Observation[] {
  return imageValidatingPolicies(subject).flatMap((policy) => find(policy).map((found) => ({ object: policy.object.id, ...found })));
}

/** Attestors with their place. */
export function attestorsOf({ spec }: ImageValidatingPolicy): Array<{ readonly path: string; readonly name: unknown; readonly cosign: Fields }> {
  return list(spec.attestors).map(fieldsOf).map(({ name, cosign }, index) => ({ path: `spec.attestors[${index}]`, name, cosign: fieldsOf(cosign) }));
}
