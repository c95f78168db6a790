import { PolicyDocument } from '../../policy/document';
import { celStrings } from '../cel';
import { denyingPolicy } from '../denying-policy';
import { AdmissionPolicySpec } from '../guard';
import { nativeBindings, nativePolicy } from '../native-policy';
import { RenderedObject } from '../rendered-object';
import { KyvernoInstallation } from './policy';

/**
 * Where an installation of Kyverno admits whatever comes, unless its `resourceFilters` are changed; labels may have a policy hold in each of them.
 *
 * Its own namespace is left out everywhere, also where labels select it: it could not start again.
 */
export const UNASKED = ['kube-node-lease', 'kube-public', 'kube-system'];

/** @param policy - name of the ImageValidatingPolicy */
export function kyvernoFloorName(policy: string): string {
  return `${policy}-kyverno-floor`;
}

/**
 * The admission policy that lies under Kyverno, with its bindings: it refuses by name, without asking anybody.
 *
 * Kyverno takes its webhooks away when it is scaled to nothing, admits everything in its first moments, before it has read its policies, and looks neither at some
 * namespaces nor at the group of the kubelets: what no policy names runs in none of these cases.
 */
export function kyvernoFloor(documents: readonly PolicyDocument[], { name, namespace }: Pick<KyvernoInstallation, 'name' | 'namespace'>): RenderedObject[] {
  return denyingPolicy(kyvernoFloorName(name), specOf(documents), nativeBindings(documents, 'floor', namespace));
}

function specOf(documents: readonly PolicyDocument[]): AdmissionPolicySpec {
  const { validations, ...floor } = nativePolicy(documents, 'floor');
  return {
    ...floor,
    validations: [
      ...validations,
      {
        expression: `!(request.namespace in ${celStrings(UNASKED)}) || size(variables.added) == 0`, reason: 'Forbidden',
        message: `[UNSUPPORTED] Kyverno, as it is installed, admits whatever comes to ${UNASKED.join(', ')}, so that no image may run there where a policy holds`,
      },
    ],
  };
}
