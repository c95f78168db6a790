import { defaultSettings, renderWebhook } from '../../lib/engines/webhook';
import { judgeManifests, lintManifests } from '../../lib/refusals';
import { put, smallPolicy } from '../policy/documents';

const NOW = Date.UTC(2026, 0, 1);
const BUNDLE: ReadonlyArray<{ readonly kind: string; readonly [field: string]: unknown }> = [
  ...renderWebhook({ documents: [smallPolicy], trustRoots: [], settings: { ...defaultSettings, floor: true } }),
  // One that somebody else wrote.
  {
    apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'image-policy', labels: { a: 'b' } },
    webhooks: [{
      name: 'images.acme.example', clientConfig: { service: { namespace: 'images', name: 'images' } }, sideEffects: 'None', admissionReviewVersions: ['v1'], failurePolicy: 'Fail', timeoutSeconds: 5,
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }],
    }],
  },
];

/** Values that break whoever turns them into a text, a number or a key. */
const HOSTILE: readonly unknown[] = [
  null, '\ud800', [null], { toString: null, valueOf: 1 }, { toJSON: 1 }, JSON.parse('{"__proto__": {"own": true}}'), 'constructor', 10n ** 30n,
];

/** Every place in a value, as `put` takes it. */
function placesIn(value: unknown, path: readonly string[] = []): string[] {
  const below = typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([key, item]) => (key.includes('.') ? [] : placesIn(item, [...path, key])));
  return path.length === 0 ? below : [path.join('.'), ...below];
}

test('whatever stands in whatever field, a judgement ends with findings that can be read', () => {
  let judged = 0;
  for (const [index, manifest] of BUNDLE.entries()) {
    for (const place of placesIn(manifest)) {
      // Three values for each place, in turn: every field meets some, and every value meets fields of every kind.
      for (const value of [0, 1, 2].map((turn) => HOSTILE[(judged + turn) % HOSTILE.length])) {
        // A whole bundle each time, so that rules that look for other objects meet the value as well.
        const findings = lintManifests(BUNDLE.map((object, at) => (at === index ? put(object, place, value) : object)), NOW);
        judged += 1;
        for (const { object, path, message } of findings) {
          expect([object, path, message].every((text) => typeof text === 'string')).toBe(true);
        }
      }
    }
  }
  expect(judged).toBeGreaterThan(1000);
});

test.each<[string, unknown]>([
  ['a cycle', (() => {
    const cyclic: { [field: string]: unknown } = { apiVersion: 'v1', kind: 'ConfigMap' };
    cyclic['self'] = cyclic;
    return cyclic;
  })()],
  ['depth', JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
  ['a getter that throws', {
    get kind() {
      throw new Error('no');
    },
  }],
])('%s is a finding of its own', (_name, value) => {
  expect(judgeManifests([smallPolicy, value], NOW)).toEqual([expect.objectContaining({ code: 'INVALID_DOCUMENT', object: 'Object 2' })]);
  expect(judgeManifests([smallPolicy, { kind: 'Pod' }], NOW)).toEqual([]);
});

test('depth in the text of a policy ends no judgement', () => {
  const deep = `${'{"a":['.repeat(20_000)}${']}'.repeat(20_000)}`;
  const objects = BUNDLE.map((object) => (object.kind === 'ConfigMap' ? put(object, 'data', { 'policy.json': deep }) : object));
  expect(judgeManifests(objects, NOW).map(({ code }) => code)).toEqual(expect.arrayContaining(['INVALID_DOCUMENT', 'POLICY_CONTENT']));
});
