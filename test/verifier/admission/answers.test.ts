import { faults } from '../../support/registry';
import { containing } from '../../support/texts';
import { Answer, containers, pod, policy, request, RequestOptions, SceneOptions, WebhookScene } from './scene';

const UNTIL = Date.UTC(2027, 0, 1);
const AUDIT = { action: { type: 'Audit', reason: 'introduction', owner: 'platform', until: '2027-01-01' } };
let scene: WebhookScene;

afterEach(() => scene.close());

async function start(options: SceneOptions = {}): Promise<void> {
  scene = await WebhookScene.start(options);
}

const ask = (path: string, image: string, options: RequestOptions = {}): Promise<Answer> => scene.review(path, request(pod({ containers: containers(image) }), options));

describe('an audit window', () => {
  const inWindow = { documents: (host: string) => [policy('app', host, AUDIT)], now: () => UNTIL - 1 };

  test('while it is open, a violation is allowed and said aloud by the audit entry', async () => {
    await start(inWindow);
    const audited = await ask('/audit', scene.bad);
    expect(audited.response).toMatchObject({ allowed: true, warnings: [containing('[NO_SIGNATURE]')], auditAnnotations: { 'would-deny': 'NO_SIGNATURE' } });
    expect(audited.response.warnings?.[0]).toMatch(/^proofgate: policy app would refuse this from \d{4}-\d{2}-\d{2}: \[NO_SIGNATURE\] /);
    const fine = await ask('/audit', scene.good);
    expect(fine.response.warnings).toBeUndefined();
    expect(fine.response.auditAnnotations).not.toHaveProperty('would-deny');
  });

  test('the enforcing entry is not called there; where it is, the API server has other policies than the verifier, and nothing is allowed', async () => {
    await start(inWindow);
    expect((await ask('/validate', scene.good)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'NAMESPACE_UNKNOWN' } });
    await scene.close();
    await start({ ...inWindow, documents: (host) => [policy('app', host, AUDIT), policy('other', `${host}/other`)] });
    const { response } = await ask('/validate', scene.bad);
    expect(response).toMatchObject({ allowed: true, auditAnnotations: { 'policy-digest': containing('sha256:') } });
    // Whoever is to be warned is warned by the audit entry: here the answer must not depend on what is merely observed.
    expect([response.warnings, response.auditAnnotations?.['would-deny']]).toEqual([undefined, undefined]);
  });

  test('from its end on, a violation is refused by the running verifier', async () => {
    await start({ ...inWindow, now: () => UNTIL });
    expect((await ask('/validate', scene.bad)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'NO_SIGNATURE' } });
    expect((await ask('/validate', scene.good)).response.allowed).toBe(true);
  });

  test('an allow from within the window is not remembered beyond it', async () => {
    let now = UNTIL - 1;
    await start({ ...inWindow, now: () => now });
    expect((await ask('/audit', scene.bad)).response.allowed).toBe(true);
    now = UNTIL;
    expect((await ask('/validate', scene.bad)).response.allowed).toBe(false);
  });

  test('what the audit entry cannot find out is a warning and never a refusal', async () => {
    await start(inWindow);
    scene.registry.fault(/referrers/, faults.status(503));
    expect((await ask('/audit', scene.bad)).response).toMatchObject({ allowed: true, warnings: [containing('[REGISTRY_UNAVAILABLE]')] });
  });

  test('beside an enforced policy, the enforced one decides', async () => {
    await start({ documents: (host) => [policy('app', host), policy('later', host, AUDIT)], now: () => UNTIL - 1 });
    expect((await ask('/validate', scene.bad)).response.allowed).toBe(false);
    expect((await ask('/validate', scene.good)).response.allowed).toBe(true);
  });
});

