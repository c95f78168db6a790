import { ServerProcess } from '../test/support/server-process';
import { cpuSeconds } from '../test/support/process-usage';
import { median, percentiles, Section } from './figures';
import { during, run } from './load';
import { reviewOf } from './review';
import { BenchStage } from './stage';

const CONNECTIONS = 16;
const ROUND = 3_000;
const ROUNDS = 4;
/** Milliseconds of the same load before anything is measured: a verifier runs for weeks, and its first seconds are its compiler's. */
const WARM_UP = 6_000;
const COLD = 300;
const BESIDE = 300;

interface Servers {
  readonly verifier: ServerProcess;
  readonly bare: ServerProcess;
  readonly reading: ServerProcess;
  /** Fresh images, each signed once; taken from the front. */
  readonly images: string[];
}

/** The built verifier next to bare servers that say yes, each in a process of its own. */
export async function webhookSection(progress: (text: string) => void): Promise<Section> {
  const stage = await BenchStage.start();
  try {
    progress(`signing ${COLD + BESIDE + 1} images`);
    const images = stage.images.keyless(COLD + BESIDE + 1);
    return await measure({ verifier: await stage.startVerifier(), bare: await stage.startPeer('bare'), reading: await stage.startPeer('reading'), images }, progress);
  } finally {
    await stage.close();
  }
}

async function measure({ verifier, bare, reading, images }: Servers, progress: (text: string) => void): Promise<Section> {
  const hot = reviewOf(images.shift() ?? '');
  const servers = { bare, reading, cached: verifier };
  const rounds = { bare: [] as Round[], reading: [] as Round[], cached: [] as Round[] };
  progress('warming up');
  for (const server of Object.values(servers)) {
    await cachedRound(server, hot, WARM_UP);
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`throughput, round ${round} of ${ROUNDS}`);
    for (const name of ['bare', 'reading', 'cached'] as const) {
      rounds[name].push(await cachedRound(servers[name], hot));
    }
  }
  progress(`${COLD} cold requests`);
  const cold = await run(verifier.target, { connections: 4, next: coldBodies(images, COLD) });
  progress('cached requests alone, then beside cold ones');
  const alone = await run(verifier.target, { connections: 1, next: during(ROUND, hot), pause: 5 });
  const [disturbed] = await Promise.all([
    run(verifier.target, { connections: 1, next: during(ROUND, hot), pause: 5 }),
    run(verifier.target, { connections: 1, next: coldBodies(images, BESIDE), pause: ROUND / BESIDE }),
  ]);

  const rateOf = (name: keyof typeof rounds): number => median(rounds[name].map(({ rate }) => rate));
  const cpuOf = (name: keyof typeof rounds): number => median(rounds[name].map(({ cpu }) => cpu));
  const comparedWith = (name: keyof typeof rounds, peer: keyof typeof rounds): string =>
    `${(rateOf(name) / rateOf(peer)).toFixed(2)} of the ${peer} server's rate, ${(cpuOf(name) / cpuOf(peer)).toFixed(2)} × its CPU`;
  const throughput = (name: keyof typeof rounds): string =>
    `${rateOf(name).toFixed(0)} requests/s, ${percentiles(rounds[name].flatMap(({ latencies }) => latencies))}, ${(cpuOf(name) * 1e6).toFixed(0)} µs of CPU each`;
  return {
    title: 'Webhook',
    method: `reviews of ${hot.length} bytes over TLS; ${CONNECTIONS} kept-alive connections, ${ROUNDS} rounds of ${ROUND / 1000} s each, in turns, medians; the client runs on the same machine`,
    figures: [
      { name: 'bare node:https server that says yes', value: throughput('bare') },
      { name: 'reading one: parses the review with JSON.parse and returns its uid, as any webhook must', value: throughput('reading'), ratio: comparedWith('reading', 'bare') },
      {
        name: 'verifier, cached verdict',
        value: throughput('cached'),
        ratio: `${comparedWith('cached', 'bare')}; ${comparedWith('cached', 'reading')}`,
        target: { text: 'at least half of the bare server\'s rate', met: rateOf('cached') >= rateOf('bare') / 2 },
      },
      {
        name: `verifier, first sight of ${COLD} images, 4 at once`,
        value: `${(COLD / cold.seconds).toFixed(0)} requests/s, ${percentiles(cold.latencies)}`,
        ratio: `${(median(cold.latencies) / median(alone.latencies)).toFixed(1)} × a cached request's median`,
      },
      { name: 'verifier, cached, one every 5 ms, alone', value: percentiles(alone.latencies) },
      {
        name: `the same beside ${BESIDE} cold requests`,
        value: percentiles(disturbed.latencies),
        ratio: `${(median(disturbed.latencies) / median(alone.latencies)).toFixed(2)} × the median alone`,
        target: { text: 'no effect: at most 1.5 × the median', met: median(disturbed.latencies) <= 1.5 * median(alone.latencies) },
      },
    ],
  };
}

interface Round {
  /** Requests per second. */
  readonly rate: number;
  /** Seconds of the server's CPU time for each request; NaN where the system does not say. */
  readonly cpu: number;
  readonly latencies: readonly number[];
}

async function cachedRound(server: ServerProcess, body: Buffer, time = ROUND): Promise<Round> {
  const before = cpuSeconds(server.pid) ?? NaN;
  const { latencies, seconds } = await run(server.target, { connections: CONNECTIONS, next: during(time, body) });
  return { rate: latencies.length / seconds, cpu: ((cpuSeconds(server.pid) ?? NaN) - before) / latencies.length, latencies };
}

function coldBodies(images: string[], count: number): () => Buffer | undefined {
  const own = images.splice(0, count);
  return () => {
    const image = own.shift();
    return image === undefined ? undefined : reviewOf(image);
  };
}
