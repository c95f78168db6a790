import { Gate } from '../../../lib/verifier/gate';
import { ImageJudge } from '../../../lib/verifier/judge/image-judge';
import { EvidenceVerifier, Registry, VerifierError } from '../../../lib/verifier/ports';
import { OciRegistry } from '../../../lib/verifier/registry';
import { REGISTRY_LIMITS } from '../../../lib/verifier/registry/limits';
import { ownReaders } from '../../support/readers';
import { faults } from '../../support/registry';
import { containing } from '../../support/texts';
import { Answer, containers, pod, policy, request, RequestOptions, SceneOptions, WebhookScene } from '../admission/scene';

let scene: WebhookScene;

async function start(options: SceneOptions = {}): Promise<void> {
  scene = await WebhookScene.start(options);
}

afterEach(() => scene.close());

const template = (...images: string[]): object => request({ spec: { template: { spec: { containers: containers(...images) } } } }, { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } });

const ask = (image: string, options: RequestOptions = {}, path = '/validate'): Promise<Answer> => scene.review(path, request(pod({ containers: containers(image) }), options));

/** Everything that JavaScript lets one throw. */
const THROWN: ReadonlyArray<[string, () => unknown]> = [
  ['an Error', () => new Error('SECRET')], ['a TypeError', () => new TypeError('SECRET')], ['a RangeError', () => new RangeError('SECRET')],
  ['an error with a code', () => Object.assign(new Error('SECRET'), { code: 'EMFILE' })], ['an AbortError', () => new DOMException('SECRET', 'AbortError')],
  ['an AggregateError', () => new AggregateError([new Error('SECRET')])], ['a text', () => 'SECRET'], ['undefined', () => undefined], ['null', () => null], ['a number', () => 7],
  ['an object without prototype', () => Object.create(null) as unknown], ['an error that cannot be shown', () => Object.defineProperty({}, 'message', { get: thrower })],
];

function thrower(): never {
  throw new Error('SECRET');
}

/** Of a registry that took all the time it is the registry that has to be looked at. */
const saidOf = (code: string): string => (code === 'DEADLINE' ? 'REGISTRY_UNAVAILABLE' : code);
const KNOWN = ['REGISTRY_UNAVAILABLE', 'IMAGE_NOT_FOUND', 'LIMIT', 'MALFORMED', 'DEADLINE', 'OVERLOADED', 'INTERNAL'] as const;

/** How a call can fail: at once, later, and never. */
const WAYS: ReadonlyArray<[string, (error: unknown) => Promise<never>]> = [
  ['throws', (error) => {
    throw error;
  }],
  ['rejects', async (error) => {
    await Promise.resolve();
    throw error;
  }],
  ['rejects later', async (error) => {
    await new Promise((resolve) => setImmediate(resolve));
    throw error;
  }],
];

describe.each(WAYS)('P23: a part that %s', (_way, fail) => {
  const places: ReadonlyArray<[string, (thrown: () => unknown) => SceneOptions]> = [
    ['the registry, resolving', (thrown) => ({ registry: (real) => withChanges(real, { resolve: () => fail(thrown()) }) })],
    ['the registry, reading bundles', (thrown) => ({ registry: (real) => withChanges(real, { bundles: () => fail(thrown()) }) })],
    ['the cryptography', (thrown) => ({ evidence: (): EvidenceVerifier => ({ verify: () => fail(thrown()) }) })],
    ['the judge', (thrown) => ({ judge: (real) => Object.assign(Object.create(real) as ImageJudge, { judge: () => fail(thrown()) }) })],
    ['the gate', (thrown) => ({ gate: Object.assign(new Gate(), { pass: () => fail(thrown()) }) })],
  ];

  test.each(places)('%s: with whatever it fails, the answer is a refusal that says INTERNAL and keeps the secret', async (_place, options) => {
    for (const [, thrown] of THROWN) {
      await start(options(thrown));
      const answer = await scene.review('/validate', template(scene.tag('good')));
      expect(answer).toMatchObject({ status: 200, response: { allowed: false, status: { message: containing('[INTERNAL]') } } });
      expect(answer.text).not.toContain('SECRET');
      expect(scene.unexpected).toHaveLength(1);
      await scene.close();
    }
    await start();
    expect((await scene.review('/validate', template(scene.tag('good')))).response.allowed).toBe(true);
  }, 60_000);

  test.each(KNOWN)('with the reason %s: the refusal says it', async (code) => {
    await start({ registry: (real) => withChanges(real, { bundles: () => fail(new VerifierError(code, 'a reason')) }) });
    expect((await ask(scene.good)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: saidOf(code) }, status: { message: containing(`[${saidOf(code)}]`) } });
    expect(scene.unexpected).toEqual([]);
    expect(scene.cache.size).toBe(0);
  });

  test('the pinning entry says so as a warning, and the validating one refuses', async () => {
    await start({ registry: (real) => withChanges(real, { resolve: () => fail(new Error('SECRET')) }) });
    const answer = await ask(scene.tag('good'), {}, '/mutate');
    expect(answer).toMatchObject({ status: 200, response: { allowed: true, warnings: [containing('[INTERNAL]')] } });
    expect(answer.response).not.toHaveProperty('patch');
    expect((await ask(scene.tag('good'))).response.allowed).toBe(false);
  });
});

