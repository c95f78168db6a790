import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { KeylessAttestor, PinnedTrustRootProps, SignedImagePolicy, TrustRoot, TufTrustRootProps, WebhookVerifier } from '../../lib';
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

describe('one that is fetched over TUF', () => {
  const roles = Object.fromEntries(['root', 'timestamp', 'snapshot', 'targets'].map((role) => [role, { keyids: [], threshold: 1 }]));
  const ROOT = JSON.stringify({ signatures: [], signed: { _type: 'root', roles } });
  const SOUND: TufTrustRootProps = { mirror: 'https://tuf.acme.example:8443/sigstore', json: ROOT };
  const fetched = (props: TufTrustRootProps, id = 'corp') => (chart: Chart): TrustRoot => TrustRoot.tuf(chart, id, props);

  test('is written as where it is fetched, under which name and with which keys', () => {
    const [written] = trustRootsIn(chartWith(fetched(SOUND))) as [{ 'trusted_root.json': string }];
    expect(JSON.parse(written['trusted_root.json'])).toEqual({
      mediaType: 'application/vnd.proofgate.tuf-trust-root.v1+json', mirror: 'https://tuf.acme.example:8443/sigstore', target: 'trusted_root.json', root: JSON.parse(ROOT) as unknown,
    });
  });

  test('stands beside others, each attestor with its own', () => {
    const chart = chartWith(fetched(SOUND), pin({ json: JSON_ONE }, 'lab'), () => TrustRoot.publicGood());
    expect(documentsIn(Testing.synth(chart) as Written[]).flatMap(({ spec: { attestors } }) => Object.values(attestors as object).map(({ trustRoot }: { trustRoot: string }) => trustRoot))).toEqual(['corp', 'lab', 'sigstore']);
    expect(trustRootsIn(chart)).toHaveLength(2);
  });

  test('lets the verifier out to the port of its mirror', () => {
    const portsOf = (props: TufTrustRootProps): unknown => (Testing.synth(chartWith(fetched(props))) as Array<Written & { spec: { egress: object[] } }>).find(({ kind }) => kind === 'NetworkPolicy')?.spec.egress[1];
    expect(portsOf(SOUND)).toEqual({ ports: [443, 6443, 8443].map((port) => ({ port, protocol: 'TCP' })) });
    expect(portsOf({ ...SOUND, mirror: 'https://tuf.acme.example' })).toEqual({ ports: [443, 6443].map((port) => ({ port, protocol: 'TCP' })) });
  });

  test.each<[string, unknown, RegExp]>([
    ['no mirror', { json: ROOT }, /mirror is missing/],
    ['a mirror without TLS', { ...SOUND, mirror: 'http://tuf.acme.example' }, /mirror is "http:.*write https:/],
    ['a mirror with a password', { ...SOUND, mirror: 'https://a:b@tuf.acme.example' }, /mirror is .*without user name/],
    ['a mirror with a query', { ...SOUND, mirror: 'https://tuf.acme.example/?a' }, /mirror is/],
    ['a mirror that leads upwards', { ...SOUND, mirror: 'https://tuf.acme.example/a/../b' }, /mirror is/],
    ['a mirror with a slash at its end', { ...SOUND, mirror: 'https://tuf.acme.example/' }, /mirror is/],
    ['a mirror in capitals', { ...SOUND, mirror: 'https://TUF.acme.example' }, /mirror is .*lower case/],
    ['a mirror with an impossible port', { ...SOUND, mirror: 'https://tuf.acme.example:99999' }, /mirror/],
    ['a target above its folder', { ...SOUND, target: '../trusted_root.json' }, /target is "\.\.\/trusted_root\.json"/],
    ['a target within one', { ...SOUND, target: 'a/../b' }, /target is/],
    ['an absolute target', { ...SOUND, target: '/trusted_root.json' }, /target is/],
    ['a target that is a list', { ...SOUND, target: ['a'] }, /target is/],
    ['an empty target', { ...SOUND, target: '' }, /target is empty/],
    ['neither file nor content', { mirror: SOUND.mirror }, /exactly one of `file` and `json`.*root\.json/],
    ['a file that is not there', { mirror: SOUND.mirror, file: '/no/such/root.json' }, /cannot be read/],
    ['a root that is not JSON', { ...SOUND, json: 'root' }, /the root\.json is not JSON/],
    ['a trusted_root.json in the place of root metadata', { ...SOUND, json: JSON_ONE }, /root\.json is no root metadata of TUF/],
    ['metadata of another role', { ...SOUND, json: ROOT.replace('"root"', '"targets"') }, /root\.json is no root metadata of TUF/],
    ['a root without a role', { ...SOUND, json: ROOT.replace('"snapshot":{', '"snap":{') }, /root\.json is no root metadata of TUF/],
    ['a property that nothing reads', { ...SOUND, threshold: 2 }, /threshold is not known here/],
    ['nothing', undefined, /its properties are missing/],
  ])('refuses %s', (_, props, message) => {
    const text = messageOf(() => chartWith(fetched(props as TufTrustRootProps)));
    expect(text.startsWith('[INVALID_INPUT] enforcement/corp: ')).toBe(true);
    expect(text).toMatch(message);
    expect(trustRootsIn(chartWith(fetched({ ...SOUND, target: 'roots/v2/trusted_root.json' })))).toHaveLength(1);
  });

  test('refuses the name of one that ships', () => {
    expect(messageOf(() => chartWith(fetched(SOUND, 'github')))).toMatch(/"github" names the trust root in documents/);
  });
});

test('the roots that ship are kept up to date, unless the verifier is told otherwise', () => {
  const argsWith = (props?: { refreshTrustRoots: boolean }): string[] => {
    const chart = new Chart(createApp(), 'enforcement');
    const verifier = new WebhookVerifier(chart, 'verifier', props);
    const attestors = [new KeylessAttestor(chart, 'builder', { issuer: 'https://dex.acme.example', subject: 'b@acme.example' })];
    new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors, engine: verifier });
    const [deployment] = (Testing.synth(chart) as Array<Written & { spec: { template: { spec: { containers: Array<{ args: string[] }> } } } }>).filter(({ kind }) => kind === 'Deployment');
    return deployment!.spec.template.spec.containers[0]!.args;
  };
  expect(argsWith()).not.toContain('--shipped-trust-roots');
  expect(argsWith({ refreshTrustRoots: true })).not.toContain('--shipped-trust-roots');
  expect(argsWith({ refreshTrustRoots: false }).join(' ')).toContain('--shipped-trust-roots keep');
  expect(messageOf(() => argsWith({ refreshTrustRoots: 'no' } as never))).toMatch(/refreshTrustRoots is the text "no": write true or false, without quotes/);
});
