import { CONFIGURATION, CONFIGURATION_DATA } from '../../kubernetes/policy-controller/guards';
import { ForeignImagePolicy, Found, inClusterImagePolicies } from '../cluster-image-policies';
import { fieldsOf } from '../fields';
import { KubernetesObject, Observation, Rule } from '../rule';
import { show } from '../show';

export const policyControllerPermissive: Rule = {
  code: 'POLICY_CONTROLLER_PERMISSIVE',
  title: 'A policy or configuration of policy-controller that lets everything run',
  why: 'With mode warn a violation is a warning; of several authorities one is enough, so that one that passes always makes the others mean nothing; without deny, an image that no policy matches runs, and with an empty list of authorities one that a policy matches.',
  remedy: 'Write spec.mode enforce, at least one authority with a key or an identity, and in the ConfigMap config-policy-controller no-match-policy: deny, fail-on-empty-authorities: "true", enable-oci11: "false".',
  check: (subject) => [...inClusterImagePolicies(subject, permissions), ...subject.objects.flatMap(configured)],
};

function permissions({ spec, authorities }: ForeignImagePolicy): Found {
  return [
    ...spec.mode === 'warn' ? [{ path: 'spec.mode', message: 'A violation is a warning, and the image runs.' }] : [],
    ...authorities.length === 0 ? [{ path: 'spec.authorities', message: 'Nobody is asked: it is refused, or, where fail-on-empty-authorities is false, its images run.' }] : [],
    ...authorities.filter(({ authority }) => fieldsOf(authority.static).action === 'pass').map(({ path }) => ({
      path: `${path}.static`, message: 'Whatever it matches runs, and what the other authorities of the policy ask for is never needed.',
    })),
  ];
}

function configured({ id, content: { kind, data }, name }: KubernetesObject): Observation[] {
  if (kind !== 'ConfigMap' || name !== CONFIGURATION) {
    return [];
  }
  const said = fieldsOf(data);
  return Object.entries(CONFIGURATION_DATA).filter(([key, value]) => said[key] !== undefined && said[key] !== value)
    .map(([key]) => ({ object: id, path: `data.${key}`, message: `${key} is ${show(said[key])}: ${EFFECTS[key as keyof typeof EFFECTS]}` }));
}

const EFFECTS: { readonly [key in keyof typeof CONFIGURATION_DATA]: string } = {
  'no-match-policy': 'an image that no policy matches runs.',
  'fail-on-empty-authorities': 'a policy without authorities is taken, and its images run.',
  'enable-oci11': 'attestations that are found as referrers count without a look at who signed them.',
};
