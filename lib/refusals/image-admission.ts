import { codeOf, selectsField } from './cel-text';
import { Fields, fieldsOf, list } from './fields';
import { asksWorkloads } from './requests';
import { KubernetesObject, Subject } from './rule';
import { entriesOf, serviceOf, WebhookEntry } from './webhook-entries';

/** A ValidatingAdmissionPolicy that somebody else wrote and that looks at images, with what binds it. */
export interface ImageAdmissionPolicy {
  readonly object: KubernetesObject;
  readonly spec: Fields;
  readonly bindings: ReadonlyArray<{ readonly object: KubernetesObject; readonly spec: Fields }>;
  /** Expressions of its variables and validations, each with its place. */
  readonly expressions: ReadonlyArray<{ readonly path: string; readonly text: string }>;
}

/** Policies of others that look at images of workloads, in any version of the API: by what they select in CEL, since nothing else says what they are about. */
export function imageAdmissionPolicies({ objects }: Pick<Subject, 'objects'>): ImageAdmissionPolicy[] {
  return objects.filter((object) => isForeign(object, 'ValidatingAdmissionPolicy')).flatMap((object) => {
    const spec = fieldsOf(object.content.spec);
    const expressions = (['variables', 'validations'] as const).flatMap((field) => list(spec[field]).map(fieldsOf).flatMap(({ expression }, index) => (
      typeof expression === 'string' ? [{ path: `spec.${field}[${index}].expression`, text: expression }] : []
    )));
    const looksAtImages = expressions.some(({ text }) => selectsField(codeOf(text), 'image')) && asksWorkloads(fieldsOf(spec.matchConstraints).resourceRules);
    const bindings = objects.filter((other) => isForeign(other, 'ValidatingAdmissionPolicyBinding') && fieldsOf(other.content.spec).policyName === object.name)
      .map((binding) => ({ object: binding, spec: fieldsOf(binding.content.spec) }));
    return looksAtImages ? [{ object, spec, bindings, expressions }] : [];
  });
}

/** What calls itself after images or after one of the products that judge them. */
const NAMED = /image(?!-?pull)|cosign|sigstore|signature|connaisseur|portieris|ratify|notary|notation|ivpol|registr/i;

/** Of what changes objects only what refuses as well: others rewrite images, and are no enforcement. */
const REFUSING = /cosign|sigstore|signature|connaisseur|portieris|ratify|notary|notation/i;

/**
 * Entries of others that by their names judge images: nothing else of a configuration says what its webhook does.
 *
 * A mutating one only where no validating one calls the same Service, which would have the last word.
 */
export function imageWebhookEntries({ objects }: Subject): WebhookEntry[] {
  const named = objects.flatMap(namedEntries);
  const judged = new Set(named.filter(({ object: { content } }) => content.kind === 'ValidatingWebhookConfiguration').map(serviceOf));
  return named.filter((entry) => entry.object.content.kind === 'ValidatingWebhookConfiguration' || !judged.has(serviceOf(entry)));
}

/** Whether an admission object of somebody else looks as if it were about images. */
export function isAboutImages(object: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
  return namedEntries(object).length > 0
    || imageAdmissionPolicies({ objects }).some((policy) => [policy, ...policy.bindings].some((one) => one.object === object));
}

function namedEntries(object: KubernetesObject): WebhookEntry[] {
  const words = isForeign(object, 'ValidatingWebhookConfiguration') ? NAMED : isForeign(object, 'MutatingWebhookConfiguration') ? REFUSING : undefined;
  return words === undefined ? [] : entriesOf(object).filter((entry) => isNamed(entry, words));
}

function isForeign({ own, content: { kind }, apiVersion }: KubernetesObject, wanted: string): boolean {
  return !own && kind === wanted && apiVersion.startsWith('admissionregistration.k8s.io/');
}

/** Of entries without rules those count that the product fills in when it runs; what is about its own policies is about no images. */
function isNamed({ object, fields }: WebhookEntry, words: RegExp): boolean {
  const { url, service } = fieldsOf(fields.clientConfig);
  const { name, namespace, path } = fieldsOf(service);
  const names = [object.name, fields.name, name, namespace, path, url].filter((text) => typeof text === 'string');
  const isUnruled = list(fields.rules).length === 0 && !names.some((text) => /policy\w*\.sigstore\.dev$/.test(text) && text !== 'policy.sigstore.dev');
  return names.some((text) => words.test(text)) && (isUnruled || asksWorkloads(fields.rules));
}
