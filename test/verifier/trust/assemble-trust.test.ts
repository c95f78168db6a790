import { PolicyDocument } from '../../../lib/policy/document';
import { policySet } from '../../../lib/policy/policy-set';
import { NamedRoot } from '../../../lib/verifier/sigstore';
import { assembleTrust, AssembledTrust } from '../../../lib/verifier/trust/assemble-trust';
import { SigstoreWorld } from '../../support/sigstore';

const [own, other] = ['own', 'own'].map((name) => ({ name, json: JSON.stringify(SigstoreWorld.create().trustedRoot) })) as [NamedRoot, NamedRoot];
const started: AssembledTrust[] = [];
afterEach(() => Promise.all(started.splice(0).map(({ trust }) => trust.close())));

/** The digest of what is gone by, under a policy that names one trust root. */
function digest(named: string, given: readonly NamedRoot[]): string {
  const document: PolicyDocument = {
    apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'policy' },
    spec: {
      images: ['reg.test/**'], attestors: { signer: { type: 'keyless', issuer: 'https://issuer.test', subject: 'mailto:a@b.test', trustRoot: named } },
      requirements: [{ type: 'signature', name: 'signature', attestors: ['signer'] }],
    },
  };
  const assembled = assembleTrust({ set: policySet([document]), given, refreshShipped: false, registries: new Map(), budget: 1_000, entry: '', tell: () => undefined, now: () => 0 });
  started.push(assembled);
  return assembled.trust.current().digest;
}

test('a trust root that no policy names is nothing that threads load; one that a policy names is', () => {
  expect(digest('sigstore', [own])).toBe(digest('sigstore', []));
  expect(digest('own', [own])).not.toBe(digest('own', [other]));
  expect(digest('github', [])).not.toBe(digest('sigstore', []));
});

test('P08 a given trust root that cannot be trusted is refused, whoever names it', () => {
  expect(() => digest('sigstore', [{ name: 'own', json: '{}' }])).toThrow('trust root own: is no trusted root of version');
  expect(() => digest('sigstore', [own])).not.toThrow();
});
