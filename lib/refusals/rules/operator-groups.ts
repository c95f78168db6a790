import { readCelStrings } from '../../kubernetes/cel';
import { isCommonGroup } from '../../kubernetes/common-groups';
import { fieldsOf, list } from '../fields';
import { Rule } from '../rule';
import { show } from '../show';

export const operatorGroups: Rule = {
  code: 'OPERATOR_GROUPS',
  title: 'Everybody may change what runs in the verifier\'s namespace',
  why: 'Whoever is an operator may replace the verifier\'s Deployment; nobody was chosen to be in the groups that the API server puts everybody, every workload or every node into.',
  remedy: 'Name groups that hold the people who operate the cluster, each as a text; system:masters is the default.',
  check: ({ objects }) => objects.filter((object) => object.own && object.kind === 'ValidatingAdmissionPolicy').flatMap((object) => {
    const variables = list(fieldsOf(object.content.spec).variables);
    return variables.flatMap((variable, index) => {
      const { name, expression } = fieldsOf(variable);
      const wrong = name === 'operatorGroups' ? problemOf(expression) : undefined;
      return wrong === undefined ? [] : [{ object: object.id, path: `spec.variables[${index}].expression`, message: wrong }];
    });
  }),
};

function problemOf(expression: unknown): string | undefined {
  const groups = typeof expression === 'string' ? readCelStrings(expression) : undefined;
  if (groups === undefined) {
    return `The groups are ${show(expression)}, which is no list of texts.`;
  }
  const common = groups.filter(isCommonGroup);
  return common.length === 0 ? undefined : `It names ${common.join(', ')}.`;
}