test('P23: a directory of namespaces that throws', async () => {
  await start({
    namespaces: {
      contextOf: () => {
        throw new Error('SECRET');
      },
    },
  });
  for (const path of ['/validate', '/audit']) {
    expect((await ask(scene.good, {}, path)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'INTERNAL' } });
  }
  expect((await ask(scene.tag('good'), {}, '/mutate')).response).toMatchObject({ allowed: true, warnings: [containing('[INTERNAL]')] });
});

test('P23: an observer that throws changes no answer and ends nothing', async () => {
  await start({
    observer: {
      answered: () => {
        throw new Error('the log is full');
      },
      rejected: () => {
        throw new Error('the log is full');
      },
    },
  });
  expect((await ask(scene.good)).response.allowed).toBe(true);
  expect((await ask(scene.bad)).response.allowed).toBe(false);
  expect((await scene.send('/validate', '{')).status).toBeGreaterThanOrEqual(400);
  expect((await ask(scene.good)).response.allowed).toBe(true);
});

test('P23: a log that throws whatever it is told ends a connection at most', async () => {
  await start({ observer: { answered: thrower, rejected: thrower, unexpected: thrower }, namespaces: { contextOf: thrower } });
  await expect(ask(scene.good).then(({ status, response }) => status === 200 && response.allowed === true, () => false)).resolves.toBe(false);
  await expect(scene.send('/healthz', '', { method: 'GET' })).resolves.toMatchObject({ status: 200 });
});

test('P23: a metrics page that fails is 500 without a word about why, and reviews go on', async () => {
  await start({ metrics: () => Promise.reject(new Error('SECRET')) });
  await expect(scene.send('/metrics', '', { method: 'GET' })).resolves.toMatchObject({ status: 500, text: 'internal error\n' });
  expect(scene.unexpected).toHaveLength(1);
  expect((await ask(scene.good)).response.allowed).toBe(true);
});

test('an image judge that answers with nonsense allows nothing', async () => {
  await start({ judge: (real) => Object.assign(Object.create(real) as ImageJudge, { judge: () => Promise.resolve(undefined) }) });
  expect((await ask(scene.good)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'INTERNAL' } });
});

