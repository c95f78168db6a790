import { fieldsOf, list, texts } from '../fields';
import { ImageValidatingPolicy, inImageValidatingPolicies } from '../image-validating-policies';
import { Observation, Rule } from '../rule';

export const kyvernoUnasked: Rule = {
  code: 'KYVERNO_UNASKED',
  title: 'An ImageValidatingPolicy about which Kyverno is not asked, or not about every image',
  why: 'Without matchConstraints the policy is accepted and enforces nothing; without ephemeral containers, updates or image volumes there is a way to run an image that nobody looked at; what selects by labels of the object is chosen by whoever creates it.',
  remedy: 'List pods and pods/ephemeralcontainers with CREATE and UPDATE under spec.matchConstraints.resourceRules, without objectSelector; add an extractor under spec.images that reads spec.volumes.',
  check: (subject) => inImageValidatingPolicies(subject, gaps),
};

function gaps({ spec }: ImageValidatingPolicy): Array<Omit<Observation, 'object'>> {
  const constraints = fieldsOf(spec.matchConstraints);
  const rules = list(constraints.resourceRules).map(fieldsOf);
  const path = 'spec.matchConstraints';
  if (rules.length === 0) {
    return [{ path, message: 'Without resourceRules it is accepted, and Kyverno is asked about nothing.' }];
  }
  const missing = ['pods', 'pods/ephemeralcontainers'].filter((resource) => !['CREATE', 'UPDATE'].every((operation) => (
    (resource !== 'pods' && operation === 'CREATE') || rules.some((rule) => asks(texts(rule.resources), resource) && (texts(rule.operations).includes(operation) || texts(rule.operations).includes('*')))
  )));
  const extractors = list(spec.images).map((extractor) => fieldsOf(extractor).expression).filter((expression) => typeof expression === 'string');
  return [
    ...missing.map((resource) => ({ path: `${path}.resourceRules`, message: `Kyverno is not asked about every ${resource === 'pods' ? 'Pod, created or updated' : 'ephemeral container that is added to a running Pod'}.` })),
    ...list(constraints.excludeResourceRules).length > 0 ? [{ path: `${path}.excludeResourceRules`, message: 'Requests are exempted.' }] : [],
    ...Object.keys(fieldsOf(constraints.objectSelector)).length > 0 ? [{ path: `${path}.objectSelector`, message: 'Whoever creates a Pod chooses its labels, and with them whether Kyverno is asked.' }] : [],
    ...extractors.some((expression) => /\bvolumes\b/.test(expression)) ? [] : [{ path: 'spec.images', message: 'Images of volumes (volumes[].image) are in none of the lists that Kyverno makes: they run unseen.' }],
  ];
}

function asks(resources: readonly string[], resource: string): boolean {
  return resources.some((pattern) => pattern === resource || pattern === '*/*' || (pattern === '*' && !resource.includes('/')) || (pattern === 'pods/*' && resource.startsWith('pods/')));
}
