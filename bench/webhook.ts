import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintAuthority, mintServing } from '../lib/verifier/tls/authority';
import { TestRegistry } from '../test/support/registry';
import { bundleBytes, githubRun, SigstoreWorld, signStatement } from '../test/support/sigstore';
import { BarePeer } from './bare-server';
import { inMilliseconds, median, quantile, Section } from './figures';
import { during, run } from './load';
import { policyFor, TRUST_ROOT } from './policy';
import { reviewOf } from './review';
import { ServerProcess } from '../test/support/server-process';

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
  const folder = mkdtempSync(join(tmpdir(), 'proofgate-bench-'));
  const registry = await TestRegistry.start();
  const running: ServerProcess[] = [];
  try {
    progress(`signing ${COLD + BESIDE + 1} images`);
    const images = signedImages(registry, folder);
    const servers = await start(folder, registry, running, images);
    return await measure(servers, progress);
  } finally {
    await Promise.all(running.map((server) => server.stop()));
    await registry.close();
    rmSync(folder, { recursive: true });
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
  const before = server.cpuSeconds() ?? NaN;
  const { latencies, seconds } = await run(server.target, { connections: CONNECTIONS, next: during(time, body) });
  return { rate: latencies.length / seconds, cpu: ((server.cpuSeconds() ?? NaN) - before) / latencies.length, latencies };
}

function coldBodies(images: string[], count: number): () => Buffer | undefined {
  const own = images.splice(0, count);
  return () => {
    const image = own.shift();
    return image === undefined ? undefined : reviewOf(image);
  };
}

function percentiles(latencies: readonly number[]): string {
  return `p50 ${inMilliseconds(quantile(latencies, 0.5))}, p99 ${inMilliseconds(quantile(latencies, 0.99))}`;
}

/** Pushes images signed with certificates of their own, and writes the trust root. @returns their references */
function signedImages(registry: TestRegistry, folder: string): string[] {
  const world = SigstoreWorld.create();
  writeFileSync(join(folder, 'trusted_root.json'), JSON.stringify(world.trustedRoot));
  return Array.from({ length: COLD + BESIDE + 1 }, (_, index) => {
    const repository = `acme/app-${index}`;
    const digest = registry.pushImage(repository, String(index));
    registry.attach(repository, digest, bundleBytes(world.signKeyless(githubRun(), signStatement(digest))));
    return `${registry.host}/${repository}@${digest}`;
  });
}

async function start(folder: string, registry: TestRegistry, running: ServerProcess[], images: string[]): Promise<Servers> {
  const authority = await mintAuthority(3_600_000, Date.now());
  const serving = await mintServing(authority, ['localhost'], 3_600_000, Date.now());
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const [certificate, key] = [file('tls.crt', serving.certificate), file('tls.key', serving.key)];
  const verifier = await ServerProcess.start([
    'build/bin/verifier.cjs', 'serve', '--listen', '127.0.0.1:0', '--tls-cert', certificate, '--tls-key', key,
    '--policy', file('policy.json', JSON.stringify(policyFor(registry.host))),
    '--trust-root', `${TRUST_ROOT}=${join(folder, 'trusted_root.json')}`,
    '--registry-config', file('registries.json', JSON.stringify({ [registry.host]: { plainHttp: true } })),
  ], authority.certificate, join(folder, 'verifier.log'));
  running.push(verifier);
  const peer = async (name: BarePeer): Promise<ServerProcess> => {
    const server = await ServerProcess.start([__filename, 'bare-server', name, certificate, key], authority.certificate, join(folder, `${name}.log`));
    running.push(server);
    return server;
  };
  return { verifier, bare: await peer('bare'), reading: await peer('reading'), images };
}
