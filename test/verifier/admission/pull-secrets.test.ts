import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectCluster } from '../../../lib/verifier/cluster/connect';
import { ClusterPullSecrets } from '../../../lib/verifier/cluster/pull-secrets';
import { BYTES_LIMITS, Gate } from '../../../lib/verifier/gate';
import { PullReaders } from '../../../lib/verifier/pull/readers';
import { OciRegistry, parseRegistryConfig } from '../../../lib/verifier/registry';
import { RegistryAuth } from '../../support/registry/auth';
import { basicAuth, BearerAuth } from '../../support/registry';
import { KubernetesApi } from '../process/kubernetes-api';
import { Answer, containers, pod, request, RequestOptions, WebhookScene } from './scene';

// Many an answer is asked for in turn, on machines that do other things as well.
jest.setTimeout(30_000);

const PULLER = { username: 'puller', password: 'SECRET-OF-A' };
const OTHER = { username: 'puller', password: 'SECRET-OF-NOBODY' };
/** A registry that everybody may read. */
const OPEN: RegistryAuth = { challenge: () => undefined, answerToken: () => false };
const DEPLOYMENT = { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } };

let folder: string;
let api: KubernetesApi;
let scene: WebhookScene;
let readers: PullReaders;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pull-'));
  api = await KubernetesApi.start();
});

afterEach(async () => {
  readers.close();
  await scene.close();
  await api.close();
  rmSync(folder, { recursive: true });
});

async function start(auth: RegistryAuth = basicAuth(PULLER.username, PULLER.password), optIn = 'pullSecrets: [pull, more]', clients = 64): Promise<void> {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, api.kubeconfig);
  const cluster = connectCluster(kubeconfig);
  if (cluster === undefined) {
    throw new Error('no cluster');
  }
  scene = await WebhookScene.start({
    auth,
    readers: (host) => {
      const config = parseRegistryConfig(`${host}: {plainHttp: true, ${optIn}}`, join(folder, 'registries.yaml'));
      const memory = new Gate(BYTES_LIMITS);
      return readers = new PullReaders({ own: new OciRegistry(config), config, secrets: new ClusterPullSecrets(cluster), memory, clients });
    },
  });
}

const pathOf = (namespace: string, name: string): string => `/api/v1/namespaces/${namespace}/secrets/${name}`;

/** Puts a Secret with these bytes. */
function putBytes(namespace: string, name: string, bytes: string | Uint8Array, further: object = {}): void {
  api.put(pathOf(namespace, name), {
    apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': Buffer.from(bytes).toString('base64') }, ...further,
  });
}

/** Puts a pull Secret for a place in the registry. */
function put(namespace: string, credential: object, { name = 'pull', place = '' } = {}): void {
  putBytes(namespace, name, JSON.stringify({ auths: { [`${scene.registry.host}${place}`]: credential } }));
}

/** What a Pod of a namespace is told. */
function ask(namespace: string, names: readonly unknown[] = ['pull'], image = scene.good, options: RequestOptions = {}, path = '/validate'): Promise<Answer> {
  return scene.review(path, request(pod({ containers: containers(image), imagePullSecrets: names.map((name) => ({ name })) }), { namespace, ...options }));
}

/** The same of a template, where a tag is judged by what it points to. */
function deploy(namespace: string, names: readonly string[], image: string): Promise<Answer> {
  const spec = { containers: containers(image), imagePullSecrets: names.map((name) => ({ name })) };
  return scene.review('/validate', request({ spec: { template: { spec } } }, { namespace, ...DEPLOYMENT }));
}

/** `allowed`, or the reasons. */
function outcome({ response }: Answer): string {
  return response.allowed === true ? 'allowed' : String(response.auditAnnotations?.['reasons']);
}

async function outcomes(answers: ReadonlyArray<() => Promise<Answer>>): Promise<string[]> {
  const said: string[] = [];
  for (const answer of answers) {
    said.push(outcome(await answer()));
  }
  return said;
}

const read = (): string[] => api.calls.filter((call) => call.includes('/secrets/'));

