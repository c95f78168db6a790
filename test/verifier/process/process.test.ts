import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { VerifierOptions } from '../../../lib/verifier/options';
import { RunningVerifier, startVerifier } from '../../../lib/verifier/process';
import { builtCommand } from '../../support/command';
import { SigstoreWorld } from '../../support/sigstore';
import { containers, pod, policy, request } from '../admission/scene';
import { KubernetesApi } from './kubernetes-api';

const SECRET = '/api/v1/namespaces/proofgate/secrets/proofgate-verifier-tls';
const HOOKS = ['validating', 'mutating'].map((kind) => `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/proofgate-verifier`);
let folder: string;
let entry: string;
let api: KubernetesApi;
let running: RunningVerifier[];
let lines: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-'));
  entry = builtCommand();
  writeFileSync(join(folder, 'root.json'), JSON.stringify(SigstoreWorld.create().trustedRoot));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  running = [];
  lines = '';
  api = await KubernetesApi.start();
  api.put(SECRET, { apiVersion: 'v1', kind: 'Secret', data: {} });
  HOOKS.forEach((path) => api.put(path, { webhooks: [{ name: 'a', clientConfig: {} }, { name: 'b', clientConfig: { caBundle: 'eA==' } }] }));
});

afterEach(async () => {
  await Promise.all(running.map((verifier) => verifier.stop()));
  await api.close();
});

/** Starts one replica. `caLifetime` of a minute makes it look at the cluster every three seconds. */
async function start(spec: object = {}, further: Partial<VerifierOptions> = {}): Promise<RunningVerifier> {
  const [policies, kubeconfig] = ['policy.json', 'kubeconfig'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(policies, JSON.stringify(policy('app', 'reg.test', spec)));
  writeFileSync(kubeconfig, api.kubeconfig);
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines += chunk.toString();
      done();
    },
  });
  const verifier = await startVerifier({
    policies: [policies], listen: { host: '127.0.0.1', port: 0 }, tls: { mode: 'self-managed', caLifetime: 60_000 }, trustRoots: [{ name: 'test', file: join(folder, 'root.json') }],
    kubeconfig, entry, deadline: 2_000, namespace: 'proofgate', name: 'proofgate-verifier', ...further,
  }, output);
  running.push(verifier);
  return verifier;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** As the API server would: by the name of the Service, trusting the published bundle only. */
function call(verifier: RunningVerifier, path: string, body?: object, ca = published()): Promise<Answer> {
  const [host, port] = verifier.address.split(':');
  return new Promise((resolve, reject) => {
    const call_ = httpsRequest({
      host, port, path, method: body === undefined ? 'GET' : 'POST', servername: 'proofgate-verifier.proofgate.svc', headers: { 'content-type': 'application/json' }, agent: new Agent({ ca }),
    }, (message) => {
      let text = '';
      message.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve({ status: message.statusCode ?? 0, text }));
    });
    call_.on('error', reject);
    call_.end(body === undefined ? undefined : JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: body }));
  });
}

function bundlesOf(path: string): string[] {
  const { webhooks } = api.objects.get(path) as unknown as { webhooks: Array<{ clientConfig: { caBundle?: string } }> };
  return webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8'));
}

function published(): string {
  return bundlesOf(HOOKS[0] ?? '')[0] ?? '';
}

