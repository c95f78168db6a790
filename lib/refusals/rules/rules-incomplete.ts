import { AdmissionRule, workloadRules } from '../../kubernetes/admission-rules';
import { canonicalJson } from '../../policy/canonical-json';
import { Fields, fieldsOf, list, texts } from '../fields';
import { isResource } from '../requests';
import { Rule } from '../rule';
import { ownEntries, WebhookEntry } from '../webhook-entries';

export const rulesIncomplete: Rule = {
  code: 'RULES_INCOMPLETE',
  title: 'A workload kind or operation is not judged',
  why: 'Images reach a node through Pods, their ephemeral containers and eight kinds of templates, when they are created and when they are updated.',
  remedy: 'List every workload resource, with CREATE and UPDATE, as the synthesis renders it.',
  check: (subject) => bySelector(ownEntries(subject).filter(({ role }) => role === 'enforce' || role === 'unknown')).flatMap((entries) => {
    const [{ object, path }] = entries;
    const missing = workloadRules().flatMap((wanted) => missingOf(wanted, entries.flatMap(({ fields }) => list(fields.rules).map(fieldsOf))));
    return missing.length === 0 ? [] : [{ object: object.id, path: `${path}.rules`, message: `Nobody judges ${missing.slice(0, 4).join(', ')}${missing.length > 4 ? ` and ${missing.length - 4} more` : ''}.` }];
  }),
};

/** Entries that are called for the same namespaces can share the rules between them. */
function bySelector(entries: readonly WebhookEntry[]): Array<[WebhookEntry, ...WebhookEntry[]]> {
  const groups = new Map<string, [WebhookEntry, ...WebhookEntry[]]>();
  for (const entry of entries) {
    const key = canonicalJson([entry.role, entry.object.kind, fieldsOf(entry.fields.namespaceSelector)]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [entry]);
    } else {
      group.push(entry);
    }
  }
  return [...groups.values()];
}

function missingOf(wanted: AdmissionRule, rules: readonly Fields[]): string[] {
  return wanted.operations.flatMap((operation) => wanted.resources
    .filter((resource) => !rules.some((rule) => covers(rule, wanted, operation, resource)))
    .map((resource) => `${operation} of ${resource}`));
}

function covers(rule: Fields, wanted: AdmissionRule, operation: string, resource: string): boolean {
  const has = (field: string, value: string): boolean => texts(rule[field]).some((item) => item === value || item === '*');
  const scope = rule.scope ?? '*';
  return has('operations', operation) && wanted.apiGroups.every((group) => has('apiGroups', group)) && wanted.apiVersions.every((version) => has('apiVersions', version))
    && texts(rule.resources).some((pattern) => isResource(pattern, resource)) && (scope === 'Namespaced' || scope === '*');
}