describe('G15: of two namespaces with the same image the one with pull rights is allowed', () => {
  test.each(['a first', 'b first'])('%s, however often they ask', async (order) => {
    await start();
    put('a', PULLER);
    const [a, b] = [() => ask('a'), () => ask('b', [])];
    await expect(outcomes(order === 'a first' ? [a, b, a, b] : [b, a, b, a])).resolves.toEqual(
      order === 'a first' ? ['allowed', 'REGISTRY_UNAVAILABLE', 'allowed', 'REGISTRY_UNAVAILABLE'] : ['REGISTRY_UNAVAILABLE', 'allowed', 'REGISTRY_UNAVAILABLE', 'allowed'],
    );
  });

  test('also when it names the Secret of the other, which is never read for it', async () => {
    await start();
    put('a', PULLER);
    await expect(outcomes([() => ask('a'), () => ask('b')])).resolves.toEqual(['allowed', 'REGISTRY_UNAVAILABLE']);
    expect(read()).toEqual(['GET /api/v1/namespaces/a/secrets/pull', 'GET /api/v1/namespaces/b/secrets/pull']);
    put('b', PULLER);
    expect(outcome(await ask('b'))).toBe('allowed');
  });

  test('also when it has a credential that the registry does not take', async () => {
    await start();
    put('a', PULLER);
    put('b', OTHER);
    const { response } = await ask('b');
    expect(response.status?.message).toContain('no credential of the workload\'s pull Secrets allows reading this repository');
    await expect(outcomes([() => ask('a'), () => ask('b'), () => ask('a')])).resolves.toEqual(['allowed', 'REGISTRY_UNAVAILABLE', 'allowed']);
  });

  test('also when both ask at the same time', async () => {
    await start();
    put('a', PULLER);
    put('b', OTHER);
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    scene.registry.fault(/referrers/, (_response, proceed) => void held.then(proceed));
    const first = ask('a');
    while (!scene.registry.asked.some((asked) => asked.includes('referrers'))) {
      await pause(5);
    }
    const second = ask('b');
    while (read().length < 2) {
      await pause(5);
    }
    await pause(50);
    answer();
    expect([outcome(await first), outcome(await second)]).toEqual(['allowed', 'REGISTRY_UNAVAILABLE']);
  });

  test('also when the Secrets of both are read at the same time', async () => {
    await start();
    put('a', PULLER);
    put('b', OTHER);
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    api.hold = () => held;
    const answers = [ask('a'), ask('b'), ask('a')];
    await pause(100);
    answer();
    expect((await Promise.all(answers)).map(outcome)).toEqual(['allowed', 'REGISTRY_UNAVAILABLE', 'allowed']);
    // Who asks for the same one shares the call.
    expect(read().sort()).toEqual(['GET /api/v1/namespaces/a/secrets/pull', 'GET /api/v1/namespaces/b/secrets/pull']);
  });

  test('also where tokens are given out, of which none serves another credential', async () => {
    await start(new BearerAuth(PULLER));
    put('a', PULLER);
    put('b', OTHER);
    await expect(outcomes([() => ask('a'), () => ask('b'), () => ask('b', [])])).resolves.toEqual(['allowed', 'REGISTRY_UNAVAILABLE', 'REGISTRY_UNAVAILABLE']);
  });

  test('in templates and by tag', async () => {
    await start();
    put('a', PULLER);
    const good = scene.tag('good');
    await expect(outcomes([() => deploy('a', ['pull'], good), () => deploy('b', [], good), () => deploy('a', [], good)])).resolves.toEqual(['allowed', 'REGISTRY_UNAVAILABLE', 'REGISTRY_UNAVAILABLE']);
  });

  test('and its tags are pinned, the others\' are not', async () => {
    await start();
    put('a', PULLER);
    const pinned = (namespace: string): Promise<Answer> => ask(namespace, namespace === 'a' ? ['pull'] : [], scene.tag('good'), {}, '/mutate');
    const [ours, theirs] = [(await pinned('a')).response, (await pinned('b')).response];
    expect([typeof ours.patch, ours.warnings]).toEqual(['string', undefined]);
    expect([theirs.patch, theirs.warnings?.join()]).toEqual([undefined, expect.stringContaining('REGISTRY_UNAVAILABLE')]);
  });
});

