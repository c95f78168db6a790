import { fieldsOf, list } from '../fields';
import { ImageValidatingPolicy, inImageValidatingPolicies } from '../image-validating-policies';
import { Observation, Rule } from '../rule';
import { show } from '../show';

export const kyvernoPermissive: Rule = {
  code: 'KYVERNO_PERMISSIVE',
  title: 'An ImageValidatingPolicy that refuses nothing',
  why: 'With Ignore, images run whenever Kyverno cannot be asked or cannot evaluate; without Deny, a violation is a line in a report; without what it validates by default, a tag is enough, or an image that nothing looked at.',
  remedy: 'Write spec.failurePolicy Fail, spec.validationActions [Deny], leave spec.validationConfigurations out or all true, and put no failurePolicy below spec.webhookConfiguration, where it is dropped.',
  check: (subject) => inImageValidatingPolicies(subject, permissions),
};

function permissions({ spec }: ImageValidatingPolicy): Array<Omit<Observation, 'object'>> {
  const actions = list(spec.validationActions);
  const configured = Object.entries(fieldsOf(spec.validationConfigurations)).filter(([, value]) => value === false);
  const webhook = fieldsOf(spec.webhookConfiguration);
  const admission = fieldsOf(fieldsOf(spec.evaluation).admission);
  return [
    ...(spec.failurePolicy ?? 'Fail') === 'Fail' ? [] : [{ path: 'spec.failurePolicy', message: `failurePolicy is ${show(spec.failurePolicy)}: when Kyverno does not answer, the image runs.` }],
    ...spec.validationActions === undefined || (actions.length > 0 && actions.every((action) => action === 'Deny')) ? [] : [{
      path: 'spec.validationActions', message: `validationActions is ${show(spec.validationActions)}: a violation is ${actions.includes('Deny') ? 'refused, and otherwise only noted' : 'noted, and the image runs'}.`,
    }],
    ...configured.map(([name]) => ({ path: `spec.validationConfigurations.${name}`, message: EFFECTS[name] ?? 'It is switched off.' })),
    ...Object.hasOwn(webhook, 'failurePolicy') ? [{ path: 'spec.webhookConfiguration.failurePolicy', message: 'It is no field of this kind: the API server drops it, or refuses the policy; only spec.failurePolicy counts.' }] : [],
    ...admission.enabled === false ? [{ path: 'spec.evaluation.admission.enabled', message: 'It is not evaluated when a Pod is created.' }] : [],
  ];
}

const EFFECTS: { readonly [configuration: string]: string } = {
  mutateDigest: 'Tags are not pinned: what was verified can be another image than the one that runs.',
  verifyDigest: 'An image may be named by a tag: what was verified can be another image than the one that runs.',
  required: 'An image that no expression looked at runs.',
};
