import { isAnchored, whyUnanchored } from '../anchored';
import { ForeignImagePolicy, Found, identitiesOf, inClusterImagePolicies } from '../cluster-image-policies';
import { Fields, fieldsOf } from '../fields';
import { Rule } from '../rule';

export const policyControllerIdentity: Rule = {
  code: 'POLICY_CONTROLLER_IDENTITY',
  title: 'An authority of a ClusterImagePolicy that more can be than it says',
  why: 'An expression that is not anchored is met by any text that contains what it means, which anybody can get a certificate for; without a log or a timestamp nobody dates a signature by a key, and a stolen key signs for ever.',
  remedy: 'Write issuer and subject in full, or expressions that begin with ^, end with $ and have their dots escaped; give an authority with a key a ctlog with a url; leave insecureIgnoreSCT out.',
  check: (subject) => inClusterImagePolicies(subject, (policy) => [
    ...identitiesOf(policy).flatMap(({ path, identity }) => weakIdentity(path, identity)),
    ...policy.authorities.flatMap(({ path, authority }) => weakAuthority(path, authority)),
  ] satisfies Found),
};

function weakIdentity(path: string, identity: Fields): Found {
  return (['issuer', 'subject'] as const).flatMap((part) => {
    const expression = identity[`${part}RegExp`];
    return expression === undefined || expression === '' || isAnchored(expression) ? [] : [{
      path: `${path}.${part}RegExp`, message: whyUnanchored(expression),
    }];
  });
}

function weakAuthority(path: string, { key, keyless, ctlog, rfc3161timestamp, signatureFormat }: ForeignImagePolicy['authorities'][number]['authority']): Found {
  const { trustRootRef, insecureIgnoreSCT } = fieldsOf(keyless);
  const isLogged = ['url', 'trustRootRef'].some((part) => fieldsOf(ctlog)[part] != null) || signatureFormat === 'bundle' || fieldsOf(rfc3161timestamp).trustRootRef != null;
  return [
    ...key != null && !isLogged ? [{ path: `${path}.ctlog`, message: 'Without a log it takes any signature by the key, whenever it was made.' }] : [],
    ...trustRootRef != null && !isLogged ? [{ path: `${path}.ctlog`, message: 'With a trust root of one\'s own and no ctlog no entry in a log is asked for.' }] : [],
    ...insecureIgnoreSCT === true ? [{ path: `${path}.keyless.insecureIgnoreSCT`, message: 'Nobody has to have seen the certificate.' }] : [],
  ];
}