/** Until it holds; gives up after the time in which two looks at the cluster fit. */
async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let wait = 0; !await holds(); wait += 1) {
    if (wait > 200) {
      throw new Error(`still not so; the log:\n${lines}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const image = `reg.test/acme/app@sha256:${createHash('sha256').update('x').digest('hex')}`;

async function saidOf(verifier: RunningVerifier, namespace: string, reference = image): Promise<string> {
  const { text } = await call(verifier, '/validate', request(pod({ containers: containers(reference) }), { namespace }));
  const { response } = JSON.parse(text) as { response: { allowed: boolean; auditAnnotations?: { reasons?: string } } };
  return response.allowed ? 'allowed' : response.auditAnnotations?.reasons ?? 'no reason';
}

test('started in a cluster it makes its certificate, publishes it in every entry, and is ready', async () => {
  const verifier = await start();
  expect(new Set(HOOKS.flatMap(bundlesOf)).size).toBe(1);
  await expect(call(verifier, '/readyz')).resolves.toEqual({ status: 200, text: 'ready\n' });
  await expect(call(verifier, '/healthz')).resolves.toMatchObject({ status: 200 });
  const metrics = await call(verifier, '/metrics');
  expect(metrics.text).toContain(`proofgate_policy_info{digest="${verifier.policyDigest}"} 1`);
  expect(await saidOf(verifier, 'default', 'reg.test/other/app')).toBe('UNMATCHED_IMAGE');
  expect(lines).not.toContain('PRIVATE KEY');
});

test('replicas that start at the same moment end with one authority, and each is trusted', async () => {
  const verifiers = await Promise.all([start(), start(), start()]);
  await eventually(async () => (await Promise.all(verifiers.map((verifier) => call(verifier, '/readyz').then(({ status }) => status, () => 0)))).every((status) => status === 200));
  expect(new Set(HOOKS.flatMap(bundlesOf)).size).toBe(1);
  expect(api.writes.filter((write) => write === `PUT ${SECRET}`)).toHaveLength(1);
}, 30_000);

test('without its Secret it does not start, and says what to do', async () => {
  api.objects.delete(SECRET);
  await expect(start()).rejects.toThrow(/Secret proofgate\/proofgate-verifier-tls cannot be read: apply the synthesized manifests again/);
});

test.each([[403, 'GET', /cannot be read: HTTP 403/], [403, 'PUT', /cannot be written: HTTP 403/], [500, 'GET', /cannot be read: HTTP 500/]])(
  'a Secret that answers %s to %s is told at start, without the answer\'s body', async (status, method, told) => {
    api.fault = (asked) => (asked === `${method} ${SECRET}` ? status : undefined);
    const failure: unknown = await start().catch((error: unknown) => error);
    expect(String(failure)).toMatch(told);
    expect(String(failure) + lines).not.toContain('SECRET-IN-BODY');
  });

test('a Secret that is deleted makes it unready; applied again, empty, it is ready with a new authority that is published', async () => {
  const verifier = await start();
  const before = published();
  api.objects.delete(SECRET);
  await eventually(async () => (await call(verifier, '/readyz')).status === 503);
  expect((await call(verifier, '/readyz')).text).toContain('apply the synthesized manifests again');
  expect(await saidOf(verifier, 'default', 'reg.test/other/app')).toBe('UNMATCHED_IMAGE');
  api.put(SECRET, { apiVersion: 'v1', kind: 'Secret', data: {} });
  await eventually(async () => published() !== before && (await call(verifier, '/readyz').catch(() => ({ status: 0 }))).status === 200);
}, 30_000);

test('a caBundle that somebody removed or replaced is written again', async () => {
  const verifier = await start();
  const good = published();
  api.put(HOOKS[0] ?? '', { webhooks: [{ name: 'a', clientConfig: {} }, { name: 'b', clientConfig: { caBundle: 'ZXZpbA==' } }, { name: 'c', clientConfig: {} }] });
  await eventually(() => bundlesOf(HOOKS[0] ?? '').every((bundle) => bundle === good));
  expect((await call(verifier, '/readyz')).status).toBe(200);
}, 30_000);

test('webhook configurations that are missing are a warning: they may be applied later', async () => {
  const hooks = HOOKS.map((path) => [path, api.objects.get(path)] as const);
  HOOKS.forEach((path) => api.objects.delete(path));
  const verifier = await start();
  expect(lines).toContain('webhook-configuration-missing');
  hooks.forEach(([path, object]) => api.put(path, object ?? {}));
  await eventually(() => HOOKS.flatMap(bundlesOf).every((bundle) => bundle.includes('CERTIFICATE') && bundle === published()));
  expect((await call(verifier, '/readyz')).status).toBe(200);
}, 30_000);

describe('policies that select namespaces by label', () => {
  const byLabel = { namespaces: { labels: { team: 'a' } } };

  test('labels come from the cluster, and changes count', async () => {
    api.putNamespace('guarded', { team: 'a' });
    api.putNamespace('free', { team: 'b' });
    const verifier = await start(byLabel);
    await eventually(async () => (await call(verifier, '/readyz')).status === 200);
    expect(await saidOf(verifier, 'guarded', 'reg.test/other')).toBe('UNMATCHED_IMAGE');
    expect(await saidOf(verifier, 'free', 'reg.test/other')).toBe('allowed');
    expect(await saidOf(verifier, 'unknown', 'reg.test/other')).toBe('NAMESPACE_UNKNOWN');
    api.putNamespace('free', { team: 'a' });
    await eventually(async () => await saidOf(verifier, 'free', 'reg.test/other') === 'UNMATCHED_IMAGE');
    api.putNamespace('unknown', {});
    await eventually(async () => await saidOf(verifier, 'unknown', 'reg.test/other') === 'allowed');
  }, 30_000);

  test('while the namespaces cannot be listed it is not ready, and refuses', async () => {
    api.putNamespace('free', { team: 'b' });
    api.fault = (asked) => (asked === 'GET /api/v1/namespaces' ? 403 : undefined);
    const verifier = await start(byLabel);
    const { status, text } = await call(verifier, '/readyz');
    expect(status).toBe(503);
    expect(text).toContain('labels of namespaces are not known');
    expect(await saidOf(verifier, 'free', 'reg.test/other')).toBe('NAMESPACE_UNKNOWN');
    api.fault = () => undefined;
    await eventually(async () => (await call(verifier, '/readyz')).status === 200);
    expect(await saidOf(verifier, 'free', 'reg.test/other')).toBe('allowed');
  }, 30_000);
});

test.each<[string, Partial<VerifierOptions>, RegExp]>([
  ['a policy that is not there', { policies: ['/nowhere.json'] }, /nowhere\.json: cannot be read/],
  ['no policy', { policies: [] }, /no file is given/],
  ['a trust root that is not there', { trustRoots: [{ name: 'test', file: '/nowhere.json' }] }, /trust root test.*nowhere\.json/],
  ['a registry configuration that is not there', { registryConfig: '/nowhere.yaml' }, /nowhere\.yaml: cannot be read/],
  ['a kubeconfig that is not there', { kubeconfig: '/nowhere' }, /--kubeconfig \/nowhere: cannot be used/],
  ['a certificate that is not there', { tls: { mode: 'files', certificateFile: '/nowhere.crt', keyFile: '/nowhere.key' } }, /nowhere/],
  ['a place that is not ours to listen on', { listen: { host: '203.0.113.1', port: 1 } }, /cannot listen on 203\.0\.113\.1:1/],
])('P05: %s ends the start with what is wrong', async (_what, options, told) => {
  await expect(start({}, options)).rejects.toThrow(told);
});

test('after stop nothing listens and nothing is asked of the cluster', async () => {
  const verifier = await start({ namespaces: { labels: { team: 'a' } } });
  const ca = published();
  await verifier.stop();
  await expect(call(verifier, '/healthz', undefined, ca)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  let asked = 0;
  api.fault = () => {
    asked += 1;
    return 500;
  };
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(asked).toBe(0);
}, 30_000);
