import { RenderedObject } from '../kubernetes/rendered-object';
import { canonicalJson, isPlainObject } from '../policy/canonical-json';
import { notCalledFor } from './differences';
import { fieldsOf } from './fields';
import { KubernetesObject, Observation, Subject } from './rule';

/**
 * What of an object that documents call for is missing or different among the objects.
 *
 * @param source - what says that it has to be there
 */
export function againstRendered(wanted: RenderedObject, source: KubernetesObject, subject: Subject): Observation[] {
  const found = subject.objects.find((object) => isRendered(object, wanted));
  return found === undefined ? missing(source, wanted, subject) : differencesFrom(wanted, found);
}

function missing({ id }: KubernetesObject, { kind, name }: RenderedObject, { alone }: Subject): Observation[] {
  return alone ? [] : [{ object: id, path: '', message: `The ${kind} ${name} is missing.` }];
}

export function isRendered(found: KubernetesObject, { apiVersion, kind, name, namespace = '' }: RenderedObject): boolean {
  return found.kind === kind && found.apiVersion === apiVersion && found.name === name && found.namespace === namespace;
}

/** What of an object is not as it would be rendered: the first place in each of its fields. */
export function differencesFrom({ kind, content }: Pick<RenderedObject, 'kind' | 'content'>, object: KubernetesObject): Observation[] {
  return Object.entries(content).flatMap(([part, value]) => {
    const [found, wanted] = [fieldsOf(object.content[part]), fieldsOf(value)];
    // Whoever runs it may say more about logging; the API server writes empty selectors into admission policies.
    const fields = kind === 'ConfigMap' ? Object.keys(wanted) : [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
    const read = kind.startsWith('ValidatingAdmissionPolicy') ? withoutEmpty : same;
    return fields.filter((field) => canonicalJson(read(found[field] ?? null)) !== canonicalJson(read(wanted[field] ?? null)))
      .map((field) => notCalledFor(object.id, `${part}.${field}`, read(found[field]), read(wanted[field])));
  });
}

function same(value: unknown): unknown {
  return value;
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutEmpty);
  }
  if (!isPlainObject(value)) {
    return value;
  }
  const members = Object.entries(value).map(([name, inner]) => [name, withoutEmpty(inner)] as const);
  return Object.fromEntries(members.filter(([, inner]) => !isPlainObject(inner) || Object.keys(inner).length > 0));
}
