import { BUILT_IN, KyvernoTrustRoot } from '../../kubernetes/kyverno/attestor';
import { KyvernoInstallation } from '../../kubernetes/kyverno/policy';
import { PolicyDocument } from '../../policy/document';
import { member } from '../../policy/problem';
import { Inexpressible } from '../../refusals';

/**
 * What of a document Kyverno could hold, but not as it was said to be installed.
 *
 * @param trustRoots - those of its trust roots that Kyverno can take
 */
export function notInstalled(document: PolicyDocument, { namespace }: KyvernoInstallation, trustRoots: readonly KyvernoTrustRoot[]): Inexpressible[] {
  if (document.kind !== 'ImagePolicy') {
    return [];
  }
  const { attestors, namespaces } = document.spec;
  return [
    ...namespaces !== undefined && 'names' in namespaces && namespaces.names.includes(namespace) ? [{
      path: 'spec.namespaces', message: `"namespaces" names "${namespace}", where Kyverno itself runs, and it is not asked about that namespace`, engines: ['webhook'] as const,
    }] : [],
    ...Object.entries(attestors).flatMap(([name, attestor]) => {
      const { trustRoot = BUILT_IN, transparency } = attestor;
      const isNeeded = attestor.type !== 'key' || transparency?.log !== 'notRequired';
      return !isNeeded || trustRoot === BUILT_IN || trustRoots.some((root) => root.name === trustRoot) ? [] : [{
        path: member('spec.attestors', name), engines: ['webhook'] as const,
        message: `The attestor "${name}" has the trust root "${trustRoot}", and Kyverno takes trust roots from mirrors of The Update Framework only, by the target trusted_root.json: TrustRoot.tuf names one`,
      }];
    }),
  ];
}
