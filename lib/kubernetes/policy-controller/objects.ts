import { PolicyDocument } from '../../policy/document';
import { policySet } from '../../policy/policy-set';
import { denyingPolicy } from '../denying-policy';
import { nativeBindings } from '../native-policy';
import { RenderedObject } from '../rendered-object';
import { floorPolicy } from './floor';
import { configurationGuard, CONFIGURATION, CONFIGURATION_DATA, namespaceGuard } from './guards';
import { clusterImagePolicy } from './image-policy';

/** How policy-controller was installed, as far as its policies depend on it. */
export interface PolicyControllerInstallation {
  /** Begins the names of what is rendered. */
  readonly name: string;
  /** The oldest version that will read it. */
  readonly version: string;
  /** Where policy-controller runs and is configured; it is not asked about that namespace. */
  readonly namespace: string;
  /** What documents call the trust root that it was started with. */
  readonly trustRoot: string;
}

/** Which of the objects says what all of them were rendered from. */
export function floorName({ name }: Pick<PolicyControllerInstallation, 'name'>): string {
  return `${name}-floor`;
}

/**
 * Everything that has policy-controller enforce these documents, in the order in which it is applied: what keeps the ways out closed, the policies, and the
 * floor under them.
 *
 * @param documents - valid policies, and nothing in them that policy-controller cannot express
 */
export function policyControllerObjects(documents: readonly PolicyDocument[], settings: PolicyControllerInstallation): RenderedObject[] {
  const { name, namespace } = settings;
  return [
    ...denyingPolicy(`${name}-configuration`, configurationGuard(namespace)),
    { apiVersion: 'v1', kind: 'ConfigMap', name: CONFIGURATION, namespace, content: { data: CONFIGURATION_DATA } },
    ...denyingPolicy(`${name}-namespaces`, namespaceGuard()),
    ...policySet(documents).policies.flatMap((policy) => policy.requirements.map((requirement): RenderedObject => ({
      apiVersion: 'policy.sigstore.dev/v1alpha1', kind: 'ClusterImagePolicy', name: `${name}.${policy.name}.${requirement.name}`, content: { spec: clusterImagePolicy(policy, requirement) },
    }))),
    ...denyingPolicy(floorName(settings), floorPolicy(documents), nativeBindings(documents, 'floor', namespace)),
  ];
}
