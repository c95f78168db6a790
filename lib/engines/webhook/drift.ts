import { canonicalJson, isPlainObject } from '../../policy/canonical-json';
import { PolicyDocument } from '../../policy/document';
import { pinningEntries, validatingEntries } from './webhooks';

/** The webhook configurations of a verifier, as the API server gives them back; absent where there is none. */
export interface FoundConfigurations {
  readonly ValidatingWebhookConfiguration?: unknown;
  readonly MutatingWebhookConfiguration?: unknown;
}

/**
 * What in a cluster's webhook configurations is not as these documents are rendered, one line for each difference; empty when all is.
 *
 * No admission control is asked when somebody changes a webhook configuration, so that only who knows what it has to say can tell. `caBundle`
 * belongs to who makes the certificate, and `timeoutSeconds` may be tuned.
 */
export function webhookDrift(documents: readonly PolicyDocument[], verifier: { readonly name: string; readonly namespace: string }, found: FoundConfigurations): string[] {
  const settings = { ...verifier, timeoutSeconds: 0 };
  const expected = [
    ['ValidatingWebhookConfiguration', validatingEntries(documents, settings)],
    ['MutatingWebhookConfiguration', pinningEntries(documents, settings)],
  ] as const;
  return expected.flatMap(([kind, webhooks]) => {
    const object = found[kind];
    return isPlainObject(object) ? entriesDrift(entriesOf({ webhooks }), entriesOf(object)) : [`${kind} ${verifier.name} is missing`];
  });
}

type Entry = { readonly [field: string]: unknown };

function entriesDrift(expected: readonly Entry[], found: readonly Entry[]): string[] {
  return [
    ...expected.flatMap((entry) => {
      const [first, ...others] = found.filter(({ name }) => name === entry['name']);
      return first === undefined ? [`${String(entry['name'])} is missing`] : [...fieldsDrift(entry, first), ...others.map(() => `${String(entry['name'])} is there twice`)];
    }),
    ...found.filter(({ name }) => !expected.some((entry) => entry['name'] === name)).map(({ name }) => `${String(name)} was not synthesized`),
  ];
}

function fieldsDrift(expected: Entry, found: Entry): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])].filter((field) => !TUNABLE.includes(field) && text(expected[field]) !== text(found[field]))
    .map((field) => `${String(expected['name'])}: ${field} is ${shortened(text(found[field]))}, expected ${shortened(text(expected[field]))}`);
}

const TUNABLE: readonly string[] = ['timeoutSeconds'];

/** With the defaults of admissionregistration.k8s.io/v1 written out. */
function entriesOf({ webhooks }: Entry): Entry[] {
  return (Array.isArray(webhooks) ? webhooks : []).filter(isPlainObject).map(({ clientConfig, rules, ...fields }) => {
    const { service, ...address } = isPlainObject(clientConfig) ? clientConfig : {};
    return {
      failurePolicy: 'Fail',
      matchConditions: [],
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      reinvocationPolicy: 'Never',
      ...fields,
      clientConfig: { ...address, caBundle: null, ...(isPlainObject(service) ? { service: { port: 443, ...service } } : {}) },
      rules: Array.isArray(rules) ? rules.map((rule: unknown) => (isPlainObject(rule) ? { scope: '*', ...rule } : rule)) : rules,
    };
  });
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : canonicalJson(value);
}

function shortened(value: string): string {
  return value.length > 200 ? `${value.slice(0, 200)}…` : value;
}
