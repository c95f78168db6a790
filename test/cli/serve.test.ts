import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policySet } from '../../lib/policy/policy-set';
import { smallPolicy } from '../policy/documents';
import { run, RunningCommand } from '../support/command';
import { servingCertificate } from '../support/serving-certificate';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'serve-'));
const policy = file('policy.json', JSON.stringify(smallPolicy));
let certificate = '';
let key = '';
let started: RunningCommand | undefined;

beforeAll(async () => {
  const pair = await servingCertificate();
  certificate = file('tls.crt', pair.certificate);
  key = file('tls.key', pair.key);
});
afterEach(async () => {
  started?.child.kill('SIGKILL');
  await started?.end;
  started = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function serve(...more: string[]): RunningCommand {
  started = new RunningCommand(['serve', '--policy', policy, '--listen', '127.0.0.1:0', '--tls-cert', certificate, '--tls-key', key, ...more]);
  return started;
}

/** What is answered over TLS that trusts the certificate alone. */
async function ask(address: unknown, path: string, body?: object): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(`https://${String(address)}${path}`, { ca: readFileSync(certificate), method: body === undefined ? 'GET' : 'POST', headers: { 'content-type': 'application/json' }, agent: false },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve({ status: response.statusCode, body: text }));
      });
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const review = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'uid-1', kind: { group: '', version: 'v1', kind: 'Pod' }, resource: { group: '', version: 'v1', resource: 'pods' }, namespace: 'shop', name: 'api', operation: 'CREATE',
    userInfo: { username: 'somebody' }, oldObject: null, dryRun: false,
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api' }, spec: { containers: [{ name: 'api', image: `ghcr.io/evil/app@sha256:${'a1'.repeat(32)}` }] } },
  },
};

test('says in one JSON line where it listens, answers reviews, logs each decision as a JSON line, and ends with 0 on SIGTERM', async () => {
  const verifier = serve();
  const listening = await verifier.event('listening');
  expect(listening).toEqual({ event: 'listening', address: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/) as unknown, policyDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown });
  expect((await ask(listening['address'], '/healthz')).status).toBe(200);
  expect((await ask(listening['address'], '/readyz')).status).toBe(200);

  const { status, body } = await ask(listening['address'], '/validate', review);
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ response: { uid: 'uid-1', allowed: false, status: { message: expect.stringContaining('[UNMATCHED_IMAGE]') as unknown } } });
  expect(await verifier.event('decision')).toMatchObject({
    level: 'info', uid: 'uid-1', namespace: 'shop', allowed: false, reasons: [{ code: 'UNMATCHED_IMAGE' }], policyDigest: listening['policyDigest'],
  });

  verifier.child.kill('SIGTERM');
  const { code, err } = await verifier.end;
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('starts with the policies that it was rendered for', async () => {
  const { digest } = policySet([smallPolicy]);
  expect(await serve('--policy-digest', digest).event('listening')).toMatchObject({ policyDigest: digest });
});

test('ends with 0 on SIGINT, too', async () => {
  const verifier = serve();
  await verifier.event('listening');
  verifier.child.kill('SIGINT');
  expect((await verifier.end).code).toBe(0);
});

