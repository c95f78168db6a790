import { pushBombs } from '../test/support/bombs';
import { peakMemory, residentMemory } from '../test/support/process-usage';
import { ServerProcess } from '../test/support/server-process';
import { bystander } from './bystander';
import { Figure, inMilliseconds, median, percentiles, quantile, Section } from './figures';
import { during, inTurn, run } from './load';
import { reviewOf, reviewOfMany } from './review';
import { BenchStage, SignedImages } from './stage';

const FIRST = 150;
/** A verifier that was just started is its compiler's. */
const WARM_UP = 300;
const VERDICTS = 20_000;
const ROUND = 6_000;

/** What a verifier does when it has something to verify, next to what it does when it has not; the registry is on loopback. */
export async function evidenceSection(progress: (text: string) => void): Promise<Section> {
  const stage = await BenchStage.start();
  try {
    const verifier = await stage.startVerifier();
    const { images } = stage;
    const [known = ''] = images.keyless(1);
    const hot = reviewOf(known);
    progress('warming up');
    await run(verifier.target, { connections: 4, next: inTurn([...images.keyless(WARM_UP), ...images.keyed(WARM_UP)].map(reviewOf)) });
    await run(verifier.target, { connections: 4, next: during(4_000, hot) });
    const cached = await run(verifier.target, { connections: 1, next: during(3_000, hot) });
    const ratio = (time: number): string => `${(time / median(cached.latencies)).toFixed(1)} × a cached request's median`;
    const figures: Figure[] = [{ name: 'cached, one at a time', value: percentiles(cached.latencies) }];
    for (const [kind, signed, most] of [['by a key', images.keyed(FIRST), 8], ['keyless', images.keyless(FIRST), 20]] as const) {
      progress(`first sight of ${FIRST} images, ${kind}`);
      const { latencies } = await run(verifier.target, { connections: 1, next: inTurn(signed.map(reviewOf)) });
      figures.push({
        name: `first sight of an image signed ${kind}, one at a time`, value: percentiles(latencies), ratio: ratio(median(latencies)), target: atMost(median(latencies), most, 'p50 '),
      });
    }
    progress('20 images in one Pod');
    figures.push(...await twentyImages(verifier, images));
    progress('100 images with two signatures each');
    figures.push(await manySignatures(verifier, images));
    progress('bombs beside a bystander');
    figures.push(...await besideBombs(verifier, images, known));
    progress(`${VERDICTS} cached verdicts`);
    figures.push(await memory(stage, progress));
    return { title: 'Evidence', method: `the built verifier over TLS, the registry on loopback over HTTP in the client's process; ${FIRST} images each, after ${2 * WARM_UP} others`, figures };
  } finally {
    await stage.close();
  }
}

async function twentyImages({ target }: ServerProcess, images: SignedImages): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [kind, sign] of [['by a key', () => images.keyed(20)], ['keyless', () => images.keyless(20)]] as const) {
    const pods = Array.from({ length: 12 }, () => reviewOfMany(sign()));
    const first = await run(target, { connections: 1, next: inTurn(pods) });
    const repeated = await run(target, { connections: 1, next: inTurn([...pods, ...pods, ...pods]) });
    figures.push(
      { name: `20 images in one Pod, signed ${kind}, first`, value: percentiles(first.latencies), target: atMost(median(first.latencies), 40, 'p50 ') },
      { name: '  repeated', value: percentiles(repeated.latencies), ratio: `${(median(repeated.latencies) / median(first.latencies)).toFixed(2)} × the first time`, target: atMost(median(repeated.latencies), 5, 'p50 ') },
    );
  }
  return figures;
}

async function manySignatures({ target }: ServerProcess, images: SignedImages): Promise<Figure> {
  const pods = Array.from({ length: 5 }, () => reviewOfMany(images.keyless(100, 2)));
  const { latencies } = await run(target, { connections: 1, next: inTurn(pods) });
  return {
    name: '100 images with 2 keyless signatures each in one review', value: `median of ${pods.length}: ${inMilliseconds(median(latencies))}, slowest ${inMilliseconds(Math.max(...latencies))}`,
    ratio: `${inMilliseconds(median(latencies) / 200)} a signature`, target: atMost(median(latencies), 1_500),
  };
}

/** Somebody asks for cached images at leisure while others ask, again and again, for images that are never good. */
async function besideBombs({ target }: ServerProcess, images: SignedImages, known: string): Promise<Figure[]> {
  const errand = { target, image: known, time: ROUND };
  const quiet = await bystander(errand);
  const bombs = pushBombs(images.registry, images.world).map(reviewOf);
  const [beside, ...thrown] = await Promise.all([
    bystander(errand), ...bombs.map((body) => run(target, { connections: 1, next: during(ROUND, body), pause: 50, refused: true })),
  ]);
  const count = thrown.reduce((sum, { latencies }) => sum + latencies.length, 0);
  const ratio = quantile(beside, 0.99) / quantile(quiet, 0.99);
  return [
    { name: 'a bystander, cached, one every 5 ms, quiet', value: percentiles(quiet) },
    {
      name: `  beside ${count} requests for ${bombs.length} images with bombs as evidence`, value: percentiles(beside),
      ratio: `${ratio.toFixed(2)} × its quiet p99`, target: { text: 'p99 at most 2 × its quiet value', met: ratio <= 2 },
    },
  ];
}

async function memory(stage: BenchStage, progress: (text: string) => void): Promise<Figure> {
  const { pid, target } = await stage.startVerifier();
  const before = residentMemory(pid) ?? NaN;
  for (let done = 0; done < VERDICTS; done += 1_000) {
    progress(`cached verdicts: ${done} of ${VERDICTS}`);
    const images = stage.images.keyed(1_000);
    // One after the other: it is their number that counts, and a busy machine has to answer each in time.
    await run(target, { connections: 1, next: inTurn(Array.from({ length: 50 }, (_, index) => reviewOfMany(images.slice(index * 20, index * 20 + 20)))) });
  }
  const after = residentMemory(pid) ?? NaN;
  return {
    name: `memory with ${VERDICTS} cached verdicts`, value: `${after} MiB resident, at most ${peakMemory(pid) ?? NaN} MiB`, ratio: `${(after / before).toFixed(2)} × the ${before} MiB after its start`,
    target: { text: 'at most 160 MiB', met: after <= 160 },
  };
}

function atMost(time: number, most: number, what = ''): { readonly text: string; readonly met: boolean } {
  return { text: `${what}at most ${most} ms`, met: time <= most };
}
