import { Asker } from './ask';
import { creation, relabelling } from './reviews';
import { sleep, type Stage } from './stage';

/** Requests whose answer is known. */
interface Kind {
  readonly name: string;
  readonly isBad: boolean;
  readonly next: () => (uid: string) => Buffer;
}

/** What may run: an image that was verified before the fault, ones that nobody has seen, and a change that leaves images alone. */
export const GOOD = ['cached', 'fresh', 'relabel'] as const;

/** Connections of each kind, each with one request at a time. */
const CONNECTIONS = 2;
const PAUSE = 25;

/**
 * Good and bad requests side by side until it is stopped; everything goes into the stage's tally.
 *
 * Every kind has connections of its own, so that a kind that has to wait takes no turn from others.
 */
export function mixedTraffic(stage: Stage): { stop(): Promise<void> } {
  const cached = stage.good();
  const [unsigned, foreign, stranger] = [stage.unsigned(), stage.foreign(), stage.stranger()];
  const unseen = stage.good();
  const kinds: readonly Kind[] = [
    fixed('cached', false, creation(cached)),
    { name: 'fresh', isBad: false, next: () => creation(stage.nextFresh()) },
    fixed('relabel', false, relabelling(unseen)),
    fixed('unsigned', true, creation(unsigned)),
    fixed('foreign', true, creation(foreign)),
    fixed('stranger', true, creation(stranger)),
    fixed('unmatched', true, creation(`elsewhere.test/acme/app@sha256:${'5'.repeat(64)}`)),
  ];
  let stopped = false;
  const askers: Asker[] = [];
  const send = async ({ name, isBad, next }: Kind): Promise<void> => {
    const asker = stage.asker();
    askers.push(asker);
    while (!stopped) {
      const sent = stage.tally.now;
      const outcome = await asker.ask(next());
      stage.tally.add({ kind: name, isBad, outcome, sent, took: stage.tally.now - sent });
      await sleep(PAUSE);
    }
  };
  // Remembered by every replica before anything happens.
  const warm = Promise.all(stage.verifiers.map((replica) => stage.askerOf(replica).ask(creation(cached))));
  const running = warm.then(() => Promise.all(kinds.flatMap((kind) => Array.from({ length: CONNECTIONS }, () => send(kind)))));
  return {
    stop: async () => {
      stopped = true;
      await running;
      askers.forEach((asker) => asker.close());
    },
  };
}

function fixed(name: string, isBad: boolean, body: (uid: string) => Buffer): Kind {
  return { name, isBad, next: () => body };
}
