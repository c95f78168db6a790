import { builtCommand } from '../../support/command';
import { ProcessScene } from './scene';

jest.setTimeout(60_000);

const BY_LABEL = { namespaces: { labels: { team: 'a' } } };
const NAMESPACES = 'GET /api/v1/namespaces';
let scene: ProcessScene;

beforeAll(() => void builtCommand(), 120_000);
beforeEach(async () => {
  scene = await ProcessScene.create();
  scene.api.putNamespace('guarded', { team: 'a' });
  scene.api.putNamespace('free', { team: 'b' });
});
afterEach(async () => {
  passed = 0;
  jest.restoreAllMocks();
  await scene.close();
});

const now = performance.now.bind(performance);
let passed = 0;

/** From now on it is this much later, in milliseconds, for whoever measures how long something takes. */
function later(milliseconds: number): void {
  passed += milliseconds;
  jest.spyOn(performance, 'now').mockImplementation(() => now() + passed);
}

function isAboutNamespaces(call: string): boolean {
  return call === NAMESPACES || call === `${NAMESPACES}?watch`;
}

function asked(): number {
  return scene.api.calls.filter(isAboutNamespaces).length;
}

test('labels come from the cluster, and changes count', async () => {
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.isReady(verifier));
  expect(await scene.saidOf(verifier, 'guarded')).toBe('UNMATCHED_IMAGE');
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
  expect(await scene.saidOf(verifier, 'unknown')).toBe('NAMESPACE_UNKNOWN');
  scene.api.putNamespace('free', { team: 'a' });
  await scene.eventually(async () => await scene.saidOf(verifier, 'free') === 'UNMATCHED_IMAGE');
  scene.api.putNamespace('unknown', {});
  await scene.eventually(async () => await scene.saidOf(verifier, 'unknown') === 'not covered');
  scene.api.removeNamespace('unknown');
  await scene.eventually(async () => await scene.saidOf(verifier, 'unknown') === 'NAMESPACE_UNKNOWN');
});

test('where no policy selects by label, nothing is asked about namespaces', async () => {
  await scene.start();
  expect(asked()).toBe(0);
});

test('while the namespaces cannot be listed it is not ready, and refuses', async () => {
  scene.api.fault = (call) => (call === NAMESPACES ? 403 : undefined);
  const verifier = await scene.start(BY_LABEL);
  const { status, text } = await scene.call(verifier, '/readyz');
  expect(status).toBe(503);
  expect(text).toContain('labels of namespaces are not known');
  expect(await scene.saidOf(verifier, 'free')).toBe('NAMESPACE_UNKNOWN');
  expect(await scene.saidOf(verifier, 'guarded')).toBe('NAMESPACE_UNKNOWN');
  scene.api.fault = () => undefined;
  await scene.eventually(() => scene.isReady(verifier));
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
});

test.each<[string, () => void]>([
  ['expires (410 Gone)', () => scene.api.expireWatches()],
  ['is cut', () => scene.api.cutWatches()],
])('after a watch that %s, what changed in between counts: labels, new namespaces, deleted ones', async (_what, end) => {
  scene.api.putNamespace('going', {});
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.api.watching === 1);
  scene.api.putNamespaceUnheard('free', { team: 'a' });
  scene.api.putNamespaceUnheard('new', { team: 'b' });
  scene.api.objects.delete('/api/v1/namespaces/going');
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
  end();
  await scene.eventually(async () => await scene.saidOf(verifier, 'free') === 'UNMATCHED_IMAGE');
  expect(await scene.saidOf(verifier, 'new')).toBe('not covered');
  expect(await scene.saidOf(verifier, 'going')).toBe('NAMESPACE_UNKNOWN');
  expect(await scene.isReady(verifier)).toBe(true);
});

test('an API server that stays away: labels hold for half a minute, then everything they decide is refused, until it is back', async () => {
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.api.watching === 1);
  scene.api.fault = (call) => (isAboutNamespaces(call) ? 503 : undefined);
  scene.api.cutWatches();
  const before = asked();
  // Trying in vain must not count as knowing.
  await scene.eventually(() => asked() >= before + 2);
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
  expect(await scene.isReady(verifier)).toBe(true);
  later(30_000);
  expect(await scene.saidOf(verifier, 'free')).toBe('NAMESPACE_UNKNOWN');
  expect(await scene.saidOf(verifier, 'guarded')).toBe('NAMESPACE_UNKNOWN');
  expect((await scene.call(verifier, '/readyz')).status).toBe(503);
  scene.api.fault = () => undefined;
  await scene.eventually(() => scene.isReady(verifier));
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
});

