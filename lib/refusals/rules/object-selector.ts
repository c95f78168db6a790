import { fieldsOf, list } from '../fields';
import { Rule } from '../rule';
import { ownEntries } from '../webhook-entries';

export const objectSelector: Rule = {
  code: 'OBJECT_SELECTOR',
  title: 'Objects can leave a webhook by their labels',
  why: 'Whoever creates a Pod chooses its labels, so an objectSelector lets everybody decide whether they are judged.',
  remedy: 'Remove objectSelector; select by namespace name.',
  check: (subject) => ownEntries(subject)
    .filter(({ fields }) => {
      const { matchLabels, matchExpressions } = fieldsOf(fields.objectSelector);
      return Object.keys(fieldsOf(matchLabels)).length > 0 || list(matchExpressions).length > 0;
    })
    .map(({ object, path }) => ({ object: object.id, path: `${path}.objectSelector`, message: 'Labels of the object decide whether it is judged.' })),
};
