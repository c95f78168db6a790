import { apiVersionOf } from '../kubernetes/api-versions';
import { isPlainObject } from '../policy/canonical-json';
import { KubernetesObject } from './rule';

/** No Kubernetes object is deeper; what is could end a judgement in the middle. */
const DEEPEST = 100;

/** Any object, before it is known whose it is. */
export type ReadObject = Omit<KubernetesObject, 'own'>;

/** Reads anything as an object; `undefined` for what JSON cannot hold, which can be judged in no way. */
export function readObject(value: unknown): ReadObject | undefined {
  const json = plainJson(value);
  if (json === undefined) {
    return undefined;
  }
  const content = isPlainObject(json) ? json : {};
  const metadata = isPlainObject(content.metadata) ? content.metadata : {};
  const [apiVersion, kind, name, namespace] = [text(content.apiVersion), text(content.kind), text(metadata.name), text(metadata.namespace)];
  return {
    apiVersion,
    kind: (apiVersionOf(kind) ?? apiVersion) === apiVersion ? kind : `${kind}.${apiVersion}`,
    name,
    namespace,
    content,
    labels: isPlainObject(metadata.labels) ? metadata.labels : {},
    annotations: isPlainObject(metadata.annotations) ? metadata.annotations : {},
    id: idOf(kind, namespace, name),
  };
}

/** How findings name an object, whatever it is. */
export function objectId(value: unknown): string {
  return readObject(value)?.id ?? idOf('', '', '');
}

function idOf(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** The value as it would be written: data of its own, which no getter and no method can answer for. */
function plainJson(value: unknown): unknown {
  try {
    const json = JSON.parse(JSON.stringify(value)) as unknown;
    return isShallow(json, DEEPEST) ? json : undefined;
  } catch {
    // Cyclic, far too deep, a function, or nothing at all.
    return undefined;
  }
}

function isShallow(value: unknown, depth: number): boolean {
  return typeof value !== 'object' || value === null || (depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1)));
}

function text(field: unknown): string {
  return typeof field === 'string' ? field : '';
}
