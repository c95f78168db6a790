import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { outcomeOf } from '../../faults/cluster-stage';
import { Tally } from '../../faults/tally';
import { NAMESPACE } from '../cases/scene';
import { accepted } from '../harness/cluster';
import type { NodeScene } from './scene';

const PAUSE_MS = 20;

/** What the requests of a while have shown; good ones are called `signed`, bad ones `unsigned`. */
export interface Seen {
  readonly tally: Tally;
  /** For people: how the good requests ended that were sent while it happened, and when all was as before. */
  readonly figures: string;
}

/**
 * Has somebody create Pods of a signed image and somebody else of an unsigned one, again and again, while something happens.
 *
 * @param happens - returns when it is over and good requests should be admitted again
 * @param settle - milliseconds of requests after it
 * @throws AssertionError when an unsigned image was admitted once, or signed ones were not admitted before it or are not at the end
 */
export async function whileRequested(scene: NodeScene, happens: () => Promise<void>, settle = 2_000): Promise<Seen> {
  const tally = new Tally();
  const ended = { yes: false };
  const ask = async (kind: string, isBad: boolean, image: string): Promise<void> => {
    while (!ended.yes) {
      const sent = tally.now;
      const outcome = await scene.create(image, { dryRun: !isBad }).then(outcomeOf, () => 'broken');
      tally.add({ kind, isBad, outcome, sent, took: tally.now - sent });
      await sleep(PAUSE_MS);
    }
  };
  const asking = [ask('signed', false, scene.images.signed), ask('unsigned', true, scene.images.unsigned)];
  try {
    for (let waited = 0; waited < 10_000 && !tally.isAllowed('signed'); waited += PAUSE_MS) {
      await sleep(PAUSE_MS);
    }
    await sleep(500);
    tally.faultBegins();
    await happens();
    tally.faultEnds();
    await sleep(settle);
  } finally {
    ended.yes = true;
    await Promise.all(asking);
  }
  assert.deepEqual([...tally.before('signed').keys()], ['allowed'], 'signed images were to be admitted before it');
  assert.equal(tally.wrongAllows, 0, 'an unsigned image was admitted');
  await expectNoUnsignedPod(scene);
  const recovery = tally.recovery(['signed']);
  assert.ok(recovery !== undefined, `signed images are not admitted afterwards: ${shown(tally.outcomes)}`);
  return { tally, figures: `signed: ${shown(tally.during('signed'))}; unsigned: ${shown(tally.during('unsigned'))}; slowest ${(tally.slowest / 1000).toFixed(1)} s` };
}

/** Checks that no good request was refused, whenever it was sent. @param unanswered - share of all that may be refused for want of an answer */
export function expectUndisturbed({ tally }: Seen, unanswered = 0): void {
  const { allowed = 0, NO_SIGNATURE = 0, webhook = 0, ...others } = Object.fromEntries(tally.outcomes);
  assert.deepEqual(others, {}, shown(tally.outcomes));
  assert.ok(webhook <= unanswered * (allowed + NO_SIGNATURE + webhook), shown(tally.outcomes));
}

/** Checks that some requests could not be asked about meanwhile, so that something did happen, and that all were refused for that or with a reason code. */
export function expectClosed({ tally }: Seen, outcome = 'webhook'): void {
  assert.ok((tally.during('unsigned').get(outcome) ?? 0) > 0, `no request ended with ${outcome}: ${shown(tally.during('unsigned'))}`);
}

async function expectNoUnsignedPod(scene: NodeScene): Promise<void> {
  const { items } = accepted(await scene.cluster.api.send('GET', `/api/v1/namespaces/${NAMESPACE}/pods`)) as unknown as { items: ReadonlyArray<{ spec: { containers: ReadonlyArray<{ image: string }> } }> };
  assert.deepEqual(items.flatMap(({ spec }) => spec.containers.map(({ image }) => image)).filter((image) => image === scene.images.unsigned), []);
}

function shown(outcomes: ReadonlyMap<string, number>): string {
  return [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'none';
}
