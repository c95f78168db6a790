import { renderWebhook, defaultSettings } from '../../lib/engines/webhook';
import { judgeManifests, StandingJudge } from '../../lib/refusals';
import { PolicyDocument } from '../../lib/policy/document';
import { smallPolicy } from '../policy/documents';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

const TRIAL: PolicyDocument = {
  ...smallPolicy, metadata: { name: 'trial' },
  spec: { ...smallPolicy.spec, images: ['ghcr.io/acme/trial/**'], action: { type: 'Audit', reason: 'first look', owner: 'platform', until: '2026-06-01' } },
};

interface Loose { [field: string]: Loose }

function render(documents: readonly PolicyDocument[] = [smallPolicy, TRIAL]): Loose[] {
  return structuredClone(renderWebhook({ documents, trustRoots: [], settings: defaultSettings })) as unknown as Loose[];
}

const indexOf = (objects: readonly Loose[], kind: string): number => objects.findIndex((object) => (object as { kind: unknown }).kind === kind);
const REPLICAS = [expect.objectContaining({ code: 'REPLICAS' })];

/** A judge that has found the objects sound. */
function judgeOf(objects: readonly unknown[]): StandingJudge {
  const judge = new StandingJudge();
  expect(judge.judge(objects, NOW)).toEqual([]);
  return judge;
}

test('the same objects are found to be what they were, sound or not', () => {
  const sound = render();
  expect(judgeOf(sound).judge(sound, NOW)).toEqual([]);

  const weak = render();
  weak[indexOf(weak, 'Deployment')]!.spec!.replicas = 1 as never;
  const judge = new StandingJudge();
  expect(judge.judge(weak, NOW)).toEqual(REPLICAS);
  expect(judge.judge(structuredClone(weak), NOW)).toEqual(REPLICAS);
});

test('an object that was changed in place is judged as it is now, and again when it is changed back', () => {
  const objects = render();
  const judge = judgeOf(objects);
  const { spec } = objects[indexOf(objects, 'Deployment')]!;
  const { replicas } = spec!;
  spec!.replicas = 1 as never;
  expect(judge.judge(objects, NOW)).toEqual(REPLICAS);
  spec!.replicas = replicas!;
  expect(judge.judge(objects, NOW)).toEqual([]);
});

test.each<[string, (weak: () => boolean, object: Loose) => object]>([
  ['toJSON', (weak, object) => ({ toJSON: () => ({ ...object, spec: { ...object.spec, replicas: weak() ? 1 : 3 } }) })],
  ['a getter', (weak, object) => Object.defineProperty({ ...object }, 'spec', { enumerable: true, get: () => ({ ...object.spec, replicas: weak() ? 1 : 3 }) })],
])('an object of which %s answers otherwise the second time is judged by what it answers then', (_, answering) => {
  const objects = render();
  let weak = false;
  const at = indexOf(objects, 'Deployment');
  const values = objects.with(at, answering(() => weak, objects[at]!) as Loose);
  const judge = judgeOf(values);
  weak = true;
  expect(judge.judge(values, NOW)).toEqual(REPLICAS);
});

test.each<[string, (objects: Loose[]) => unknown[]]>([
  ['one fewer', (objects) => objects.toSpliced(indexOf(objects, 'ConfigMap'), 1)],
  ['one twice', (objects) => [...objects, objects[0]]],
  ['something that JSON cannot hold at the end', (objects) => [...objects, undefined]],
  ['something that JSON cannot hold in the place of one', (objects) => objects.with(3, 1n as never)],
])('a set with %s is judged anew', (_, change) => {
  const changed = change(render());
  const findings = judgeOf(render()).judge(changed, NOW);
  expect(findings).not.toEqual([]);
  expect(findings).toEqual(judgeManifests(changed, NOW));
});

test('what is over by now is told, though no object has changed', () => {
  const objects = render();
  const judge = judgeOf(objects);
  expect(judge.judge(objects, NOW + 150 * DAY)).toEqual([]);
  expect(judge.judge(objects, NOW + 151 * DAY)).toEqual([expect.objectContaining({ code: 'EXPIRED' })]);
  expect(judge.judge(objects, NOW - 366 * DAY)).toEqual([expect.objectContaining({ code: 'WINDOW_TOO_LONG' })]);
  expect(judge.judge(objects, NOW)).toEqual([]);
});

test('nobody who changes what was found changes what is found next', () => {
  const objects = render();
  objects[indexOf(objects, 'Deployment')]!.spec!.replicas = 1 as never;
  const judge = new StandingJudge();
  const findings = judge.judge(objects, NOW);
  const found = structuredClone(findings);
  Object.assign(findings[0]!, { message: 'It is fine.' });
  findings.length = 0;
  expect(judge.judge(objects, NOW)).toEqual(found);
});
