import { Fields, fieldsOf, list } from './fields';
import { KubernetesObject, Subject } from './rule';
import { show } from './show';

/** One entry of a webhook configuration. */
export interface WebhookEntry {
  readonly object: KubernetesObject;
  readonly path: string;
  readonly fields: Fields;
  /** What it is for, by the path it calls and the kind of configuration it stands in. */
  readonly role: 'enforce' | 'audit' | 'pin' | 'unknown';
}

/** Every entry of the project's configurations. */
export function ownEntries(subject: Subject): WebhookEntry[] {
  return configurations(subject).filter(({ own }) => own).flatMap(entriesOf);
}

/** Every entry of a configuration. */
export function entriesOf(object: KubernetesObject): WebhookEntry[] {
  return list(object.content.webhooks).map(fieldsOf).map((fields, index) => ({ object, fields, path: `webhooks[${index}]`, role: roleOf(object, fields) }));
}

export function configurations({ objects }: Subject): KubernetesObject[] {
  return objects.filter(({ kind }) => kind === 'ValidatingWebhookConfiguration' || kind === 'MutatingWebhookConfiguration');
}

/** What an entry says of the Service that it calls. */
export function calledService({ clientConfig }: Fields): Fields {
  return fieldsOf(fieldsOf(clientConfig).service);
}

/** Namespace and name of the Service that an entry calls. */
export function serviceOf({ fields }: WebhookEntry): string {
  const { namespace, name } = calledService(fields);
  return `${show(namespace)}/${show(name)}`;
}

function roleOf({ kind }: KubernetesObject, fields: Fields): WebhookEntry['role'] {
  const { path } = calledService(fields);
  if (kind === 'MutatingWebhookConfiguration') {
    return path === '/mutate' ? 'pin' : 'unknown';
  }
  return path === '/validate' ? 'enforce' : path === '/audit' ? 'audit' : 'unknown';
}
