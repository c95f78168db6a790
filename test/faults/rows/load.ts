import { inMilliseconds, quantile } from '../../../bench/figures';
import { creation, creationOfMany } from '../reviews';
import { ProcessRow, Seen } from '../row';
import { sleep, Stage } from '../stage';

type Body = (uid: string) => Buffer;

export const loadRows: readonly ProcessRow[] = [
  ...[2, 5].map((signatures): ProcessRow => ({
    name: `L4-${signatures}`,
    part: 'load',
    cluster: false,
    what: `100 new images with ${signatures} signatures each in one review`,
    expected: 'admitted, or refused in time and admitted when it is tried again, since what was verified is remembered',
    run: () => manyImages(signatures),
  })),
  {
    name: 'L7',
    part: 'load',
    cluster: false,
    what: '2,000 Pods of as many new images, each with 50 artifacts: its signature, and 49 others that are no evidence; 32 at once, 3 replicas',
    expected: 'all admitted',
    run: manyArtifacts,
  },
  {
    name: 'L8',
    part: 'load',
    cluster: false,
    what: 'a new image with 1,000 genuine signatures of strangers and one of its own behind them, then one with those of strangers alone; meanwhile Pods of an image verified before',
    expected: 'admitted at one of three tries, refused; those of the other image are admitted all the while',
    run: manyStrangers,
  },
];

async function manyImages(signatures: number): Promise<Seen> {
  const stage = await Stage.start({ replicas: 1, fresh: 0 });
  try {
    const review = creationOfMany(Array.from({ length: 100 }, () => stage.good(signatures)));
    const bad = creationOfMany([...Array.from({ length: 99 }, () => stage.good(signatures)), stage.unsigned()]);
    const tries = await asked(stage, [review], 1, { kind: 'fresh', isBad: false, attempts: 3 });
    await asked(stage, [bad], 1, { kind: 'unsigned', isBad: true, attempts: 3 });
    return seen(stage, [`admitted at try ${tries.admittedAt[0] ?? 'none of 3'}, the first answered after ${inMilliseconds(tries.latencies[0] ?? NaN)}`], tries.admittedAt.length === 0 ? ['not admitted in three tries'] : []);
  } finally {
    await stage.close();
  }
}

async function manyArtifacts(): Promise<Seen> {
  const stage = await Stage.start({ fresh: 0 });
  try {
    const images = Array.from({ length: 2_000 }, () => withArtifacts(stage, stage.good()));
    const bad = Array.from({ length: 50 }, () => withArtifacts(stage, stage.unsigned()));
    const start = performance.now();
    const [{ admittedAt, latencies }] = await Promise.all([
      asked(stage, images.map(creation), 32, { kind: 'fresh', isBad: false, attempts: 1 }),
      asked(stage, bad.map(creation), 1, { kind: 'unsigned', isBad: true, attempts: 1 }),
    ]);
    const seconds = (performance.now() - start) / 1000;
    const rate = `${admittedAt.length} of ${images.length} admitted in ${seconds.toFixed(0)} s, ${(images.length / seconds).toFixed(0)} a second; p50 ${inMilliseconds(quantile(latencies, 0.5))}, p99 ${inMilliseconds(quantile(latencies, 0.99))}`;
    return seen(stage, [rate], admittedAt.length < images.length ? [`${images.length - admittedAt.length} not admitted`] : []);
  } finally {
    await stage.close();
  }
}

async function manyStrangers(): Promise<Seen> {
  const stage = await Stage.start({ replicas: 1, fresh: 0 });
  try {
    const [good, bad, known] = [stage.crowded(1_000, true), stage.crowded(1_000, false), stage.good()].map(creation) as [Body, Body, Body];
    await asked(stage, [known], 1, { kind: 'known', isBad: false, attempts: 3 });
    const before = stage.tally.now;
    const crowded = (async () => {
      const answered = await asked(stage, [good], 1, { kind: 'fresh', isBad: false, attempts: 3 });
      await asked(stage, [bad], 1, { kind: 'unsigned', isBad: true, attempts: 1 });
      return answered;
    })().finally(() => (isOver = true));
    let isOver = false;
    const bystander: number[] = [];
    while (!isOver) {
      bystander.push(...(await asked(stage, [known], 1, { kind: 'known', isBad: false, attempts: 1 })).latencies);
      await sleep(25);
    }
    const { admittedAt, latencies } = await crowded;
    const refused = stage.tally.count('allowed') < bystander.length + 1 + admittedAt.length;
    return seen(stage, [
      `admitted at try ${admittedAt[0] ?? 'none of 3'}, the first answered after ${inMilliseconds(latencies[0] ?? NaN)}; all done after ${inMilliseconds(stage.tally.now - before)}`,
      `the other image, ${bystander.length} times: p50 ${inMilliseconds(quantile(bystander, 0.5))}, p99 ${inMilliseconds(quantile(bystander, 0.99))}`,
    ], [...admittedAt.length === 0 ? ['not admitted in three tries'] : [], ...refused ? ['the other image was refused'] : []]);
  } finally {
    await stage.close();
  }
}

function withArtifacts(stage: Stage, image: string): string {
  const [name = '', digest = ''] = image.split('@');
  for (let index = 1; index < 50; index += 1) {
    stage.registry.attach(name.slice(name.indexOf('/') + 1), digest, Buffer.from(`{"part":${index}}`), { artifactType: 'application/spdx+json' });
  }
  return image;
}

interface Asked {
  readonly kind: string;
  readonly isBad: boolean;
  /** Times that a review is sent until it is allowed. */
  readonly attempts: number;
}

async function asked(
  stage: Stage, bodies: readonly Body[], connections: number, { kind, isBad, attempts }: Asked,
): Promise<{ admittedAt: number[]; latencies: number[] }> {
  const queue = [...bodies];
  const admittedAt: number[] = [];
  const latencies: number[] = [];
  const asker = stage.asker();
  const work = async (): Promise<void> => {
    for (let body = queue.shift(); body !== undefined; body = queue.shift()) {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const sent = stage.tally.now;
        const outcome = await asker.ask(body);
        stage.tally.add({ kind, isBad, outcome, sent, took: stage.tally.now - sent });
        latencies.push(stage.tally.now - sent);
        if (outcome === 'allowed') {
          admittedAt.push(attempt);
          break;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { admittedAt, latencies };
}

function seen({ tally }: Stage, notes: readonly string[], more: readonly string[]): Seen {
  const failures = [
    ...(tally.wrongAllows > 0 ? [`${tally.wrongAllows} wrong allows`] : []),
    ...(['unanswered', 'broken', 'malformed'] as const).flatMap((outcome) => (tally.count(outcome) > 0 ? [`${tally.count(outcome)} requests ${outcome}`] : [])),
    ...more,
  ];
  return { requests: tally.requests, wrongAllows: tally.wrongAllows, unanswered: tally.count('unanswered'), broken: tally.count('broken'), slowest: tally.slowest, notes, failures };
}
