import { SYSTEM_NAMESPACES } from '../../kubernetes/system-namespaces';
import { Rule } from '../rule';

export const verifierNamespace: Rule = {
  code: 'VERIFIER_NAMESPACE',
  title: 'The verifier shares a namespace of the cluster',
  why: 'Its namespace is closed to everything but the verifier and left out by its webhook: closed, kube-system would stop the cluster; left out, default would let any image run.',
  remedy: 'Give the verifier a namespace of its own; proofgate is the default.',
  check: ({ objects }) => objects.filter((object) => object.own && object.kind === 'Deployment' && SYSTEM_NAMESPACES.includes(object.namespace))
    .map(({ id, namespace }) => ({ object: id, path: 'metadata.namespace', message: `The namespace is ${namespace}.` })),
};
