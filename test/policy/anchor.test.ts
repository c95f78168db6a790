import { anchorOf } from '../../lib/policy/anchor';
import { Attestor, PolicyDocument } from '../../lib/policy/document';
import { NormalPolicy } from '../../lib/policy/normal';
import { normalize } from '../../lib/policy/normalize';
import { certificate, key, keyless, OTHER_AUTHORITY, OTHER_PUBLIC_KEY, PUBLIC_KEY, put, smallPolicy } from './documents';

const anchor = (attestor: Attestor) => {
  const policy = normalize(put(smallPolicy, 'spec.attestors.release', attestor) as PolicyDocument) as NormalPolicy;
  const normal = policy.attestors['release'];
  if (normal === undefined) {
    throw new Error('the attestor is gone');
  }
  return anchorOf(normal);
};

test('an anchor is a text that shows what cryptography is asked', () => {
  expect(anchor(keyless)).toBe(
    '{"transparency":{"log":"required","sct":"required","timestamp":"notRequired"},"trustRoot":"sigstore","type":"keyless"}',
  );
});

const relaxed = (reason: string): Attestor => ({ ...keyless, transparency: { sct: 'notRequired', reason } });

test.each<[string, Attestor, Attestor]>([
  ['another issuer', keyless, { ...keyless, issuer: 'https://other.test' }],
  ['another subject', keyless, { ...keyless, subject: 'other@acme.test' }],
  ['further claims', keyless, { ...keyless, certificate: { buildTrigger: 'push' } }],
  ['another reason', relaxed('a'), relaxed('b')],
  ['another subject of one authority', certificate, { ...certificate, subject: 'other@acme.test' }],
  ['a period of the key', key, { type: 'key', keys: [{ publicKey: PUBLIC_KEY, validFor: { until: '2030-01-01' } }] }],
  ['other order of keys', { type: 'key', keys: [{ publicKey: PUBLIC_KEY }, { publicKey: OTHER_PUBLIC_KEY }] }, { type: 'key', keys: [{ publicKey: OTHER_PUBLIC_KEY }, { publicKey: PUBLIC_KEY }] }],
  ['defaults written out', key, { ...key, trustRoot: 'sigstore', transparency: { log: 'required' } }],
])('%s needs the same cryptography', (_, one, other) => {
  expect(anchor(other)).toBe(anchor(one));
});

test('whatever changes what cryptography must check changes the anchor', () => {
  const anchors = [
    keyless,
    { ...keyless, trustRoot: 'github' },
    { ...keyless, transparency: { timestamp: 'required' } },
    relaxed('a'),
    { ...keyless, transparency: { log: 'notRequired', timestamp: 'required', reason: 'a' } },
    key,
    { ...key, trustRoot: 'company' },
    { ...key, publicKey: OTHER_PUBLIC_KEY },
    { type: 'key', keys: [{ publicKey: PUBLIC_KEY }, { publicKey: OTHER_PUBLIC_KEY }] },
    { ...key, transparency: { log: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } } },
    { ...key, transparency: { timestamp: 'required' } },
    certificate,
    { ...certificate, trustRoot: 'company' },
    { ...certificate, authority: OTHER_AUTHORITY },
    { ...certificate, transparency: { log: 'notRequired', timestamp: 'required', reason: 'a' } },
  ].map((attestor) => anchor(attestor as Attestor));
  expect(new Set(anchors).size).toBe(anchors.length);
});