/** Time passes until the watch under way has to end, and it ends in order. */
async function watchIsOver(): Promise<void> {
  const before = asked();
  later(10_000);
  scene.api.endWatches();
  await scene.eventually(() => asked() > before && scene.api.watching === 1);
}

test('watches that end in order keep labels known: quiet clusters are no fault', async () => {
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.api.watching === 1);
  const lists = (): number => scene.api.calls.filter((call) => call === NAMESPACES).length;
  for (let ends = 0; ends < 6; ends += 1) {
    await watchIsOver();
  }
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
  expect(await scene.isReady(verifier)).toBe(true);
  expect(lists()).toBe(1);
});

test('all is listed again every five minutes, whatever watches tell', async () => {
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.api.watching === 1);
  scene.api.putNamespaceUnheard('free', { team: 'a' });
  for (let ends = 0; ends < 29; ends += 1) {
    await watchIsOver();
  }
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
  await watchIsOver();
  await watchIsOver();
  expect(await scene.saidOf(verifier, 'free')).toBe('UNMATCHED_IMAGE');
});

test('labels on which nothing was heard for half a minute are not known, on whatever connection', async () => {
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.api.watching === 1);
  later(29_000);
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
  later(1_001);
  expect(await scene.saidOf(verifier, 'free')).toBe('NAMESPACE_UNKNOWN');
  expect(await scene.isReady(verifier)).toBe(false);
});

test.each<[string, () => void]>([
  ['is ended with an error', () => scene.api.expireWatches()],
  ['tells something', () => scene.api.putNamespace('guarded', { team: 'a' })],
  ['ends in order', () => scene.api.endWatches()],
])('labels from before an outage stay unknown until all is listed again, also when a watch %s', async (_what, act) => {
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.api.watching === 1);
  later(3_600_000);
  scene.api.putNamespaceUnheard('free', { team: 'a' });
  // The API server has much to do after its outage.
  scene.api.fault = (call) => (call === NAMESPACES ? 429 : undefined);
  const before = asked();
  act();
  await scene.eventually(async () => asked() > before || await scene.saidOf(verifier, 'free') !== 'NAMESPACE_UNKNOWN' || _what === 'tells something');
  expect(await scene.saidOf(verifier, 'free')).toBe('NAMESPACE_UNKNOWN');
  expect(await scene.isReady(verifier)).toBe(false);
  scene.api.fault = () => undefined;
  scene.api.endWatches();
  await scene.eventually(() => scene.isReady(verifier));
  expect(await scene.saidOf(verifier, 'free')).toBe('UNMATCHED_IMAGE');
});

test('a watch that is over at once is none: what it should have told is listed', async () => {
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.api.watching === 1);
  scene.api.watchesEndAtOnce = true;
  scene.api.putNamespaceUnheard('free', { team: 'a' });
  scene.api.endWatches();
  await scene.eventually(async () => await scene.saidOf(verifier, 'free') === 'UNMATCHED_IMAGE');
});

test('many namespaces are listed page by page', async () => {
  scene.api.pageSize = 1;
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.isReady(verifier));
  expect(await scene.saidOf(verifier, 'guarded')).toBe('UNMATCHED_IMAGE');
  expect(await scene.saidOf(verifier, 'free')).toBe('not covered');
});

test('where it may list and not watch, the last list counts, and a new one is made every two seconds', async () => {
  scene.api.fault = (call) => (call === `${NAMESPACES}?watch` ? 403 : undefined);
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.isReady(verifier));
  scene.api.putNamespaceUnheard('free', { team: 'a' });
  await scene.eventually(async () => await scene.saidOf(verifier, 'free') === 'UNMATCHED_IMAGE');
  later(30_000);
  await scene.eventually(() => scene.isReady(verifier));
  expect(scene.lines).toContain('namespace-watch-broken');
});
