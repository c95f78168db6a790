import { NAMESPACE_NAME_LABEL } from '../kubernetes/labels';
import { WORKLOADS } from '../kubernetes/workloads';
import { codeOf } from './cel-text';
import { Fields, fieldsOf, list, texts } from './fields';
import { Observation } from './rule';
import { show } from './show';

/** What is found in one object. */
export type Found = Omit<Observation, 'object'>;

/** The parts by which webhook entries, admission policies and their bindings select requests. */
export interface Selection {
  readonly fields: Fields;
  readonly path: string;
  /** `rules` of a webhook entry, `resourceRules` elsewhere. */
  readonly rules: 'rules' | 'resourceRules';
}

/** Ways past a selection of requests that somebody can take who may create or label what is selected. */
export function exemptions({ fields, path, rules }: Selection): Found[] {
  const { namespaceSelector, objectSelector, excludeResourceRules, matchPolicy = 'Equivalent' } = fields;
  const at = (field: string): string => `${path}.${field}`;
  return [
    ...labelsOf(namespaceSelector).filter(({ key }) => key !== NAMESPACE_NAME_LABEL).map(({ key, path: field }) => ({
      path: at(`namespaceSelector.${field}`), message: `Whoever may label a namespace decides with ${show(key)} whether its images are judged.`,
    })),
    ...labelsOf(objectSelector).length > 0 ? [{ path: at('objectSelector'), message: 'Whoever creates an object chooses its labels, and with them whether its images are judged.' }] : [],
    ...list(excludeResourceRules).length > 0 ? [{ path: at('excludeResourceRules'), message: 'What they name is not judged.' }] : [],
    ...matchPolicy === 'Equivalent' ? [] : [{ path: at('matchPolicy'), message: `It is ${show(matchPolicy)}: the same object written under another group or version is not judged.` }],
    ...list(fields[rules]).map(fieldsOf).flatMap(({ resourceNames }, index) => (list(resourceNames).length === 0 ? [] : [{
      path: at(`${rules}[${index}].resourceNames`), message: 'Only objects of these names are judged, and whoever creates one chooses its name.',
    }])),
  ];
}

/** Conditions that leave requests out, but for those that only look at which resource it is about and name none that holds images. */
export function skippingConditions(conditions: unknown, path: string): Found[] {
  return list(conditions).map(fieldsOf).flatMap(({ name, expression }, index) => {
    const text = typeof expression === 'string' ? expression : '';
    const code = codeOf(text);
    const isOfOthers = text !== '' && !/\b(?:object|oldObject|namespaceObject|authorizer|params|variables)\b|\brequest\.(?!resource\b|kind\b)/.test(code)
      && !WORKLOADS.some(({ resource, kind }) => new RegExp(`\\b(?:${resource}|${kind})\\b`).test(text));
    return isOfOthers ? [] : [{
      path: `${path}[${index}]`,
      message: `${show(name)} leaves out requests for which it is false${/\buserInfo\b/.test(code) ? ': who asks takes the place of what is asked for' : ''}.`,
    }];
  });
}

/** A resource of Pods, and when it holds images that were not judged before. */
const ASKED: ReadonlyArray<readonly [resource: string, operations: readonly string[], what: string]> = [
  ['pods', ['CREATE', 'UPDATE'], 'every Pod, created or updated'],
  ['pods/ephemeralcontainers', ['UPDATE'], 'every ephemeral container that is added to a running Pod'],
];

/** What of Pods rules do not ask about; templates come to Pods in the end. */
export function unaskedPods(rules: unknown): string[] {
  const isAsked = (resource: string, operation: string): boolean => list(rules).map(fieldsOf).some((rule) => asks(rule, resource, operation));
  return ASKED.filter(([resource, operations]) => !operations.every((operation) => isAsked(resource, operation))).map(([, , what]) => what);
}

/** Whether rules ask about anything that holds images. */
export function asksWorkloads(rules: unknown): boolean {
  const wanted = [...WORKLOADS, { group: '', resource: 'pods/ephemeralcontainers' }];
  return list(rules).map(fieldsOf).some(({ apiGroups, resources }) => (
    wanted.some(({ group, resource }) => has(apiGroups, group) && texts(resources).some((pattern) => isResource(pattern, resource)))
  ));
}

function asks(rule: Fields, resource: string, operation: string): boolean {
  const { scope = '*' } = rule;
  return has(rule.apiGroups, '') && has(rule.apiVersions, 'v1') && has(rule.operations, operation) && scope !== 'Cluster'
    && texts(rule.resources).some((pattern) => isResource(pattern, resource));
}

function has(values: unknown, value: string): boolean {
  return texts(values).some((item) => item === value || item === '*');
}

/** As the API server's rule matcher does: `*` after the slash includes the resource itself, none after it means no subresource. */
export function isResource(pattern: string, wanted: string): boolean {
  const [resource, subresource = ''] = pattern.split('/');
  const [wantedResource, wantedSubresource = ''] = wanted.split('/');
  return (resource === '*' || resource === wantedResource) && (subresource === '*' || subresource === wantedSubresource);
}

/** Labels that a selector looks at, with their place in it. */
function labelsOf(selector: unknown): Array<{ readonly key: unknown; readonly path: string }> {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  return [
    ...Object.keys(fieldsOf(matchLabels)).map((key) => ({ key, path: 'matchLabels' })),
    ...list(matchExpressions).map(fieldsOf).map(({ key }, index) => ({ key, path: `matchExpressions[${index}]` })),
  ];
}
