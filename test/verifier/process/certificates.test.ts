import { Manifest } from '../../../lib/engines/manifest';
import { defaultSettings, renderWebhook } from '../../../lib/engines/webhook';
import { mintAuthority } from '../../../lib/verifier/tls/authority';
import { toSecretData } from '../../../lib/verifier/tls/authorities';
import { builtCommand } from '../../support/command';
import { policy } from '../admission/scene';
import { HOOKS, ProcessScene, SECRET } from './scene';

jest.setTimeout(60_000);

let scene: ProcessScene;

beforeAll(() => void builtCommand(), 120_000);
beforeEach(async () => {
  scene = await ProcessScene.create();
});
afterEach(() => scene.close());

test('started in a cluster it makes its certificate, publishes it in every entry, and is ready', async () => {
  const verifier = await scene.start();
  expect(new Set(HOOKS.flatMap((path) => scene.bundlesOf(path))).size).toBe(1);
  await expect(scene.call(verifier, '/readyz')).resolves.toEqual({ status: 200, text: 'ready\n' });
  await expect(scene.call(verifier, '/healthz')).resolves.toMatchObject({ status: 200 });
  expect((await scene.call(verifier, '/metrics')).text).toContain(`proofgate_policy_info{digest="${verifier.policyDigest}"} 1`);
  expect(await scene.saidOf(verifier, 'default')).toBe('UNMATCHED_IMAGE');
  expect(scene.lines).not.toContain('PRIVATE KEY');
});

test('replicas that start at the same moment end with one authority, and each is trusted', async () => {
  let refused = 0;
  // All read the empty Secret before the first of them writes: only the resource version keeps them apart.
  const together = waitFor(3);
  scene.api.hold = (call) => (call === `GET ${SECRET}` ? together() : Promise.resolve());
  scene.api.answered = (call, status) => (refused += Number(call === `PUT ${SECRET}` && status === 409));
  const verifiers = await Promise.all([scene.start(), scene.start(), scene.start()]);
  await scene.eventually(async () => (await Promise.all(verifiers.map((verifier) => scene.isReady(verifier)))).every((ready) => ready));
  expect(new Set(HOOKS.flatMap((path) => scene.bundlesOf(path))).size).toBe(1);
  expect(scene.api.writes.filter((write) => write === `PUT ${SECRET}`)).toHaveLength(1);
  expect(refused).toBe(2);
  // Those that were refused took over what they found, and never published anything of their own.
  expect(scene.lines.match(/"authorities-changed"/g)).toHaveLength(1);
});

test('entries that change places between reading and writing are not written by the places that they had', async () => {
  const [hook = ''] = HOOKS;
  const statuses: number[] = [];
  let reads = 0;
  scene.api.answered = (call, status) => void (call === `PATCH ${hook}` && statuses.push(status));
  scene.api.hold = (call) => {
    if (call === `GET ${hook}` && reads++ === 0) {
      scene.api.put(hook, { webhooks: [{ name: 'new', clientConfig: {} }, { name: 'a', clientConfig: {} }] });
    }
    return Promise.resolve();
  };
  await expect(scene.start()).rejects.toThrow(/caBundle of webhook configuration proofgate-verifier cannot be kept up: HTTP 422/);
  await scene.start();
  expect(statuses).toEqual([422, 200]);
  expect(new Set(scene.bundlesOf(hook)).size).toBe(1);
});

test('a Secret that always changes in between is given up, and told', async () => {
  scene.api.fault = (asked) => (asked === `PUT ${SECRET}` ? 409 : undefined);
  await expect(scene.start()).rejects.toThrow(/Secret proofgate\/proofgate-verifier-tls changes faster than it can be written; look who else writes it/);
});

test('without its Secret it does not start, and says what to do', async () => {
  scene.api.objects.delete(SECRET);
  await expect(scene.start()).rejects.toThrow(/Secret proofgate\/proofgate-verifier-tls cannot be read: apply the synthesized manifests again/);
});

test.each([[403, 'GET', /cannot be read: HTTP 403/], [403, 'PUT', /cannot be written: HTTP 403/], [500, 'GET', /cannot be read: HTTP 500/]])(
  'a Secret that answers %s to %s is told at start, without the answer\'s body', async (status, method, told) => {
    scene.api.fault = (asked) => (asked === `${method} ${SECRET}` ? status : undefined);
    const failure: unknown = await scene.start().catch((error: unknown) => error);
    expect(String(failure)).toMatch(told);
    expect(String(failure) + scene.lines).not.toContain('SECRET-IN-BODY');
  });

test('P03: a Secret that is deleted makes it unready; applied again, empty, it is ready with a new authority that is published', async () => {
  const verifier = await scene.start();
  const before = scene.published;
  scene.api.objects.delete(SECRET);
  await scene.eventually(async () => !await scene.isReady(verifier));
  expect((await scene.call(verifier, '/readyz')).text).toContain('apply the synthesized manifests again');
  expect(await scene.saidOf(verifier, 'default')).toBe('UNMATCHED_IMAGE');
  scene.api.put(SECRET, { apiVersion: 'v1', kind: 'Secret', data: {} });
  await scene.eventually(async () => scene.published !== before && await scene.isReady(verifier));
});

