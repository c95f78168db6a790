import { Rule } from '../rule';

export const duplicateObject: Rule = {
  code: 'DUPLICATE_OBJECT',
  title: 'Two objects have the same kind and name',
  why: 'The one that is applied last wins, so the one that was reviewed may not be the one that enforces.',
  remedy: 'Remove or rename one of them.',
  check: ({ objects }) => {
    const seen = new Set<string>();
    return objects.filter(({ kind, name, id }) => {
      const repeated = kind !== '' && name !== '' && seen.has(id);
      seen.add(id);
      return repeated;
    }).map(({ id }) => ({ object: id, path: 'metadata.name', message: 'Another object of this kind has the same name.' }));
  },
};
