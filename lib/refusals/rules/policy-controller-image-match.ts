import { ForeignImagePolicy, Found, inClusterImagePolicies } from '../cluster-image-policies';
import { fieldsOf, list } from '../fields';
import { Rule } from '../rule';
import { show } from '../show';

export const policyControllerImageMatch: Rule = {
  code: 'POLICY_CONTROLLER_IMAGE_MATCH',
  title: 'A ClusterImagePolicy that is about other images than it looks',
  why: 'A glob is compared with registry/repository@sha256:…, from which the tag is dropped and in which Docker Hub is index.docker.io: one that names a tag or no digest matches nothing. "ghcr.io/acme*" is met by ghcr.io/acme-evil. With match, what another kind or label brings is not verified by the policy.',
  remedy: 'Write host/path/** or host/path/name@*, index.docker.io for Docker Hub, and leave spec.match out.',
  check: (subject) => inClusterImagePolicies(subject, ({ spec }) => [
    ...list(spec.images).map(fieldsOf).flatMap(({ glob }, index) => (typeof glob === 'string' ? weaknesses(`spec.images[${index}].glob`, glob) : [])),
    ...matches(spec),
  ] satisfies Found),
};

function weaknesses(path: string, glob: string): Found {
  const [host = '', owner = ''] = glob.split('/');
  const last = glob.slice(glob.lastIndexOf('/') + 1);
  const isHost = /[.:*]/.test(host) || host === 'localhost';
  return [
    ...!glob.includes('@') && !last.endsWith('*') ? [{ path, message: `${show(glob)} has no place for a digest, and what runs is named by one: it matches nothing.` }] : [],
    ...!glob.includes('@') && last.includes(':') ? [{ path, message: `${show(glob)} names a tag, which is dropped before it is compared: it matches nothing.` }] : [],
    ...glob.includes('/') && isHost && host !== 'docker.io' ? [] : [{ path, message: `${show(glob)} has no host that is compared with: Docker Hub is index.docker.io, and nothing else is left out.` }],
    ...isHost && glob.split('/').length === 2 && /[^*]\*/.test(owner) && !owner.includes('@') ? [{ path, message: `${show(glob)} also matches look-alikes that anybody can register.` }] : [],
  ];
}

function matches({ match }: ForeignImagePolicy['spec']): Found {
  return list(match).map(fieldsOf).map(({ selector }, index) => ({
    path: `spec.match[${index}]`,
    message: selector == null ? 'What no entry names is not held to the policy: a Pod of its own, or one that another kind makes.' : 'Whoever creates the object chooses its labels, and with them whether the policy holds.',
  }));
}