test.each<[string, () => Promise<object> | object]>([
  ['emptied', () => ({})],
  ['garbled', () => ({ 'ca.crt': 'bm9uc2Vuc2U=', 'ca.key': 'bm9uc2Vuc2U=' })],
  ['with somebody else\'s key', async () => {
    const [one, other] = await Promise.all([mintAuthority(60_000, Date.now()), mintAuthority(60_000, Date.now())]);
    return toSecretData({ current: { certificate: one.certificate, key: other.key } });
  }],
  ['with an authority that is over', async () => toSecretData({ current: await mintAuthority(60_000, Date.now() - 120_000) })],
])('a Secret %s while it runs is filled with a new authority, which is published and used', async (_what, data) => {
  const verifier = await scene.start();
  const before = scene.published;
  scene.api.put(SECRET, { apiVersion: 'v1', kind: 'Secret', data: await data() });
  const isTold = (): boolean => HOOKS.flatMap((path) => scene.bundlesOf(path)).every((bundle) => bundle !== before && bundle === scene.published);
  await scene.eventually(async () => isTold() && await scene.isReady(verifier));
});

test('P03: with a new authority in place of one that was lost, what other replicas still show stays trusted', async () => {
  await scene.start();
  const before = scene.published;
  scene.api.put(SECRET, { apiVersion: 'v1', kind: 'Secret', data: {} });
  await scene.eventually(() => scene.published !== before);
  expect(scene.published).toContain(before);
});

test('an authority that is in the Secret already is taken over, not replaced', async () => {
  const authority = await mintAuthority(60_000, Date.now());
  scene.api.put(SECRET, { apiVersion: 'v1', kind: 'Secret', data: toSecretData({ current: authority }) });
  const verifier = await scene.start();
  expect(scene.published).toBe(authority.certificate);
  expect(await scene.isReady(verifier)).toBe(true);
  expect(scene.api.writes).not.toContain(`PUT ${SECRET}`);
});

test('a caBundle that somebody removed or replaced is written again', async () => {
  const verifier = await scene.start();
  const good = scene.published;
  scene.api.put(HOOKS[0] ?? '', { webhooks: [{ name: 'a', clientConfig: {} }, { name: 'b', clientConfig: { caBundle: 'ZXZpbA==' } }, { name: 'c', clientConfig: {} }] });
  await scene.eventually(() => scene.bundlesOf(HOOKS[0] ?? '').every((bundle) => bundle === good));
  expect(await scene.isReady(verifier)).toBe(true);
});

test('a caBundle that cannot be written makes it unready, and says why', async () => {
  const verifier = await scene.start();
  const ca = scene.published;
  scene.api.fault = (asked) => (asked === `PATCH ${HOOKS[0] ?? ''}` ? 403 : undefined);
  scene.api.put(HOOKS[0] ?? '', { webhooks: [{ name: 'a', clientConfig: {} }] });
  await scene.eventually(async () => (await scene.call(verifier, '/readyz', undefined, ca)).status === 503);
  expect((await scene.call(verifier, '/readyz', undefined, ca)).text).toContain('caBundle of webhook configuration proofgate-verifier cannot be kept up: HTTP 403');
  scene.api.fault = () => undefined;
  await scene.eventually(() => scene.isReady(verifier));
});

test('webhook configurations that are missing are a warning: they may be applied later', async () => {
  const hooks = HOOKS.map((path) => [path, scene.api.objects.get(path)] as const);
  HOOKS.forEach((path) => scene.api.objects.delete(path));
  const verifier = await scene.start();
  expect(scene.lines).toContain('ValidatingWebhookConfiguration proofgate-verifier is missing');
  hooks.forEach(([path, object]) => scene.api.put(path, object ?? {}));
  await scene.eventually(() => HOOKS.flatMap((path) => scene.bundlesOf(path)).every((bundle) => bundle.includes('CERTIFICATE') && bundle === scene.published));
  expect(await scene.isReady(verifier)).toBe(true);
});

test('P13: webhook configurations that are not as they were synthesized are told, counted, and no more once they are back', async () => {
  const input = { documents: [policy('app', 'reg.test')] as never, trustRoots: [], settings: defaultSettings };
  const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
  const rendered = kinds.map((kind) => renderWebhook(input).find((object) => object.kind === kind) as Manifest & { webhooks: object[] });
  HOOKS.forEach((path, index) => scene.api.put(path, rendered[index] ?? {}));
  const verifier = await scene.start();
  const counted = async (): Promise<string> => /^proofgate_webhook_configuration_drift (\d+)$/m.exec((await scene.call(verifier, '/metrics')).text)?.[1] ?? 'absent';
  expect(await counted()).toBe('0');
  const [entry, ...others] = rendered[0]!.webhooks;
  const { clientConfig } = (scene.api.objects.get(HOOKS[0] ?? '') as unknown as { webhooks: [{ clientConfig: object }] }).webhooks[0];
  scene.api.put(HOOKS[0] ?? '', { ...rendered[0], webhooks: [{ ...entry, clientConfig, failurePolicy: 'Ignore' }, ...others] });
  await scene.eventually(async () => await counted() === '1');
  expect(scene.lines).toContain('failurePolicy is \\"Ignore\\", expected \\"Fail\\"');
  expect(await scene.isReady(verifier)).toBe(true);
  scene.api.put(HOOKS[0] ?? '', { ...rendered[0], webhooks: [{ ...entry, clientConfig }, ...others] });
  await scene.eventually(async () => await counted() === '0');
});

/** Lets go when so many wait; everybody later passes. */
function waitFor(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === count) {
      open();
    }
    return opened;
  };
}