describe('the audit entry refuses nothing before the end of the window, and everything that is wrong from then on', () => {
  const windowed = (now: number, further: SceneOptions = {}): SceneOptions => ({ documents: (host) => [policy('app', host, AUDIT)], now: () => now, ...further });

  test.each<[string, string, () => object]>([
    ['an unknown operation', 'UNSUPPORTED', () => request(pod({ containers: containers(scene.good) }), { operation: 'X' })],
    ['an unknown kind', 'UNSUPPORTED', () => request(pod({ containers: containers(scene.good) }), { kind: { group: 'a', version: 'b', kind: 'C' } })],
    ['an object that cannot be read', 'MALFORMED', () => request({ spec: 7 })],
    ['a reference that does not parse', 'MALFORMED', () => request(pod({ containers: containers('A b') }))],
    ['too many images', 'LIMIT', () => request(pod({ containers: containers(...Array.from({ length: 300 }, (_, index) => `reg.test/a:v${index}`)) }))],
    ['an unsigned image', 'NO_SIGNATURE', () => request(pod({ containers: containers(scene.bad) }))],
    ['an image that no policy names', 'UNMATCHED_IMAGE', () => request(pod({ containers: containers('reg.test/other') }))],
    ['a tag', 'TAG_NOT_PINNED', () => request(pod({ containers: containers(scene.tag('good')) }))],
  ])('%s: %s', async (_what, code, object) => {
    await start(windowed(UNTIL - 1));
    const open = await scene.review('/audit', object());
    expect(open.response).toMatchObject({ allowed: true, warnings: [containing(`[${code}]`)], auditAnnotations: { 'would-deny': code } });
    await scene.close();
    await start(windowed(UNTIL));
    const over = await scene.review('/audit', object());
    expect(over.response).toMatchObject({ allowed: false, auditAnnotations: { reasons: code }, status: { message: containing(`[${code}]`) } });
    expect((await ask('/audit', scene.good)).response).toMatchObject({ allowed: true });
  });

  test('overload', async () => {
    await start(windowed(UNTIL - 1, { places: 0 }));
    expect((await ask('/audit', scene.bad)).response).toMatchObject({ allowed: true, warnings: [containing('[OVERLOADED]')], auditAnnotations: { 'would-deny': 'OVERLOADED' } });
    await scene.close();
    await start(windowed(UNTIL, { places: 0 }));
    expect((await ask('/audit', scene.good)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'OVERLOADED' } });
  });

  test('labels that are not known', async () => {
    const documents = (host: string): object[] => [policy('app', host, { ...AUDIT, namespaces: { labels: { team: 'a' } } })];
    await start(windowed(UNTIL - 1, { documents }));
    expect((await ask('/audit', scene.good)).response).toMatchObject({ allowed: true, auditAnnotations: { 'would-deny': 'NAMESPACE_UNKNOWN' } });
    await scene.close();
    await start(windowed(UNTIL, { documents }));
    expect((await ask('/audit', scene.good)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'NAMESPACE_UNKNOWN' } });
  });

  test('labels that somebody else\'s policy needs block nobody while the window is open', async () => {
    const labelled = (host: string): object => policy('labelled', host, { namespaces: { labels: { team: 'a' } } });
    await start(windowed(UNTIL - 1, { documents: (host) => [labelled(host), policy('app', host, AUDIT)] }));
    expect((await ask('/audit', scene.bad)).response).toMatchObject({ allowed: true, auditAnnotations: { 'would-deny': 'NAMESPACE_UNKNOWN' } });
    expect((await ask('/validate', scene.bad)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'NAMESPACE_UNKNOWN' } });
  });

  test('what an enforced policy refuses is refused here, too', async () => {
    await start();
    expect((await ask('/audit', scene.bad)).response).toMatchObject({ allowed: false });
    expect((await ask('/audit', scene.good)).response).toMatchObject({ allowed: true });
  });

  test('the enforcing entry refuses what it cannot read whatever the window says', async () => {
    await start(windowed(UNTIL - 1));
    expect((await scene.review('/validate', request({ spec: 7 }))).response).toMatchObject({ allowed: false });
  });
});

describe('A10: a dry run', () => {
  test('is answered as the real one, and leaves nothing in memory', async () => {
    await start();
    expect((await ask('/validate', scene.bad, { dryRun: true })).response.allowed).toBe(false);
    expect((await ask('/validate', scene.good, { dryRun: true })).response.allowed).toBe(true);
    expect(scene.cache.size).toBe(0);
    expect((await ask('/validate', scene.good)).response.allowed).toBe(true);
    expect(scene.cache.size).toBe(1);
  });
});

