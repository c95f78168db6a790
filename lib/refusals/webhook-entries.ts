import { PART_OF, PART_OF_LABEL } from '../kubernetes/labels';
import { isPlainObject } from '../policy/canonical-json';
import { KubernetesObject, Subject } from './rule';

type Fields = { readonly [key: string]: unknown };

/** One entry of a webhook configuration of this project. */
export interface WebhookEntry {
  readonly object: KubernetesObject;
  readonly path: string;
  readonly fields: Fields;
  /** What it is for, by the path it calls. */
  readonly role: 'enforce' | 'audit' | 'pin' | 'unknown';
}

/** Every entry of the configurations that carry the project's label. */
export function ownEntries(subject: Subject): WebhookEntry[] {
  return configurations(subject).filter(isOwn).flatMap(entriesOf);
}

/** Every entry of every configuration. */
export function entriesOf(object: KubernetesObject): WebhookEntry[] {
  const webhooks = list(object.content.webhooks);
  return webhooks.filter(isPlainObject).map((fields, index) => ({ object, fields, path: `webhooks[${index}]`, role: roleOf(fields) }));
}

export function configurations({ objects }: Subject): KubernetesObject[] {
  return objects.filter(({ kind }) => kind === 'ValidatingWebhookConfiguration' || kind === 'MutatingWebhookConfiguration');
}

export function isOwn({ labels }: KubernetesObject): boolean {
  return labels[PART_OF_LABEL] === PART_OF;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function fieldsOf(value: unknown): Fields {
  return isPlainObject(value) ? value : {};
}

/** Namespace and name of the Service that an entry calls. */
export function serviceOf({ fields }: WebhookEntry): string {
  const { namespace, name } = fieldsOf(fieldsOf(fields.clientConfig).service);
  return `${String(namespace)}/${String(name)}`;
}

function roleOf(fields: Fields): WebhookEntry['role'] {
  const { path } = fieldsOf(fieldsOf(fields.clientConfig).service);
  return path === '/validate' ? 'enforce' : path === '/audit' ? 'audit' : path === '/mutate' ? 'pin' : 'unknown';
}