describe('P02: the deadline is our own', () => {
  test.each([['the registry', 'referrers'], ['a bundle', 'blobs'], ['an artifact', 'manifests']])('%s hangs: REGISTRY_UNAVAILABLE, nothing is remembered, and the connection is given up', async (_what, path) => {
    await start({ deadline: 250 });
    scene.registry.fault(new RegExp(path), faults.hang);
    expect((await ask(scene.good)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'REGISTRY_UNAVAILABLE' } });
    expect(scene.cache.size).toBe(0);
  });

  test('cryptography that ends too late is neither an allow nor remembered', async () => {
    let finish = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await start({ deadline: 250, evidence: (real) => ({ verify: (...question) => late.then(() => real.verify(...question)) }) });
    expect((await ask(scene.good)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'DEADLINE' } });
    finish();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(scene.cache.size).toBe(0);
  });

  describe('who waits for memory when time is over', () => {
    let client: OciRegistry;
    let held: Promise<Answer>;

    /** Room for one answer. */
    const little: SceneOptions = {
      deadline: 1_000,
      readers: (host) => ownReaders(client = new OciRegistry(new Map([[host, { plainHttp: true }]]), REGISTRY_LIMITS, new Gate({ capacity: 1, waiting: 8 }))),
    };

    /** Evidence that is being checked for ever is kept. */
    async function hold(): Promise<void> {
      await start({ ...little, evidence: () => ({ verify: () => new Promise(() => undefined) }) });
      held = ask(scene.signed('held'));
      while (!scene.registry.asked.some((line) => line.includes('blobs'))) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }

    afterEach(() => client.close());

    const large = faults.bytes(`{"layers":[]}${' '.repeat(128 * 1024)}`);

    test('is not told that the registry kept silent, but that time is over', async () => {
      await hold();
      scene.registry.fault(/manifests\/good/, large);
      const [evidence, tag] = await Promise.all([ask(scene.good), ask(scene.tag('good'), {}, '/mutate')]);
      expect(evidence.response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'DEADLINE' } });
      expect(tag.response).toMatchObject({ allowed: true, warnings: [containing('[DEADLINE]')] });
      await held;
    });

    test('is told so where it is the registry that keeps silent', async () => {
      await start(little);
      scene.registry.fault(/blobs|manifests\/good/, faults.hang);
      const [evidence, tag] = await Promise.all([ask(scene.good), ask(scene.tag('good'), {}, '/mutate')]);
      expect(evidence.response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'REGISTRY_UNAVAILABLE' } });
      expect(tag.response).toMatchObject({ allowed: true, warnings: [containing('[REGISTRY_UNAVAILABLE]')] });
    });
  });

  test('a judge that never answers, and does not listen, either: DEADLINE', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    await start({ deadline: 100, judge: (real) => Object.assign(Object.create(real) as ImageJudge, { judge: never, pin: never }) });
    expect((await ask(scene.good)).response).toMatchObject({ allowed: false, status: { message: containing('[DEADLINE]') } });
    expect((await ask(scene.tag('good'), {}, '/mutate')).response).toMatchObject({ allowed: true, warnings: [containing('[DEADLINE]')] });
  });

  test('of many images, those that hang are named; a good one alone is allowed meanwhile', async () => {
    await start({ deadline: 1_000 });
    expect((await ask(scene.good)).response.allowed).toBe(true);
    scene.registry.fault(/referrers/, faults.hang);
    const slow = scene.review('/validate', request(pod({ containers: containers(scene.good, scene.bad) })));
    expect((await ask(scene.good)).response.allowed).toBe(true);
    const { response } = await slow;
    expect(response.allowed).toBe(false);
    expect(response.status?.message).toContain(scene.bad);
    expect(response.status?.message).not.toContain(scene.good);
  });
});

