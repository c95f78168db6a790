import { SigstoreWorld } from '../../support/sigstore';
import { containers, pod, policy, request, WebhookScene } from '../admission/scene';
import { TrustScene } from './scene';

jest.setTimeout(60_000);

const DAY = 24 * 60 * 60 * 1000;

let roots: TrustScene;
let scene: WebhookScene;

beforeEach(async () => {
  roots = await TrustScene.start(JSON.stringify(SigstoreWorld.create({ name: 'nobody.test' }).trustedRoot));
  scene = await WebhookScene.start({ trust: roots.trust });
  await hold(JSON.stringify(scene.world.trustedRoot));
});
afterEach(async () => {
  await scene.close();
  await roots.close();
});

/** What the repository says from now on. */
async function hold(content: string): Promise<void> {
  roots.repository.release(content);
  await roots.root.refresh();
}

async function outcome(image: string, path = '/validate'): Promise<string> {
  const { response } = await scene.review(path, request(pod({ containers: containers(image) })));
  return response.allowed === true ? 'allowed' : String(response.auditAnnotations?.['reasons']);
}

function withoutLogs(): string {
  const other = SigstoreWorld.create({ name: 'other.test' }).trustedRoot;
  return JSON.stringify({ ...scene.world.trustedRoot, certificateAuthorities: other.certificateAuthorities });
}

test('an allow does not outlive the authority that it rests on, and one that was lost and is back counts again', async () => {
  expect(await outcome(scene.good)).toBe('allowed');
  expect(scene.cache.size).toBe(1);
  await hold(withoutLogs());
  expect(await outcome(scene.good)).toBe('UNTRUSTED_CERTIFICATE');
  await hold(JSON.stringify(scene.world.trustedRoot));
  expect(await outcome(scene.good)).toBe('allowed');
});

test('an allow is remembered over a refresh that changes nothing', async () => {
  expect(await outcome(scene.good)).toBe('allowed');
  const { length } = scene.registry.requests;
  await hold(JSON.stringify(scene.world.trustedRoot));
  expect(await outcome(scene.good)).toBe('allowed');
  expect(scene.registry.requests).toHaveLength(length);
});

test('a root whose metadata is over allows nothing, not even from memory, and says why', async () => {
  expect(await outcome(scene.good)).toBe('allowed');
  roots.ahead = 8 * DAY;
  expect(await outcome(scene.good)).toBe('TRUST_ROOT_UNAVAILABLE');
  expect(await outcome(scene.bad)).toBe('TRUST_ROOT_UNAVAILABLE');
  roots.ahead = 0;
  expect(await outcome(scene.good)).toBe('allowed');
  expect(await outcome(scene.bad)).toBe('NO_SIGNATURE');
});

test('a root that is being fetched for the first time is waited for', async () => {
  const first = await TrustScene.start(JSON.stringify(scene.world.trustedRoot));
  const cold = await WebhookScene.start({ trust: first.trust });
  try {
    first.repository.release(JSON.stringify(cold.world.trustedRoot));
    first.root.start(200);
    const { response } = await cold.review('/validate', request(pod({ containers: containers(cold.good) })));
    expect(response.allowed).toBe(true);
  } finally {
    await cold.close();
    await first.close();
  }
});

test('who is asked while the root is replaced answers under one of the two, never under a mixture', async () => {
  const answers: string[] = [];
  const asking = (async (): Promise<void> => {
    for (let count = 0; count < 20; count += 1) {
      answers.push(await outcome(scene.signed(`image ${count}`)));
    }
  })();
  await hold(withoutLogs());
  await asking;
  const turn = answers.indexOf('UNTRUSTED_CERTIFICATE');
  expect(new Set(answers)).toEqual(new Set(turn < 0 ? ['allowed'] : turn === 0 ? ['UNTRUSTED_CERTIFICATE'] : ['allowed', 'UNTRUSTED_CERTIFICATE']));
  expect(turn < 0 || answers.slice(turn).every((answer) => answer === 'UNTRUSTED_CERTIFICATE')).toBe(true);
  expect(await outcome(scene.signed('the last one'))).toBe('UNTRUSTED_CERTIFICATE');
});

describe('beside a root that is missing', () => {
  const keyless = { type: 'keyless', issuer: 'https://token.actions.githubusercontent.com', subject: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main' };

  async function start(requirements: object[], world: SigstoreWorld): Promise<{ scene: WebhookScene; roots: TrustScene }> {
    const beside = await TrustScene.start(JSON.stringify(world.trustedRoot));
    const own = await WebhookScene.start({
      trust: beside.trust,
      documents: (host) => [policy('app', host, { attestors: { release: { ...keyless, trustRoot: 'fixed' }, other: { ...keyless, trustRoot: 'test' } }, requirements })],
    });
    await beside.trust.replace({ name: 'fixed', json: JSON.stringify(own.world.trustedRoot) });
    beside.repository.down = true;
    await beside.root.refresh();
    return { scene: own, roots: beside };
  }

  const signedBy = (name: string, ...attestors: string[]): object => ({ type: 'signature', name, attestors });

  test.each<[string, object[], string]>([
    ['the word of another attestor is enough where one of them is', [signedBy('any', 'release', 'other')], 'allowed'],
    ['the word of another attestor is not enough where both are needed', [signedBy('one', 'release'), signedBy('two', 'other')], 'TRUST_ROOT_UNAVAILABLE'],
  ])('%s', async (_what, requirements, expected) => {
    const both = await start(requirements, SigstoreWorld.create());
    try {
      const { response } = await both.scene.review('/validate', request(pod({ containers: containers(both.scene.good) })));
      expect(response.allowed === true ? 'allowed' : response.auditAnnotations?.['reasons']).toBe(expected);
    } finally {
      await both.scene.close();
      await both.roots.close();
    }
  });
});
