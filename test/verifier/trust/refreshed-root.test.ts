import { SigstoreWorld } from '../../support/sigstore';
import { TrustScene } from './scene';

jest.setTimeout(60_000);

const DAY = 24 * 60 * 60 * 1000;
const [ONE, TWO] = ['one.test', 'two.test'].map((name) => JSON.stringify(SigstoreWorld.create({ name }).trustedRoot)) as [string, string];

let scene: TrustScene;

afterEach(async () => {
  jest.restoreAllMocks();
  await scene.close();
});

describe('a root that is fetched', () => {
  test('is missing until it was, which nobody waits for who does not ask', async () => {
    scene = await TrustScene.start(ONE);
    expect(scene.now).toBe('its content is not known: it has not been fetched yet');
    scene.root.start(0);
    await scene.settle();
    expect(scene.now).toBe(ONE);
    expect(scene.told).toMatchObject({ event: 'trust-root-refreshed', trustRoot: 'test', version: 1, changed: true });
  });

  test('is waited for no longer than the deadline, and not when the first attempt is over', async () => {
    scene = await TrustScene.start(ONE);
    scene.repository.odd.set('timestamp.json', () => undefined);
    scene.root.start(0);
    await expect(scene.settle(300)).rejects.toThrow(/ran out/);
    scene.repository.odd.clear();
    scene.repository.down = true;
    await scene.close();
    scene = await TrustScene.start(ONE);
    scene.repository.down = true;
    await scene.root.refresh();
    await scene.settle(300);
    expect(scene.now).toMatch(/^its content is not known: 2\.root\.json: no whole answer/);
  });

  test('is replaced as a whole by what the repository says next', async () => {
    scene = await TrustScene.start(ONE);
    await scene.root.refresh();
    const before = scene.trust.current();
    scene.repository.release(TWO);
    await scene.root.refresh();
    expect(scene.now).toBe(TWO);
    expect(scene.trust.current().digest).not.toBe(before.digest);
    // Who began under the roots from before goes on under them; the ones before these are gone.
    expect(scene.pools.map(({ closed }) => closed)).toEqual([true, false, false]);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(scene.pools.map(({ closed }) => closed)).toEqual([true, true, false]);
  });

  test('stays the very same where a new version holds the same', async () => {
    scene = await TrustScene.start(ONE);
    await scene.root.refresh();
    const before = scene.trust.current().digest;
    scene.repository.release(JSON.stringify(JSON.parse(ONE), undefined, 2));
    await scene.root.refresh();
    expect(scene.told).toMatchObject({ event: 'trust-root-refreshed', version: 2, changed: false });
    expect(scene.trust.current().digest).toBe(before);
    expect(scene.pools).toHaveLength(2);
  });

  test.each<[string, string, RegExp]>([
    ['names nobody', '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}', /names no authority and no log/],
    ['is no trust root', '{}', /is no trusted root/],
    ['is not JSON', 'hello', /cannot be read in exactly one way/],
    ['has a name twice', ONE.replace('{', '{"tlogs":[],'), /cannot be read in exactly one way/],
    ['has a log without a beginning', ONE.replace(/"validFor":\{"start":"[^"]*"\}/, '"validFor":{}'), /without the start of its validity/],
  ])('P08: keeps the content from before where the new one %s', async (_what, content, told) => {
    scene = await TrustScene.start(ONE);
    await scene.root.refresh();
    scene.repository.release(content);
    await scene.root.refresh();
    expect(scene.now).toBe(ONE);
    expect(scene.told).toMatchObject({ event: 'trust-root-refresh-failed', failures: 1, message: expect.stringMatching(told) as unknown });
    scene.repository.release(TWO);
    await scene.root.refresh();
    expect(scene.now).toBe(TWO);
  });
});

describe('the end of its metadata', () => {
  test('is when it is missing, with the mirror away; until then the last good content counts', async () => {
    scene = await TrustScene.start(ONE);
    await scene.root.refresh();
    scene.repository.down = true;
    scene.ahead = 6.9 * DAY;
    await scene.root.refresh();
    expect(scene.now).toBe(ONE);
    expect(scene.told).toMatchObject({ event: 'trust-root-refresh-failed', endsSoon: true });
    const { digest } = scene.trust.current();
    scene.ahead = 7.1 * DAY;
    expect(scene.now).toMatch(/^its metadata ended at .*, and no newer one is known: 2\.root\.json: no whole answer/);
    expect(scene.trust.current().digest).not.toBe(digest);
    scene.ahead = 0;
    scene.repository.down = false;
    scene.repository.release(ONE);
    await scene.root.refresh();
    expect(scene.now).toBe(ONE);
  });

  test('is not said to be near while it is far', async () => {
    scene = await TrustScene.start(ONE);
    await scene.root.refresh();
    scene.repository.down = true;
    await scene.root.refresh();
    expect(scene.told).toMatchObject({ event: 'trust-root-refresh-failed', endsSoon: false, ends: expect.stringMatching(/Z$/) as unknown });
  });

  test('P04: comes by the monotonic clock where the other one steps back', async () => {
    scene = await TrustScene.start(ONE);
    await scene.root.refresh();
    scene.ahead = -365 * DAY;
    expect(scene.now).toBe(ONE);
    const at = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => at + 8 * DAY);
    expect(scene.now).toMatch(/^its metadata ended/);
  });

  test.each<[string, boolean]>([
    ['is not put off by the same metadata that is fetched again while the clock is back', false],
    ['twin: is put off by newer metadata', true],
  ])('P04: %s', async (_what, isNewer) => {
    scene = await TrustScene.start(ONE);
    await scene.root.refresh();
    scene.ahead = -3 * DAY;
    if (isNewer) {
      scene.repository.release(ONE);
    }
    await scene.root.refresh();
    expect(scene.told).toMatchObject({ event: 'trust-root-refreshed', changed: false });
    const at = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => at + 8 * DAY);
    const ended = expect.stringMatching(/^its metadata ended/) as unknown;
    expect(scene.now).toEqual(isNewer ? ONE : ended);
  });
});

describe('a root that ships', () => {
  test('counts from the beginning, whatever becomes of the mirror', async () => {
    scene = await TrustScene.start(TWO, { shipped: ONE });
    scene.repository.down = true;
    await scene.root.refresh();
    expect([scene.now, scene.root.ends]).toEqual([ONE, undefined]);
    scene.repository.down = false;
    await scene.root.refresh();
    expect(scene.now).toBe(TWO);
    scene.repository.down = true;
    scene.ahead = 365 * DAY;
    expect([scene.now, scene.root.ends]).toEqual([TWO, undefined]);
  });
});

test('after its end nobody is asked any more', async () => {
  scene = await TrustScene.start(ONE);
  scene.root.start(0);
  scene.root.stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(scene.repository.asked).toEqual([]);
});
