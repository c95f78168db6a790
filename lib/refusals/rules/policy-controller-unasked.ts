import { INCLUDE_LABEL } from '../../kubernetes/policy-controller/namespaces';
import { clusterImagePolicies } from '../cluster-image-policies';
import { Rule } from '../rule';
import { show } from '../show';

/** In which nobody wants it asked. */
const LEFT_OUT = ['cosign-system', 'kube-node-lease', 'kube-public', 'kube-system'];

export const policyControllerUnasked: Rule = {
  code: 'POLICY_CONTROLLER_UNASKED',
  title: 'A namespace about which policy-controller is not asked',
  why: 'It is asked only about namespaces with the label policy.sigstore.dev/include: "true"; in all others every image runs, whatever the policies say.',
  remedy: 'Give every namespace the label policy.sigstore.dev/include: "true", and let nobody take it away, as the admission policies of PolicyControllerEngine do.',
  check: (subject) => (clusterImagePolicies(subject).length === 0 ? [] : subject.objects
    .filter(({ kind, own, name, labels }) => kind === 'Namespace' && !own && !LEFT_OUT.includes(name) && labels[INCLUDE_LABEL] !== 'true')
    .map(({ id, labels }) => ({ object: id, path: 'metadata.labels', message: `The label ${INCLUDE_LABEL} is ${show(labels[INCLUDE_LABEL])}: every image runs there.` }))),
};