test('G15: an image that everybody may read needs no Secret, and what nobody signed is refused with every right', async () => {
  await start(OPEN);
  expect(outcome(await ask('b', []))).toBe('allowed');
  readers.close();
  await scene.close();
  await start();
  put('a', PULLER);
  expect(outcome(await ask('a', ['pull'], scene.bad))).toBe('NO_SIGNATURE');
});

describe('G15: what is read', () => {
  test('is a Secret that the registry\'s settings name, and no other', async () => {
    await start();
    put('a', PULLER, { name: 'database' });
    const { response } = await ask('a', ['database']);
    expect(response.status?.message).toContain('of its imagePullSecrets those called pull, more are read, in its own namespace');
    expect(read()).toEqual([]);
    put('a', PULLER, { name: 'more' });
    expect(outcome(await ask('a', ['database', '', 'more', 'more']))).toBe('allowed');
    expect(read()).toEqual(['GET /api/v1/namespaces/a/secrets/more']);
  });

  test('is nothing for a registry without the opt-in', async () => {
    await start(OPEN, 'tokenHost: token.test');
    put('a', PULLER);
    expect(outcome(await ask('a'))).toBe('allowed');
    expect(read()).toEqual([]);
  });

  test('is nothing for an image that no policy names, for a tag in a Pod, and for an update that leaves images alone', async () => {
    await start();
    put('a', PULLER);
    const spec = { containers: containers(scene.good), imagePullSecrets: [{ name: 'pull' }] };
    expect(outcome(await ask('a', ['pull'], `reg.evil.test/app@sha256:${'a'.repeat(64)}`))).toBe('UNMATCHED_IMAGE');
    expect(outcome(await ask('a', ['pull'], scene.tag('good')))).toBe('TAG_NOT_PINNED');
    await api.close();
    const update = await scene.review('/validate', request(pod(spec, { labels: { a: 'b' } }), { namespace: 'a', operation: 'UPDATE', oldObject: pod(spec) }));
    expect(outcome(update)).toBe('allowed');
    expect([read(), scene.registry.asked]).toEqual([[], []]);
    api = await KubernetesApi.start();
  });

  test('is what is there now: a credential that is taken away or comes back acts at once', async () => {
    await start();
    put('a', PULLER);
    expect(outcome(await ask('a'))).toBe('allowed');
    put('a', OTHER);
    expect(outcome(await ask('a'))).toBe('REGISTRY_UNAVAILABLE');
    put('a', PULLER);
    expect(outcome(await ask('a'))).toBe('allowed');
    api.objects.delete(pathOf('a', 'pull'));
    expect(outcome(await ask('a'))).toBe('REGISTRY_UNAVAILABLE');
  });

  test.each<[string, string, object, object]>([
    ['the longest path of all', 'allowed', { place: '/acme', credential: OTHER }, { place: '/acme/app', credential: PULLER }],
    ['the longest path, and where it does not help a shorter one', 'allowed', { place: '', credential: PULLER }, { place: '/acme', credential: OTHER }],
    ['the first of two for one place', 'allowed', { place: '/acme', credential: PULLER }, { place: '/acme', credential: OTHER }],
    ['the first of two for one place, and where it does not help the second', 'allowed', { place: '/acme', credential: OTHER }, { place: '/acme', credential: PULLER }],
    ['none of those that do not help', 'REGISTRY_UNAVAILABLE', { place: '/acme', credential: OTHER }, { place: '', credential: { username: 'another', password: 'SECRET' } }],
    ['none for another place', 'REGISTRY_UNAVAILABLE', { place: '/acm', credential: PULLER }, { place: '/acme/app/x', credential: PULLER }],
  ])('of several Secrets counts %s: %s', async (_what, expected, first, second) => {
    await start();
    [first, second].forEach((given, index) => {
      const { place, credential } = given as { readonly place: string; readonly credential: object };
      put('a', credential, { name: index === 0 ? 'pull' : 'more', place });
    });
    expect(outcome(await ask('a', ['pull', 'more']))).toBe(expected);
  });
});

