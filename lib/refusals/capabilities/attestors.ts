import { Attestor, PolicyDocument, Requirement } from '../../policy/document';

/** The attestors that a requirement names. */
export function attestorsOf(document: PolicyDocument, { attestors }: Requirement): Attestor[] {
  return document.kind === 'ImagePolicy' ? attestors.flatMap((name) => document.spec.attestors[name] ?? []) : [];
}

/** Whether no signer can be two of these. */
export function areDistinct(attestors: readonly Attestor[]): boolean {
  const identities = attestors.map((attestor) => {
    if (attestor.type === 'keyless') {
      return typeof attestor.subject === 'string' ? JSON.stringify([attestor.issuer, attestor.subject]) : undefined;
    }
    return attestor.type === 'key' && 'publicKey' in attestor ? attestor.publicKey.replace(/\s/g, '') : undefined;
  });
  return !identities.includes(undefined) && new Set(identities).size === identities.length;
}