describe('P24: overload', () => {
  /** Asks about images that the registry keeps silent about until it is mended, each once it is asked about, and each for a namespace of its own. */
  async function asksInVain(images: readonly string[]): Promise<() => Promise<unknown[]>> {
    const mend = scene.registry.fault(/referrers/, faults.hang);
    const waiting: Array<Promise<Answer>> = [];
    for (const image of images) {
      waiting.push(ask(image, { namespace: `waiting-${waiting.length}` }));
      while (scene.webhook.busy < waiting.length) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    return async () => {
      mend();
      while (scene.registry.requests.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      scene.registry.connections.forEach((socket) => socket.destroy());
      return (await Promise.all(waiting)).map(({ response }) => response.allowed);
    };
  }

  const exemption = (image: string): object => ({
    apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'lab' },
    spec: { image: image.split('@')[0], digests: [image.split('@')[1]], namespaces: { names: ['default'] }, reason: 'r', owner: 'o', until: new Date(Date.now() + 86_400_000).toISOString() },
  });

  test('beyond the questions that may wait for evidence, the answer is OVERLOADED at once; when they are answered, it is an allow', async () => {
    await start({ places: 4 });
    const answers = await asksInVain([0, 1].map((index) => scene.signed(`image ${index}`)));
    for (const path of ['/validate', '/audit']) {
      expect((await ask(scene.good, {}, path)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'OVERLOADED' }, status: { message: containing('Try again') } });
    }
    expect((await ask(scene.tag('good'), {}, '/mutate')).response).toMatchObject({ allowed: true, warnings: [containing('[OVERLOADED]')] });
    expect(await answers()).toEqual([true, true]);
    expect((await ask(scene.good)).response.allowed).toBe(true);
    expect((await ask(scene.tag('good'), {}, '/mutate')).response).toHaveProperty('patch');
    expect(scene.webhook.busy).toBe(0);
  });

  test('where nothing more may wait, what is remembered or exempted, and what needs no evidence, is answered as ever', async () => {
    const lab = `sha256:${'1'.repeat(64)}`;
    await start({ places: 4, documents: (host) => [policy('app', host), exemption(`${host}/acme/lab@${lab}`)] });
    expect((await ask(scene.good)).response.allowed).toBe(true);
    const answers = await asksInVain([0, 1].map((index) => scene.signed(`image ${index}`)));
    expect((await ask(scene.bad)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'OVERLOADED' } });
    expect((await ask(scene.good)).response.allowed).toBe(true);
    expect((await ask(`${scene.registry.host}/acme/lab@${lab}`)).response.allowed).toBe(true);
    expect((await ask(`${scene.registry.host}/acme/lab@sha256:${'2'.repeat(64)}`)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'OVERLOADED' } });
    expect((await ask(scene.bad, { operation: 'DELETE' })).response.allowed).toBe(true);
    expect((await ask('other.test/app:v1')).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'UNMATCHED_IMAGE' } });
    expect(await answers()).toEqual([true, true]);
  });

  test('one image that everybody asks for and nobody gets takes no place from another of its registry', async () => {
    await start({ places: 8 });
    const slow = scene.signed('slow');
    const answers = await asksInVain([slow, slow]);
    expect((await ask(slow)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'OVERLOADED' } });
    const other = ask(scene.good);
    while (scene.webhook.busy < 3) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await answers()).toEqual([true, true]);
    expect((await other).response.allowed).toBe(true);
  });

  test('tags of one repository that one namespace makes up take no place from another tag of it', async () => {
    await start({ places: 64 });
    const made = (index: number): Promise<Answer> => scene.review('/validate', template(scene.tag(`made-up-${index}`)));
    const mend = scene.registry.fault(/made-up/, faults.hang);
    const asked = Array.from({ length: 40 }, (_, index) => made(index));
    while (scene.registry.asked.filter((line) => line.includes('made-up')).length < 8) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await ask(scene.tag('good'), { namespace: 'quiet' }, '/mutate')).response).toHaveProperty('patch');
    expect((await ask(scene.good, { namespace: 'quiet' })).response.allowed).toBe(true);
    mend();
    scene.registry.connections.forEach((socket) => socket.destroy());
    const said = (await Promise.all(asked)).map(({ response }) => response.auditAnnotations?.['reasons']);
    expect(said.filter((reason) => reason === 'OVERLOADED')).toHaveLength(32);
  });

  test('tags of one repository that several namespaces wait for take no place from another tag of it', async () => {
    await start({ places: 8 });
    const mend = scene.registry.fault(/made-up/, faults.hang);
    const waiting = [1, 2, 3].map((index) => ask(scene.tag(`made-up-${index}`), { namespace: `n${index}` }, '/mutate'));
    while (scene.registry.asked.filter((line) => line.includes('made-up')).length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await ask(scene.tag('good'), { namespace: 'quiet' }, '/mutate')).response).toHaveProperty('patch');
    mend();
    scene.registry.connections.forEach((socket) => socket.destroy());
    expect((await Promise.all(waiting)).map(({ response }) => response.warnings?.[0])).toEqual([1, 2, 3].map(() => containing('[IMAGE_NOT_FOUND]')));
  });

  test('a Pod of many images waits in one place', async () => {
    await start({ places: 4 });
    const many = Array.from({ length: 20 }, (_, index) => scene.signed(`one of many ${index}`));
    expect((await scene.review('/validate', request(pod({ containers: many.map((image, index) => ({ name: `c${index}`, image })) })))).response.allowed).toBe(true);
  });

  /** One piece of work at a time, of which each takes a tenth of a second. */
  async function slowRegistry(): Promise<void> {
    await start({ gate: new Gate({ capacity: 2, waiting: 4_096 }), deadline: 4_000 });
    scene.registry.fault(/./, (_response, answer) => void setTimeout(answer, 50));
  }

  /** More images of the namespace `busy` than are answered within the deadline, twenty of each review at once. */
  async function flood(): Promise<() => Promise<string[]>> {
    const name = scene.good.split('@')[0] ?? '';
    const made = (review: number): string[] => Array.from({ length: 200 }, (_, index) => `${name}@sha256:${(1_000 * review + index).toString(16).padStart(64, 'a')}`);
    const reviews = [1, 2, 3, 4].map((review) => scene.review('/validate', request(pod({ containers: containers(...made(review)) }), { namespace: 'busy' })));
    while (scene.registry.requests.length < 4) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return async () => [...new Set((await Promise.all(reviews)).flatMap(({ response }) => response.auditAnnotations?.['reasons']?.split(',') ?? []))].sort();
  }

  test('hundreds of images that one namespace asks about at once hold up nobody else', async () => {
    await slowRegistry();
    const images = Array.from({ length: 6 }, (_, index) => scene.signed(`another's ${index}`));
    const refused = await flood();
    const others = await Promise.all(images.map((image) => ask(image, { namespace: 'quiet' })));
    expect(others.map(({ response }) => response.allowed)).toEqual([true, true, true, true, true, true]);
    // They all waited, and one was asked about when time was over.
    expect(await refused()).toEqual(['DEADLINE', 'REGISTRY_UNAVAILABLE']);
  });

  test('hundreds of images that one namespace asks about at once hold up nobody who asks for one of them', async () => {
    await slowRegistry();
    const images = Array.from({ length: 6 }, (_, index) => scene.signed(`everybody's ${index}`));
    const refused = await flood();
    const own = images.map((image) => ask(image, { namespace: 'busy' }));
    while (scene.webhook.busy < 10) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const others = await Promise.all(images.map((image) => ask(image, { namespace: 'quiet' })));
    expect(others.map(({ response }) => response.allowed)).toEqual([true, true, true, true, true, true]);
    // Found out once, for both.
    expect((await Promise.all(own)).map(({ response }) => response.allowed)).toEqual([true, true, true, true, true, true]);
    // They all waited, and one was asked about when time was over.
    expect(await refused()).toEqual(['DEADLINE', 'REGISTRY_UNAVAILABLE']);
  });

  test('of one review twenty images are asked about at the same time', async () => {
    await start({ gate: new Gate({ capacity: 1_000, waiting: 0 }), deadline: 1_500 });
    scene.registry.fault(/./, faults.hang);
    const name = scene.good.split('@')[0] ?? '';
    const asked = scene.review('/validate', request(pod({ containers: containers(...Array.from({ length: 60 }, (_, index) => `${name}@sha256:${index.toString(16).padStart(64, 'a')}`)) })));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(new Set(scene.registry.asked.map((path) => /a{10,}[0-9a-f]*/.exec(path)?.[0])).size).toBe(20);
    expect((await asked).response.allowed).toBe(false);
  });

  test('a full queue for the registry is OVERLOADED; what is remembered is answered beside it', async () => {
    await start({ gate: new Gate({ capacity: 1, waiting: 0 }) });
    expect((await ask(scene.good)).response.allowed).toBe(true);
    const mend = scene.registry.fault(/referrers/, faults.hang);
    const slow = ask(scene.signed('slow'));
    while (!scene.registry.asked.at(-1)?.includes('referrers')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await ask(scene.bad)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'OVERLOADED' } });
    expect((await ask(scene.good)).response.allowed).toBe(true);
    mend();
    scene.registry.connections.forEach((socket) => socket.destroy());
    expect((await slow).response.allowed).toBe(true);
  });
});

