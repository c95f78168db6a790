import { Fields, fieldsOf, list } from '../fields';
import { Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { verifiers } from '../verifiers';
import { calledService, configurations, entriesOf, ownEntries, WebhookEntry } from '../webhook-entries';

/** As the API server validates them, which says so only when they are applied. */
export const webhookEntry: Rule = {
  code: 'WEBHOOK_ENTRY',
  title: 'Kubernetes would reject a webhook entry, or the verifier its questions',
  why: 'The API server rejects the whole configuration for one such entry, after the other objects were applied: nothing is enforced. A review of another version the verifier does not answer.',
  remedy: 'Keep the entries as the synthesis renders them: admissionReviewVersions [v1], names once, wildcards alone, the operations of Kubernetes. The configuration is called as the verifier is.',
  check: (subject) => {
    const entries = ownEntries(subject);
    const wrong = entries.flatMap((entry, index) => [...wrongFields(entry), ...isRepeated(entry, entries.slice(0, index)) ? [['name', `Another entry is called ${show(entry.fields.name)}.`] as const] : []]
      .map(([field, message]) => ({ object: entry.object.id, path: `${entry.path}.${field}`, message })));
    return [...wrongNames(subject), ...wrong];
  },
};

/** The verifier that is called writes the authority of its certificate into the configurations of its own name, and sees no drift in others. */
function wrongNames(subject: Subject): Observation[] {
  const deployed = verifiers(subject);
  return configurations(subject).filter(({ own }) => own).flatMap((object) => {
    const called = new Set(entriesOf(object).map(({ fields }) => calledService(fields).namespace));
    const names = deployed.filter(({ object: { namespace } }) => called.has(namespace)).map((verifier) => verifier.object.name);
    return names.length === 0 || names.includes(object.name) ? [] : [
      { object: object.id, path: 'metadata.name', message: `It is ${show(object.name)}; the verifier that it calls looks after the one that is called ${names.map(show).join(' or ')}.` },
    ];
  });
}

type Wrong = readonly [field: string, message: string];

function isRepeated({ object, fields }: WebhookEntry, earlier: readonly WebhookEntry[]): boolean {
  return earlier.some((other) => other.object === object && other.fields.name === fields.name);
}

function wrongFields({ fields }: WebhookEntry): Wrong[] {
  const { admissionReviewVersions, rules } = fields;
  const { port = 443 } = calledService(fields);
  return [
    ...(list(admissionReviewVersions).includes('v1') && isTexts(admissionReviewVersions) ? [] : [['admissionReviewVersions', `It is ${show(admissionReviewVersions)}.`] as const]),
    ...(typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? [] : [['clientConfig.service.port', `It is ${show(port)}.`] as const]),
    ...list(rules).map(fieldsOf).flatMap((rule, index) => wrongParts(rule).map((part): Wrong => [`rules[${index}].${part}`, `It is ${show(rule[part])}.`])),
  ];
}

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];

function wrongParts({ apiGroups, apiVersions, operations, resources, scope = '*' }: Fields): string[] {
  const isSound: { readonly [part: string]: boolean } = {
    apiGroups: isTexts(apiGroups) && isAlone(apiGroups),
    apiVersions: isTexts(apiVersions) && isAlone(apiVersions),
    operations: isTexts(operations) && isAlone(operations) && operations.every((operation) => OPERATIONS.includes(operation)),
    resources: isTexts(resources) && !resources.some((resource, index) => resources.some((other, at) => at !== index && covers(resource, other))),
    scope: SCOPES.includes(scope as string),
  };
  return Object.keys(isSound).filter((part) => isSound[part] !== true);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function isAlone(values: readonly string[]): boolean {
  return values.length === 1 || !values.includes('*');
}

/** Whether a resource with a wildcard makes another one superfluous, which is not allowed. */
function covers(wild: string, other: string): boolean {
  const [[resource, subresource], [otherResource, otherSubresource]] = [wild.split('/'), other.split('/')];
  if (subresource === undefined || otherSubresource === undefined) {
    return wild === '*/*' || (wild === '*' && otherSubresource === undefined);
  }
  return (subresource === '*' && (resource === '*' || resource === otherResource)) || (resource === '*' && subresource === otherSubresource);
}
