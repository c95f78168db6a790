import { codeOf } from '../cel-text';
import { fieldsOf, list } from '../fields';
import { ImageAdmissionPolicy, imageAdmissionPolicies } from '../image-admission';
import { exemptions, Found, skippingConditions, unaskedPods } from '../requests';
import { Rule } from '../rule';

export const imageVapUnasked: Rule = {
  code: 'IMAGE_VAP_UNASKED',
  title: 'A ValidatingAdmissionPolicy about images that is not evaluated for all of them',
  why: 'What matchConstraints, matchConditions and the binding do not select is admitted without a look. Images also reach a node by an update of a Pod and by an ephemeral container, and whoever writes the labels that are selected by decides whether the policy is evaluated.',
  remedy: 'List pods with CREATE and UPDATE and pods/ephemeralcontainers with UPDATE; leave namespaces out by kubernetes.io/metadata.name alone; no objectSelector, no matchConditions, matchPolicy Equivalent.',
  lintOnly: true,
  check: (subject) => imageAdmissionPolicies(subject).flatMap((policy) => {
    const { object, spec, bindings } = policy;
    const constraints = fieldsOf(spec.matchConstraints);
    const missing = unaskedPods(constraints.resourceRules);
    const isBoundEverywhere = bindings.some((binding) => list(binding.spec.validationActions).includes('Deny') && binding.spec.matchResources === undefined);
    return [
      ...missing.length === 0 ? [] : [{ object: object.id, path: 'spec.matchConstraints.resourceRules', message: `It is not evaluated for ${missing.join(', nor for ')}.` }],
      ...exemptions({ fields: constraints, path: 'spec.matchConstraints', rules: 'resourceRules' }).map((found) => ({ object: object.id, ...found })),
      ...skippingConditions(spec.matchConditions, 'spec.matchConditions').map((found) => ({ object: object.id, ...found })),
      ...chosenBelow(policy).map((found) => ({ object: object.id, ...found })),
      ...(isBoundEverywhere ? [] : bindings).flatMap((binding) => (
        exemptions({ fields: fieldsOf(binding.spec.matchResources), path: 'spec.matchResources', rules: 'resourceRules' }).map((found) => ({ object: binding.object.id, ...found }))
      )),
    ];
  }),
};

/** What expressions look at beside images, and who chooses it. */
const CHOSEN: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bobject\.\??metadata\.\??(?:labels|annotations|name)\b/, 'whoever creates the object chooses it'],
  [/\bnamespaceObject\.\??metadata\.\??(?:labels|annotations)\b/, 'whoever may edit the namespace chooses it'],
  [/\brequest\.\??userInfo\b/, 'who asks takes the place of what is asked for'],
];

function chosenBelow({ expressions }: ImageAdmissionPolicy): Found[] {
  return expressions.flatMap(({ path, text }) => CHOSEN.filter(([field]) => field.test(codeOf(text))).map(([field, why]) => (
    { path, message: `It depends on ${field.exec(codeOf(text))?.[0].replaceAll('?', '') ?? ''}: ${why}.` }
  )));
}