describe('P14: stopping', () => {
  test('what is in work is answered, nothing new is taken, and it ends when the last answer is given', async () => {
    let begun = 0;
    await start({
      judge: (real) => Object.assign(Object.create(real) as ImageJudge, {
        judge: (...question: Parameters<ImageJudge['judge']>) => {
          begun += 1;
          return real.judge(...question);
        },
      }),
    });
    const mend = scene.registry.fault(/referrers/, faults.hang);
    const inWork = Array.from({ length: 20 }, () => ask(scene.good));
    while (begun < inWork.length || scene.registry.requests.length < 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const stopped = scene.server.stop(60_000);
    await expect(ask(scene.bad)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
    mend();
    scene.registry.connections.forEach((socket) => socket.destroy());
    const answers = await Promise.all(inWork);
    expect(answers.map(({ response }) => response.allowed)).toEqual(answers.map(() => true));
    await stopped;
  });

  test('what does not end within the grace is cut off', async () => {
    await start();
    scene.registry.fault(/referrers/, faults.hang);
    const inWork = ask(scene.good);
    while (scene.registry.requests.length < 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const failed = expect(inWork).rejects.toThrow();
    await scene.server.stop(50);
    await failed;
  });
});

function withChanges(real: Registry, changes: Partial<Registry>): Registry {
  return {
    places: (reference) => real.places(reference),
    resolve: (...question) => real.resolve(...question),
    images: (...question) => real.images(...question),
    bundles: (...question) => real.bundles(...question),
    find: (...question) => real.find(...question),
    olderLayout: (...question) => real.olderLayout(...question),
    ...changes,
  };
}
