import { fieldsOf, list } from '../fields';
import { ImageValidatingPolicy, inImageValidatingPolicies } from '../image-validating-policies';
import { exemptions, Found, skippingConditions, unaskedPods } from '../requests';
import { Rule } from '../rule';

export const kyvernoUnasked: Rule = {
  code: 'KYVERNO_UNASKED',
  title: 'An ImageValidatingPolicy about which Kyverno is not asked, or not about every image',
  why: 'Without matchConstraints the policy is accepted and enforces nothing; without ephemeral containers, updates or image volumes there is a way to run an image that nobody looked at; what selects by labels of the object is chosen by whoever creates it, and by labels of the namespace by whoever may edit that.',
  remedy: 'List pods and pods/ephemeralcontainers with CREATE and UPDATE under spec.matchConstraints.resourceRules, without objectSelector or matchConditions; leave namespaces out by kubernetes.io/metadata.name; add an extractor under spec.images that reads spec.volumes.',
  check: (subject) => inImageValidatingPolicies(subject, gaps),
};

function gaps({ object, spec }: ImageValidatingPolicy): Found[] {
  const path = 'spec.matchConstraints';
  const constraints = fieldsOf(spec.matchConstraints);
  if (list(constraints.resourceRules).length === 0) {
    return [{ path, message: 'Without resourceRules it is accepted, and Kyverno is asked about nothing.' }];
  }
  const extractors = list(spec.images).map((extractor) => fieldsOf(extractor).expression).filter((expression) => typeof expression === 'string');
  return [
    ...unaskedPods(constraints.resourceRules).map((what) => ({ path: `${path}.resourceRules`, message: `Kyverno is not asked about ${what}.` })),
    ...extractors.some((expression) => /\bvolumes\b/.test(expression)) ? [] : [{ path: 'spec.images', message: 'Images of volumes (volumes[].image) are in none of the lists that Kyverno makes: they run unseen.' }],
    // What documents of ours leave out they say, and whatever else was changed is KYVERNO_ALTERED.
    ...object.own ? [] : [...exemptions({ fields: constraints, path, rules: 'resourceRules' }), ...skippingConditions(spec.matchConditions, 'spec.matchConditions')],
  ];
}
