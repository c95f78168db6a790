import { readFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Fault, hang, reset, status } from '../../support/registry/faults';
import { creation } from '../reviews';
import { VERDICT_CACHE_LIMITS } from '../../../lib/verifier/judge/verdict-cache';
import { faultRow, inMinutes, ProcessRow } from '../row';
import { REGISTRY_NAME, sleep, Stage } from '../stage';
import { Outcome } from '../tally';

const AWAY = ['REGISTRY_UNAVAILABLE'];
/** More than wait at once in one replica. */
const CROWD = 1_200;
const FAULTS: readonly { readonly name: string; readonly what: string; readonly fault: Fault; readonly lasts: number }[] = [
  { name: 'registry-500', what: 'answers 500', fault: status(500), lasts: 5_000 },
  { name: 'registry-429', what: 'answers 429 and asks to come back in an hour', fault: status(429, { 'retry-after': '3600' }), lasts: 5_000 },
  { name: 'registry-resets', what: 'breaks the connection', fault: reset, lasts: 5_000 },
  { name: 'registry-hangs', what: 'never answers', fault: hang, lasts: 12_000 },
];

/** @param long - milliseconds of the partition */
export const registryRows = (long: number): readonly ProcessRow[] => [
  ...FAULTS.flatMap(({ name, what, fault, lasts }) => [1, 10, 100].map((share) => faultRow({
    name: `${name}-${share}`,
    what: `the registry ${what}, ${share === 100 ? 'always' : `to ${share} % of requests`}`,
    expected: share === 100
      ? 'Pods of images verified before and updates that leave images alone are admitted at once; everything else is denied with REGISTRY_UNAVAILABLE, with the deadline (8 s) at the latest, within the 10 s that the API server waits'
      : 'the same, or admitted after another try; nothing of it is remembered',
  }, { during: { fresh: AWAY } }, async (stage) => {
    let stop = (): void => undefined;
    await stage.suffer({
      begin: () => {
        stop = stage.registry.fault(/./, sometimes(share, fault));
      },
      end: () => stop(),
    }, lasts);
    return quickWhatNeedsNoRegistry(stage);
  }))),
  faultRow({
    name: 'registry-slow',
    what: 'every answer of the registry takes 5 s longer',
    expected: 'as with one that never answers',
  }, { during: { fresh: AWAY } }, async (stage) => {
    let stop = (): void => undefined;
    await stage.suffer({
      begin: () => {
        stop = stage.registry.fault(/./, (_response: ServerResponse, answer) => void setTimeout(answer, 5_000));
      },
      end: () => stop(),
    }, 12_000);
    return quickWhatNeedsNoRegistry(stage);
  }),
  ...(['refused', 'slow'] as const).map((names) => faultRow({
    name: `names-${names}`,
    what: names === 'refused' ? 'the registry\'s name cannot be resolved' : 'resolving the registry\'s name takes 10 s',
    expected: 'as with a registry that never answers; over connections that are open to it, it is asked on, so that images are admitted',
  }, { during: { fresh: AWAY } }, async (stage) => {
    await stage.suffer({ begin: () => stage.interfere({ names }), end: () => stage.interfere({ names: 'answered' }) }, names === 'slow' ? 12_000 : 5_000);
    return quickWhatNeedsNoRegistry(stage);
  }, { named: true })),
  faultRow({
    name: 'crowd',
    what: `the registry never answers about one image, which ${CROWD} requests want from one replica at once, again and again`,
    expected: 'all of these are refused; every other image of the same registry is judged, and what is remembered is answered',
  }, {}, crowd, { replicas: 1 }),
  faultRow({
    name: 'log-and-authorities-away',
    what: 'nothing but the registry can be reached: no transparency log, certificate authority, timestamp authority; from the start on (the mirror of a trust root that is fetched is a matter of `tuf-…`)',
    expected: 'no effect, and no attempt to reach them',
  }, {}, async (stage) => {
    await stage.suffer({ begin: () => undefined }, 3_000);
    const asked = [...new Set(readFileSync(join(stage.folder, 'interference.json.names'), 'utf8').split('\n').filter((name) => name !== '' && name !== '127.0.0.1'))];
    const others = asked.filter((name) => name !== REGISTRY_NAME);
    return { notes: [`names asked for: ${asked.join(', ')}`], failures: others.length > 0 ? [`verifiers asked for ${others.join(', ')}`] : [] };
  }, { named: true }),
  faultRow({
    name: 'partition',
    what: `the registry is out of reach for ${inMinutes(long)} while 500 Pods of 20 new images are created and created again, as controllers do`,
    expected: 'Pods of an image verified before are admitted for 10 minutes after that; no stampede: after the end each replica fetches each image once',
  }, { during: { fresh: AWAY, cached: AWAY } }, (stage) => partition(stage, long)),
];

