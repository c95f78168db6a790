import { AdmissionRule, workloadRules } from '../../kubernetes/admission-rules';
import { Rule } from '../rule';
import { fieldsOf, list, ownEntries } from '../webhook-entries';

export const rulesIncomplete: Rule = {
  code: 'RULES_INCOMPLETE',
  title: 'A workload kind or operation is not judged',
  why: 'Images reach a node through Pods, their ephemeral containers and eight kinds of templates, when they are created and when they are updated.',
  remedy: 'List every workload resource, with CREATE and UPDATE, as the synthesis renders it.',
  check: (subject) => ownEntries(subject).filter(({ role }) => role === 'enforce' || role === 'unknown').flatMap(({ object, path, fields }) => {
    const missing = workloadRules().flatMap((wanted) => missingOf(wanted, list(fields.rules).map(fieldsOf)));
    return missing.length === 0 ? [] : [{ object: object.id, path: `${path}.rules`, message: `Nobody judges ${missing.slice(0, 4).join(', ')}${missing.length > 4 ? ` and ${missing.length - 4} more` : ''}.` }];
  }),
};

type Fields = { readonly [key: string]: unknown };

function missingOf(wanted: AdmissionRule, rules: readonly Fields[]): string[] {
  return wanted.operations.flatMap((operation) => wanted.resources
    .filter((resource) => !rules.some((rule) => covers(rule, wanted, operation, resource)))
    .map((resource) => `${operation} of ${resource}`));
}

function covers(rule: Fields, wanted: AdmissionRule, operation: string, resource: string): boolean {
  const has = (field: string, value: string): boolean => list(rule[field]).some((item) => item === value || item === '*');
  const scope = rule.scope ?? '*';
  return has('operations', operation) && wanted.apiGroups.every((group) => has('apiGroups', group)) && wanted.apiVersions.every((version) => has('apiVersions', version))
    && (list(rule.resources).includes(resource) || list(rule.resources).includes('*/*')) && (scope === 'Namespaced' || scope === '*');
}
