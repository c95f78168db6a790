import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallPolicy } from '../policy/documents';
import { servingCertificate } from '../support/serving-certificate';
import { Container, unpack } from './container';
import { imageCommand } from './image-command';
import { Configuration, Layout } from './layout';

jest.setTimeout(600_000);

const folder = mkdtempSync(join(tmpdir(), 'run-'));
const root = join(folder, 'root');
const layout = new Layout(join(folder, 'layout'));
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'amd64';
let configuration: Configuration;
let certificate = '';
let container: Container | undefined;

beforeAll(async () => {
  await imageCommand(['--output', join(folder, 'layout')]);
  ({ configuration } = layout.platform(ARCHITECTURE));
  unpack(await layout.files(ARCHITECTURE), root);
  const pair = await servingCertificate();
  certificate = pair.certificate;
  mkdirSync(join(root, 'mounted'));
  for (const [name, content] of Object.entries({ 'policy.json': JSON.stringify(smallPolicy), 'tls.crt': certificate, 'tls.key': pair.key })) {
    writeFileSync(join(root, 'mounted', name), content);
  }
});
afterEach(async () => {
  container?.child.kill('SIGKILL');
  await container?.end;
});
afterAll(() => rmSync(folder, { recursive: true }));

const SERVE = ['serve', '--policy', '/mounted/policy.json', '--listen', '127.0.0.1:0', '--tls-cert', '/mounted/tls.crt', '--tls-key', '/mounted/tls.key'];

/** The verifier as the image starts it, once it listens. */
async function verifier(): Promise<{ readonly port: number; readonly pid: number }> {
  container = new Container(root, configuration, SERVE);
  let ended: number | null | undefined;
  void container.end.then((code) => (ended = code));
  for (;;) {
    const port = /"event":"listening","address":"127\.0\.0\.1:(\d+)"/.exec(container.output)?.[1];
    if (port !== undefined) {
      return { port: Number(port), pid: container.child.pid ?? 0 };
    }
    if (ended !== undefined) {
      throw new Error(`the image did not start (exit code ${ended}); this test runs as root, or as anybody where user namespaces are allowed:\n${container.output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function post(port: number, body: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(`https://127.0.0.1:${port}/validate`, { ca: certificate, method: 'POST', headers: { 'content-type': 'application/json' }, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(JSON.parse(text)));
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
}

const review = (operation: string): object => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'uid-1', kind: { group: '', version: 'v1', kind: 'Pod' }, resource: { group: '', version: 'v1', resource: 'pods' }, namespace: 'shop', name: 'api', operation,
    userInfo: { username: 'somebody' }, dryRun: false, oldObject: null,
    object: operation === 'DELETE' ? null : { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api' }, spec: { containers: [{ name: 'api', image: `ghcr.io/evil/app@sha256:${'a1'.repeat(32)}` }] } },
  },
});

test('listens and answers reviews as user 65532, on a read-only root with nothing but the image, without capabilities or a way to get any', async () => {
  const { port, pid } = await verifier();
  expect(await post(port, review('CREATE'))).toMatchObject({ response: { uid: 'uid-1', allowed: false, status: { message: expect.stringContaining('[UNMATCHED_IMAGE]') as unknown } } });
  expect(await post(port, review('DELETE'))).toMatchObject({ response: { uid: 'uid-1', allowed: true } });
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  expect(status).toMatch(/^CapPrm:\t0{16}\nCapEff:\t0{16}$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 6)).toEqual(['/usr/bin/node', '--use-openssl-ca', '--max-semi-space-size=2', '--heap-growing-percent=20', '/app/verifier.cjs', 'serve']);
});

/** What a program in the image says. */
async function inside(expression: string, env: readonly string[] = []): Promise<unknown> {
  const { config } = configuration;
  const code = `Promise.resolve(${expression}).then((value) => console.log(JSON.stringify(value)))`;
  container = new Container(root, { ...configuration, config: { ...config, Env: [...config.Env, ...env] } }, ['-e', code], ['/usr/bin/node', '--use-openssl-ca']);
  const exitCode = await container.end;
  if (exitCode !== 0) {
    throw new Error(container.output);
  }
  return JSON.parse(container.output);
}

test('in the image a program is nobody in particular and can write nowhere', async () => {
  const attempt = (path: string): string => `(() => { try { fs.writeFileSync('${path}', ''); return 'written'; } catch (error) { return error.code; } })()`;
  expect(await inside(`[process.getuid(), process.getgid(), ${attempt('/new')}, ${attempt('/app/verifier.cjs')}, ${attempt('/mounted/new')}]`)).toEqual([65532, 65532, 'EROFS', 'EROFS', 'EROFS']);
});

test('in the image the authorities for TLS are those of a file that the operator of a cluster may replace', async () => {
  const server = createServer({ cert: certificate, key: readFileSync(join(root, 'mounted', 'tls.key')) }, (_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const get = `new Promise((done) => https.get('https://127.0.0.1:${(server.address() as AddressInfo).port}', { agent: false }, (got) => done(got.statusCode)).on('error', (error) => done(error.code)))`;
  const answers = [await inside(get), await inside(get, ['SSL_CERT_FILE=/mounted/tls.crt'])];
  server.close();
  expect(answers).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT', 200]);
});
