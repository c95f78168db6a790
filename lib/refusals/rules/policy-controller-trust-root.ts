import { ForeignImagePolicy, Found, inClusterImagePolicies, isOfPolicyController } from '../cluster-image-policies';
import { fieldsOf } from '../fields';
import { Rule, Subject } from '../rule';
import { show } from '../show';

export const policyControllerTrustRoot: Rule = {
  code: 'POLICY_CONTROLLER_TRUST_ROOT',
  title: 'A ClusterImagePolicy by a trust root that is not there, or that verifies nothing',
  why: 'Without its TrustRoot an authority refuses every image. Of a TrustRoot no bundle finds its log: policy-controller files logs under other ids than bundles name.',
  remedy: 'Apply the TrustRoot with the policy; with signatureFormat bundle start policy-controller with --tuf-mirror and --tuf-root and leave trustRootRef out.',
  check: (subject) => inClusterImagePolicies(subject, (policy) => policy.authorities.flatMap(({ path, authority }) => references(path, authority, subject))),
};

function references(path: string, authority: ForeignImagePolicy['authorities'][number]['authority'], { objects, alone }: Subject): Found {
  return ['keyless', 'ctlog', 'rfc3161timestamp'].flatMap((part) => {
    const { trustRootRef } = fieldsOf(authority[part]);
    if (typeof trustRootRef !== 'string' || trustRootRef === '') {
      return [];
    }
    const isThere = alone || objects.some((object) => isOfPolicyController(object, 'TrustRoot') && object.name === trustRootRef);
    return [
      ...isThere ? [] : [{ path: `${path}.${part}.trustRootRef`, message: `No TrustRoot ${show(trustRootRef)} is among these objects: every image is refused.` }],
      ...part === 'keyless' && authority.signatureFormat === 'bundle' && authority.rfc3161timestamp == null ? [{ path: `${path}.${part}.trustRootRef`, message: 'No bundle finds the log of a TrustRoot: every image is refused.' }] : [],
    ];
  });
}