describe('G15: of several credentials for one place', () => {
  test.each<[string, () => RegistryAuth]>([['passwords', () => basicAuth(PULLER.username, PULLER.password)], ['tokens', () => new BearerAuth(PULLER)]])(
    'the one that the registry takes is found, and used from then on: %s', async (_what, auth) => {
      await start(auth());
      put('a', OTHER);
      put('a', PULLER, { name: 'more' });
      expect(outcome(await ask('a', ['pull', 'more']))).toBe('allowed');
      const refused = (): number => scene.registry.requests.filter(({ headers }) => headers.authorization === `Basic ${Buffer.from(`${OTHER.username}:${OTHER.password}`).toString('base64')}`).length;
      const before = refused();
      expect(before).toBeGreaterThan(0);
      expect(outcome(await ask('a', ['pull', 'more'], scene.bad))).toBe('NO_SIGNATURE');
      expect(outcome(await ask('b', ['pull', 'more']))).toBe('REGISTRY_UNAVAILABLE');
      expect(refused()).toBeLessThanOrEqual(2 * before);
    });

  test('what was allowed with both is not for who has but the one that is not taken', async () => {
    await start();
    put('a', OTHER);
    put('a', PULLER, { name: 'more' });
    put('b', OTHER);
    const [both, one] = [() => ask('a', ['pull', 'more']), () => ask('b', ['pull'])];
    await expect(outcomes([both, one, both, one])).resolves.toEqual(['allowed', 'REGISTRY_UNAVAILABLE', 'allowed', 'REGISTRY_UNAVAILABLE']);
  });

  test.each([[8, 'allowed'], [9, 'REGISTRY_UNAVAILABLE']])('the last of %i: %s', async (count, expected) => {
    const names = Array.from({ length: count }, (_, index) => `pull-${index}`);
    await start(undefined, `pullSecrets: [${names.join(', ')}]`);
    names.forEach((name, index) => put('a', index === count - 1 ? PULLER : { username: `u${index}`, password: 'SECRET' }, { name }));
    expect(outcome(await ask('a', names))).toBe(expected);
  });

  test('one that may read no longer gives way to one that may', async () => {
    let taken = PULLER;
    const now: RegistryAuth = {
      challenge: (...asked) => basicAuth(taken.username, taken.password).challenge(...asked),
      answerToken: () => false,
    };
    await start(now);
    put('a', PULLER);
    put('a', OTHER, { name: 'more' });
    const forbidden = scene.registry.fault(/./, (response, answer) => {
      const { authorization } = scene.registry.requests.at(-1)?.headers ?? {};
      return authorization !== undefined && now.challenge(scene.registry.requests.at(-1)!, '', '') !== undefined ? void response.writeHead(403).end() : answer();
    });
    expect(outcome(await ask('a', ['pull', 'more']))).toBe('allowed');
    taken = OTHER;
    const asked: string[] = [];
    for (const image of ['second', 'third'].map((name) => scene.signed(name))) {
      asked.push(outcome(await ask('a', ['pull', 'more'], image)));
    }
    forbidden();
    expect(asked).toEqual(['REGISTRY_UNAVAILABLE', 'allowed']);
  });
});

