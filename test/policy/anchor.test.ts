import { anchorOf } from '../../lib/policy/anchor';
import { Attestor, PolicyDocument } from '../../lib/policy/document';
import { NormalPolicy } from '../../lib/policy/normal';
import { normalize } from '../../lib/policy/normalize';
import { key, keyless, OTHER_PUBLIC_KEY, put, smallPolicy } from './documents';

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
    { ...key, transparency: { log: 'notRequired', reason: 'a' } },
    { ...key, transparency: { timestamp: 'required' } },
  ].map((attestor) => anchor(attestor as Attestor));
  expect(new Set(anchors).size).toBe(anchors.length);
});