/** Connections of the traffic reuse each other's replicas in any order: what needs no registry is answered fast however long others wait. */
function quickWhatNeedsNoRegistry({ tally }: Stage): { notes: string[]; failures: string[] } {
  const slow = (['cached', 'relabel'] as const).map((kind) => ({ kind, slowest: tally.slowestOf(kind) }));
  return {
    notes: slow.map(({ kind, slowest }) => `slowest ${kind} ${slowest.toFixed(0)} ms`),
    failures: slow.filter(({ slowest }) => slowest > 3_000).map(({ kind, slowest }) => `a ${kind} request took ${slowest.toFixed(0)} ms`),
  };
}

/** Every hundredth, tenth or each request, evenly. */
function sometimes(share: number, fault: Fault): Fault {
  let count = 0;
  return (response, answer) => {
    count += share;
    if (count >= 100) {
      count -= 100;
      fault(response, answer);
    } else {
      answer();
    }
  };
}

async function crowd(stage: Stage): Promise<{ notes: string[]; failures: string[] }> {
  const image = stage.good();
  const stop = stage.registry.fault(new RegExp(image.split('@')[1] ?? ''), hang);
  const outcomes = new Map<Outcome, number>();
  let isOver = false;
  const want = async (index: number): Promise<void> => {
    const asker = stage.asker();
    // Handshakes of all at once would be what is measured.
    await sleep(2 * index);
    while (!isOver) {
      const outcome = await asker.ask(creation(image));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      // As controllers do, not as soon as they can.
      await sleep(1_000);
    }
  };
  let wanting: Promise<unknown> = Promise.resolve();
  await stage.suffer({
    begin: () => {
      wanting = Promise.all(Array.from({ length: CROWD }, (_, index) => want(index)));
    },
    end: async () => {
      isOver = true;
      stop();
      await wanting;
    },
  }, 20_000);
  const refused = ['OVERLOADED', 'REGISTRY_UNAVAILABLE'];
  // Where two cores are those of the crowd, the verifier and the registry, some of the crowd may be late; the API server then refuses.
  const may = [...refused, 'unanswered', 'allowed'];
  return {
    notes: [`the crowd: ${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`],
    failures: [
      ...refused.filter((outcome) => !outcomes.has(outcome)).map((outcome) => `nobody of the crowd was refused with ${outcome}: nothing is shown`),
      ...[...outcomes.keys()].filter((outcome) => !may.includes(outcome)).map((outcome) => `${outcomes.get(outcome) ?? 0} requests of the crowd ended with ${outcome}`),
    ],
  };
}

async function partition(stage: Stage, long: number): Promise<{ notes: string[]; failures: string[] }> {
  const images = Array.from({ length: 20 }, () => stage.good());
  const digests = images.map((image) => image.split('@')[1] ?? '');
  const pods = Array.from({ length: 500 }, (_, index) => creation(images[index % images.length] ?? ''));
  const asker = stage.asker();
  let admitted = 0;
  // As a ReplicaSet does: again, each time after twice the pause.
  const create = async (pod: (uid: string) => Buffer): Promise<void> => {
    for (let pause = 500; ; pause = Math.min(2 * pause, 8_000)) {
      if (await asker.ask(pod) === 'allowed') {
        admitted += 1;
        return;
      }
      await sleep(pause * (0.5 + Math.random()));
    }
  };
  const asked = (): string[] => stage.registry.asked.filter((line) => digests.some((digest) => line.includes(digest)));
  let stop = (): void => undefined;
  let rollout: Promise<unknown> = Promise.resolve();
  let whileAway = 0;
  // Nothing was remembered before this.
  const { now } = stage.tally;
  await stage.suffer({
    begin: () => {
      stop = stage.registry.fault(/./, reset);
      rollout = Promise.all(pods.map(create));
    },
    end: () => {
      stop();
      whileAway = asked().length;
    },
  }, long);
  await rollout;
  const fetched = asked().slice(whileAway);
  const most = Math.max(...digests.map((digest) => fetched.filter((line) => line.includes('/referrers/') && line.includes(digest)).length));
  const forgotten = stage.tally.firstRefusalOf('cached');
  const remembered = forgotten === undefined ? undefined : forgotten - now;
  return {
    notes: [
      ...(remembered === undefined ? [] : [`the image verified before was refused from ${(remembered / 1000).toFixed(1)} s after that on`]),
      `${admitted} of 500 Pods admitted afterwards`, `${whileAway} requests to the registry for the 20 images while it was away, ${fetched.length} afterwards`,
    ],
    failures: [
      ...(most > stage.verifiers.length ? [`the listing of one image was fetched ${most} times by ${stage.verifiers.length} replicas`] : []),
      ...(remembered !== undefined && remembered < VERDICT_CACHE_LIMITS.freshFor ? [`the image verified before was refused ${(remembered / 1000).toFixed(1)} s after that`] : []),
    ],
  };
}
