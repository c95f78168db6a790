import { PolicyControllerInstallation } from '../../kubernetes/policy-controller/objects';
import { PolicyDocument } from '../../policy/document';
import { member } from '../../policy/problem';
import { Inexpressible } from '../../refusals';

/** What of a document policy-controller could hold, but not as it was said to be installed. */
export function notInstalled(document: PolicyDocument, { namespace, trustRoot: known }: PolicyControllerInstallation): Inexpressible[] {
  if (document.kind !== 'ImagePolicy') {
    return [];
  }
  const { attestors, namespaces } = document.spec;
  return [
    ...namespaces !== undefined && 'names' in namespaces && namespaces.names.includes(namespace) ? [{
      path: 'spec.namespaces', message: `"namespaces" names "${namespace}", where policy-controller itself runs: a dead one could not restart there`, engines: ['webhook'] as const,
    }] : [],
    ...Object.entries(attestors).flatMap(([name, { trustRoot = 'sigstore' }]) => (trustRoot === known ? [] : [{
      path: member('spec.attestors', name), engines: ['webhook'] as const,
      message: `The attestor "${name}" has the trust root "${trustRoot}", and policy-controller verifies bundles by the one that it was started with, "${known}": `
        + 'of a TrustRoot it finds no log, since it files them under other ids than bundles name',
    }])),
  ];
}