describe('what cannot run ends with 2, says why and does not listen', () => {
  const all = (): string[] => ['serve', '--policy', policy, '--listen', '127.0.0.1:0', '--tls-cert', certificate, '--tls-key', key];
  const without = (option: string): string[] => all().toSpliced(all().indexOf(option), 2);
  const having = (option: string, value: string): string[] => [...without(option), option, value];

  test.each<[string, () => string[], RegExp]>([
    ['no policy', () => without('--policy'), /required option '--policy <file>' not specified/],
    ['a policy that is not there', () => having('--policy', '/nowhere.yaml'), /\/nowhere\.yaml: cannot be read/],
    ['an empty policy', () => having('--policy', file('empty.json', '{}')), /empty\.json: holds no policy/],
    ['a policy with a trust root that nobody gives', () => having('--policy', file('foreign-root.json', JSON.stringify({
      ...smallPolicy, spec: { ...smallPolicy.spec, attestors: { release: { ...smallPolicy.spec.attestors['release'], trustRoot: 'corp' } } },
    }))), /^proofgate: policy payments names the trust root corp: pass --trust-root corp=FILE\n$/],
    ['a digest that is none', () => [...all(), '--policy-digest', 'sha256:1'], /--policy-digest sha256:1: expected sha256: and 64 hex digits/],
    ['other policies than it was rendered for', () => [...all(), '--policy-digest', `sha256:${'0'.repeat(64)}`],
      /the policies: not what this verifier was rendered for; --policy-digest says sha256:0{64}, the files hold sha256:[0-9a-f]{64}\n.*apply what the synthesis wrote/],
    ['a digest of a registry configuration without one of the policies', () => [...all(), '--registry-config-digest', `sha256:${'0'.repeat(64)}`], /belong beside --policy-digest/],
    ['a digest of a trust root without its name', () => [...all(), '--trust-root-digest', `sha256:${'0'.repeat(64)}`], /--trust-root-digest sha256:0{64}: expected NAME=sha256:/],
    ['no address', () => without('--listen'), /required option '--listen <host:port>' not specified/],
    ['an address without port', () => having('--listen', 'localhost'), /--listen localhost: expected HOST:PORT/],
    ['a port beyond the last', () => having('--listen', '127.0.0.1:65536'), /--listen 127\.0\.0\.1:65536: expected HOST:PORT/],
    ['an address of another machine', () => having('--listen', '192.0.2.1:0'), /cannot listen on 192\.0\.2\.1:0 \(.*\); choose another address/],
    ['no certificate at all', () => ['serve', '--policy', policy, '--listen', '127.0.0.1:0'], /say where the serving certificate comes from/],
    ['a certificate without its key', () => without('--tls-key'), /--tls-cert and --tls-key belong together/],
    ['files and self-managed at once', () => [...all(), '--tls', 'self-managed'], /say where the serving certificate comes from: either/],
    ['a certificate that is not there', () => having('--tls-cert', '/nowhere.crt'), /serving certificate: \/nowhere\.crt cannot be read/],
    ['a certificate that is none', () => having('--tls-cert', policy), /policy\.json holds no certificate in PEM/],
    ['a key that is none', () => having('--tls-key', certificate), /tls\.crt holds no private key in PEM/],
    ['a deadline of nothing', () => [...all(), '--deadline', '0'], /--deadline 0: expected a number of seconds from 0\.5 to 29/],
    ['a deadline that is no number', () => [...all(), '--deadline', '8s'], /--deadline 8s: expected a number/],
    ['a policy that selects by labels and no cluster', () => having('--policy', file('labels.json', JSON.stringify({ ...smallPolicy, spec: { ...smallPolicy.spec, namespaces: { labels: { a: 'b' } } } }))),
      /selects namespaces by label, and there is no cluster/],
    ['an unknown option', () => [...all(), '--insecure'], /unknown option '--insecure'/],
  ])('%s', async (_, args, words) => {
    const { code, out, err } = await run(args());
    expect({ code, listening: out.includes('listening') }).toEqual({ code: 2, listening: false });
    expect(err).toMatch(words);
    expect(err).not.toMatch(/\n\s+at |unexpected error/);
  });

  test('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await run(having('--listen', `127.0.0.1:${port}`));
    other.close();
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^proofgate: cannot listen on 127\\.0\\.0\\.1:${port} \\(.*EADDRINUSE.*\\); choose another address and port with --listen\n$`));
  });
});

test('bin/proofgate is the same command on the Node that it finds', () => {
  expect(execFileSync(process.execPath, [join(__dirname, '../../bin/proofgate'), '--help']).toString()).toContain('Usage: proofgate');
});
