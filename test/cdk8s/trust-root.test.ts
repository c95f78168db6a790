import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { KeylessAttestor, PinnedTrustRootProps, SignedImagePolicy, TrustRoot } from '../../lib';
import { createApp, documentsIn, messageOf, Written } from './tree';

const JSON_ONE = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","certificateAuthorities":[{}],"tlogs":[{}]}';
const JSON_TWO = JSON_ONE.replace('[{}]', '[{},{}]');

function chartWith(...roots: ((chart: Chart) => TrustRoot)[]): Chart {
  const chart = new Chart(createApp(), 'enforcement');
  roots.forEach((make, index) => new SignedImagePolicy(chart, `policy-${index}`, {
    images: ['ghcr.io/acme/**'],
    attestors: [new KeylessAttestor(chart, `builder-${index}`, { issuer: 'https://dex.acme.example', subject: `b${index}@acme.example`, trustRoot: make(chart) })],
  }));
  return chart;
}

function trustRootsIn(chart: Chart): unknown[] {
  return (Testing.synth(chart) as Written[]).filter(({ metadata }) => metadata.labels?.['proofgate.dev/content'] === 'trust-root').map(({ data }) => data);
}

const pin = (props: PinnedTrustRootProps, id = 'corp') => (chart: Chart): TrustRoot => TrustRoot.pinned(chart, id, props);

test.each([['publicGood', 'sigstore'], ['github', 'github']] as const)('%s ships with the verifier and is only named', (factory, name) => {
  const chart = chartWith(() => TrustRoot[factory]());
  expect(documentsIn(Testing.synth(chart) as Written[])[0]!.spec.attestors).toMatchObject({ 'builder-0': { trustRoot: name } });
  expect(trustRootsIn(chart)).toEqual([]);
});

test('a pinned one is written beside the policies and named by its id', () => {
  const chart = chartWith(pin({ json: JSON_ONE }));
  expect(documentsIn(Testing.synth(chart) as Written[])[0]!.spec.attestors).toMatchObject({ 'builder-0': { trustRoot: 'corp' } });
  expect(trustRootsIn(chart)).toEqual([{ 'trusted_root.json': JSON_ONE }]);
});

test('a pinned one is read from its file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'proofgate-')), 'trusted_root.json');
  writeFileSync(file, JSON_ONE);
  expect(trustRootsIn(chartWith(pin({ file })))).toEqual([{ 'trusted_root.json': JSON_ONE }]);
});

test('one that several policies use is written once', () => {
  expect(trustRootsIn(chartWith(pin({ json: JSON_ONE }), pin({ json: JSON_ONE })))).toHaveLength(1);
});

test('two of one name and different content are refused', () => {
  expect(messageOf(() => chartWith(pin({ json: JSON_ONE }), pin({ json: JSON_TWO })))).toBe(
    '[INVALID_INPUT] enforcement/policy-1: two different trust roots are called "corp". Give one of them another id.',
  );
  expect(trustRootsIn(chartWith(pin({ json: JSON_ONE }), pin({ json: JSON_TWO }, 'corp-2')))).toHaveLength(2);
});

test.each<[string, PinnedTrustRootProps, string, RegExp]>([
  ['neither file nor content', {}, 'corp', /exactly one of `file` and `json`/],
  ['both file and content', { file: 'a', json: JSON_ONE }, 'corp', /exactly one of `file` and `json`/],
  ['a file that is not there', { file: '/no/such/root.json' }, 'corp', /cannot be read: .*\/no\/such\/root\.json/],
  ['text that is not JSON', { json: 'root' }, 'corp', /is not JSON/],
  ['JSON that names nothing to trust', { json: '{}' }, 'corp', /neither a certificate authority nor a transparency log/],
  ['null', { json: 'null' }, 'corp', /neither a certificate authority nor a transparency log/],
  ['the name of one that ships', { json: JSON_ONE }, 'sigstore', /"sigstore" names the trust root in documents, and is no DNS label or is taken/],
  ['an id that is no name', { json: JSON_ONE }, 'Corp_1', /"Corp_1" names the trust root in documents/],
])('refuses %s', (_, props, id, message) => {
  const text = messageOf(() => chartWith(pin(props, id)));
  expect(text.startsWith(`[INVALID_INPUT] enforcement/${id}: `)).toBe(true);
  expect(text).toMatch(message);
});
