import { inClusterImagePolicies, modulesOf } from '../cluster-image-policies';
import { Rule } from '../rule';

export const policyControllerUnverified: Rule = {
  code: 'POLICY_CONTROLLER_UNVERIFIED',
  title: 'A ClusterImagePolicy with conditions in CUE',
  why: 'CUE unifies: a field that the attestation lacks is filled in from the condition, and the attestation passes.',
  remedy: 'Write the condition in Rego, where what is missing is undefined and refused, with default isCompliant = false.',
  check: (subject) => inClusterImagePolicies(subject, (policy) => modulesOf(policy).filter(({ module }) => module.type === 'cue')
    .map(({ path }) => ({ path: `${path}.type`, message: 'An attestation that lacks what is compared passes.' }))),
};
