import { apiVersionOf } from '../kubernetes/api-versions';
import { isPlainObject } from '../policy/canonical-json';
import { KubernetesObject } from './rule';

/** No Kubernetes object is deeper; what is could end a judgement in the middle. */
const DEEPEST = 100;

/** Any object, before it is known whose it is. */
export type ReadObject = Omit<KubernetesObject, 'own'>;

/** Reads anything as an object; `undefined` for what JSON cannot hold, which can be judged in no way. */
export function readObject(value: unknown): ReadObject | undefined {
  return readJson(jsonText(value));
}

/** A value as it would be written; `undefined` for what JSON cannot hold: cyclic, far too deep, a function, or nothing at all. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Reads the JSON text of an object: data of its own, which no getter and no method can answer for. */
export function readJson(text: string | undefined): ReadObject | undefined {
  const json = text === undefined ? undefined : JSON.parse(text) as unknown;
  if (json === undefined || !isShallow(json, DEEPEST)) {
    return undefined;
  }
  const content = isPlainObject(json) ? json : {};
  const metadata = isPlainObject(content.metadata) ? content.metadata : {};
  const [apiVersion, kind, name, namespace] = [textOf(content.apiVersion), textOf(content.kind), textOf(metadata.name), textOf(metadata.namespace)];
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

function isShallow(value: unknown, depth: number): boolean {
  return typeof value !== 'object' || value === null || (depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1)));
}

function textOf(field: unknown): string {
  return typeof field === 'string' ? field : '';
}