describe('G15: a Secret that cannot be read leaves the question open, and says nothing of what is in it', () => {
  const SOUND = JSON.stringify({ auths: { 'reg.test': PULLER } });

  test.each<[string, string | Uint8Array, object]>([
    ['is not there', '', { gone: true }],
    ['is not of the type kubernetes.io/dockerconfigjson', SOUND, { type: 'Opaque' }],
    ['is not of the type kubernetes.io/dockerconfigjson', SOUND, { type: 'kubernetes.io/dockercfg' }],
    ['has no .dockerconfigjson', SOUND, { data: { '.dockercfg': Buffer.from(SOUND).toString('base64') } }],
    ['has no .dockerconfigjson', SOUND, { data: undefined }],
    ['holds more than 65536 bytes', JSON.stringify({ auths: {}, padding: 'SECRET '.repeat(10_000) }), {}],
    ['cannot be read in exactly one way', 'SECRET', {}],
    ['cannot be read in exactly one way', '{"auths":{"https://u:SECRET@reg.test":{"auth":"x"}}}', {}],
    ['cannot be read in exactly one way', `{"auths":{},"auths":{"reg.test":${JSON.stringify(PULLER)}}}`, {}],
    ['cannot be read in exactly one way', '{"auths":{"reg.test":{"auth":"SECRET"}}}', {}],
  ])('%s', async (told, bytes, further) => {
    await start();
    putBytes('a', 'pull', bytes, further);
    if ('gone' in further) {
      api.objects.delete(pathOf('a', 'pull'));
    }
    const { response, text } = await ask('a');
    expect(outcome(await ask('a'))).toBe('REGISTRY_UNAVAILABLE');
    expect(response.status?.message).toContain(`the pull Secret a/pull ${told}`);
    expect(text + JSON.stringify([scene.answered, scene.rejected])).not.toContain('SECRET');
    expect([scene.unexpected, scene.registry.asked]).toEqual([[], []]);
    put('a', PULLER);
    expect(outcome(await ask('a'))).toBe('allowed');
  });

  test.each<[string, number]>([['HTTP 403', 403], ['HTTP 500', 500], ['HTTP 401', 401]])('is refused by the API server with %s, also where an allow is remembered', async (told, status) => {
    await start();
    put('a', PULLER);
    expect(outcome(await ask('a'))).toBe('allowed');
    api.fault = (call) => (call.includes('/secrets/') ? status : undefined);
    const { response, text } = await ask('a');
    expect(response.status?.message).toContain(`the pull Secret a/pull cannot be read (${told} from the API server)`);
    expect(text).not.toContain('SECRET');
    api.fault = () => undefined;
    expect(outcome(await ask('a'))).toBe('allowed');
  });

  test('nobody answers', async () => {
    await start();
    put('a', PULLER);
    await api.close();
    const { response } = await ask('a');
    expect(response.status?.message).toContain('the pull Secret a/pull cannot be read (no answer that can be used from the API server)');
    api = await KubernetesApi.start();
  });

  test.each<[string, object]>([['no list', { imagePullSecrets: 'pull' }], ['a text in it', { imagePullSecrets: ['pull'] }], ['a number as a name', { imagePullSecrets: [{ name: 1 }] }]])(
    'nor does an object that says it with %s', async (_what, wrong) => {
      await start();
      put('a', PULLER);
      const said = async (spec: object): Promise<string> => outcome(await scene.review('/validate', request(pod({ containers: containers(scene.good), ...spec }), { namespace: 'a' })));
      expect(await said(wrong)).toBe('MALFORMED');
      expect(await said({ imagePullSecrets: [{ name: 'pull' }, {}, { name: null }] })).toBe('allowed');
    });

  test('a namespace whose name leads elsewhere is asked for nothing', async () => {
    await start();
    api.put('/api/v1/secrets/pull', {});
    expect(outcome(await ask('..'))).toBe('REGISTRY_UNAVAILABLE');
    expect(api.calls).toEqual([]);
  });
});

test('G15: what was told to the registry is in no answer and no event', async () => {
  await start();
  put('a', PULLER);
  put('b', OTHER);
  const texts = [await ask('a'), await ask('b'), await ask('b', [])].map(({ text }) => text).join();
  const told = scene.registry.requests.map(({ headers }) => headers.authorization ?? []).flat();
  expect(told.length).toBeGreaterThan(0);
  for (const secret of [PULLER.password, OTHER.password, ...told, ...told.map((header) => header.split(' ')[1] ?? '')]) {
    expect(texts + JSON.stringify([scene.answered, scene.rejected])).not.toContain(secret);
  }
});

describe('G15: clients for single credentials', () => {
  test('are a bounded number, of which those in use stay', async () => {
    await start(OPEN, 'pullSecrets: [pull]', 1);
    put('a', PULLER);
    put('b', OTHER);
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const release = scene.registry.fault(/referrers/, (_response, proceed) => void held.then(proceed));
    const first = ask('a');
    while (!scene.registry.asked.some((asked) => asked.includes('referrers'))) {
      await pause(5);
    }
    expect(outcome(await ask('b'))).toBe('OVERLOADED');
    answer();
    release();
    expect([outcome(await first), outcome(await ask('b'))]).toEqual(['allowed', 'allowed']);
    await pause(20);
    // The first one went, with its connections.
    expect(scene.registry.connections.size).toBeLessThanOrEqual(8);
    expect(outcome(await ask('a', ['pull'], scene.signed('another good one')))).toBe('allowed');
  });
});