describe('memory', () => {
  test('an allow is remembered and asks nobody; a refusal is not, and ends when the image is signed', async () => {
    await start();
    await ask('/validate', scene.good);
    scene.registry.fault(/./, faults.status(500));
    expect((await ask('/validate', scene.good)).response.allowed).toBe(true);
    expect((await ask('/validate', scene.bad)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'REGISTRY_UNAVAILABLE' } });
  });

  test('an outage is never remembered', async () => {
    await start();
    const mend = scene.registry.fault(/./, faults.status(500));
    expect((await ask('/validate', scene.good)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'REGISTRY_UNAVAILABLE' } });
    mend();
    expect((await ask('/validate', scene.good)).response.allowed).toBe(true);
  });
});

describe('large objects', () => {
  test('A32: 200 different images are each verified', async () => {
    await start();
    const images = Array.from({ length: 200 }, (_, index) => scene.signed(`image ${index}`));
    const allowed = await scene.review('/validate', request(pod({ containers: containers(...images) })));
    expect(allowed.response.allowed).toBe(true);
    expect(scene.cache.size).toBe(200);
    const denied = await scene.review('/validate', request(pod({ containers: containers(...images.slice(1), scene.bad) })));
    expect(denied.response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'NO_SIGNATURE' } });
  }, 60_000);

  test('A32: 200 times the same image is one verification, also when many ask at once', async () => {
    await start();
    const object = request(pod({ containers: containers(...Array.from({ length: 200 }, () => scene.good)) }));
    const answers = await Promise.all(Array.from({ length: 20 }, () => scene.review('/validate', object)));
    expect(answers.map(({ response }) => response.allowed)).toEqual(Array.from({ length: 20 }, () => true));
    expect(scene.registry.asked.filter((line) => line.includes('/referrers/'))).toHaveLength(1);
  });

  test('one reference more than the limit is LIMIT before anybody is asked', async () => {
    await start({ limits: { images: 10, references: 2 } });
    const three = [scene.good, scene.bad, scene.tag('x')];
    const { response } = await scene.review('/validate', request(pod({ containers: containers(...three) })));
    expect(response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'LIMIT' }, status: { message: containing('at most') } });
    expect(scene.registry.requests).toEqual([]);
    expect((await scene.review('/validate', request(pod({ containers: containers(scene.good, scene.good) })))).response.allowed).toBe(true);
    expect((await scene.review('/validate', request(pod({ containers: containers(...Array.from({ length: 11 }, () => scene.good)) })))).response.allowed).toBe(false);
  });

  test('of many refusals the first five are explained, and all are counted', async () => {
    await start();
    const images = Array.from({ length: 12 }, (_, index) => `${scene.registry.host}/acme/app@${scene.registry.pushImage('acme/app', `unsigned ${index}`)}`);
    const { response } = await scene.review('/validate', request(pod({ containers: containers(...images) })));
    expect(response.status?.message).toContain('and 7 more images');
    expect(response.status?.message?.length).toBeLessThan(8 * 1024);
  });

  test('warnings stay within what the API server takes', async () => {
    await start({ documents: (host) => [policy('a-policy-with-a-rather-long-name', host, AUDIT)], now: () => UNTIL - 1 });
    const long = `acme/${'a'.repeat(120)}`;
    const images = [long, ...Array.from({ length: 60 }, () => 'acme/app')]
      .map((repository, index) => `${scene.registry.host}/${repository}@${scene.registry.pushImage(repository, `unsigned ${index}`)}`);
    const { response } = await scene.review('/audit', request(pod({ containers: containers(...images) })));
    const { warnings = [] } = response;
    expect(warnings.length).toBeGreaterThan(5);
    expect(Math.max(...warnings.map((warning) => warning.length))).toBe(256);
    expect(Buffer.byteLength(warnings.join(''))).toBeLessThanOrEqual(4_096);
  });
});

test('an allow says nothing but the policy digest; a refusal names its codes in the audit annotations', async () => {
  await start();
  const { response } = await ask('/validate', scene.good);
  expect(Object.keys(response).sort()).toEqual(['allowed', 'auditAnnotations', 'uid']);
  expect(response.auditAnnotations).toEqual({ 'policy-digest': containing('sha256:') });
  expect((await ask('/validate', scene.bad)).response.auditAnnotations).toEqual({ 'policy-digest': containing('sha256:'), 'reasons': 'NO_SIGNATURE' });
});
