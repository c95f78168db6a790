import { objectKey } from '../../kubernetes/object-key';
import { KubernetesObject, LocatedDocument, Rule } from '../rule';

export const duplicateObject: Rule = {
  code: 'DUPLICATE_OBJECT',
  title: 'Two objects have the same kind and name',
  why: 'The one that is applied last wins, so the one that was reviewed may not be the one that enforces; of two policies of one name, nobody can tell which is meant.',
  remedy: 'Remove or rename one of them.',
  check: ({ objects, documents }) => [
    ...repeated(objects.filter(({ content, name }) => typeof content.kind === 'string' && name !== ''), identity)
      .map(([{ id }]) => ({ object: id, path: 'metadata.name', message: 'Another object of this kind has the same name.' })),
    ...repeated(documents.filter(({ source }) => source.kind === 'ConfigMap'), documentIdentity)
      .map(([{ object, document }, first]) => ({ object, path: '', message: `Its ${document.kind} has the name of the one in ${first.object}.` })),
  ],
};

/** Everything but the first of each, with that one. */
function repeated<T>(items: readonly T[], identityOf: (item: T) => string): Array<readonly [item: T, first: T]> {
  const firsts = new Map<string, T>();
  return items.flatMap((item) => {
    const key = identityOf(item);
    const first = firsts.get(key);
    if (first !== undefined) {
      return [[item, first] as const];
    }
    firsts.set(key, item);
    return [];
  });
}

function identity({ apiVersion, content, namespace, name }: KubernetesObject): string {
  return objectKey({ apiVersion, kind: typeof content.kind === 'string' ? content.kind : '', metadata: { namespace, name } });
}

function documentIdentity({ document, source }: LocatedDocument): string {
  return [source.namespace, document.kind, document.metadata.name].join('|');
}
