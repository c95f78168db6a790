import { faultRow, ProcessRow } from '../row';
import { sleep } from '../stage';
import { creation } from '../reviews';

/** Requests that one verifier can have in work: connections of the traffic. */
const IN_WORK = 14;

export const replicaRows: readonly ProcessRow[] = [
  faultRow({
    name: 'one-killed',
    what: 'one of three replicas is killed (SIGKILL) and started again after 3 s',
    expected: 'the others answer; only what the dead one had in work is refused, at once',
  }, { broken: IN_WORK }, async (stage) => {
    const [first] = stage.verifiers;
    await stage.suffer({
      begin: async () => {
        await first?.stop('SIGKILL');
        stage.forget(first!);
      },
      end: () => stage.startReplica().then(() => undefined),
    }, 3_000);
  }),
  faultRow({
    name: 'killed-in-rollout',
    what: 'a stricter policy is rolled out replica by replica, and a new replica is killed while it starts',
    expected: 'each answer is by the old policy or by the new one as a whole; after the rollout only by the new one',
  }, { broken: 3 * IN_WORK, during: {} }, async (stage) => {
    const denied = stage.good();
    const failures: string[] = [];
    await stage.suffer({
      begin: async () => {
        const withdrawal = { apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'withdrawn' }, spec: { digests: [denied.split('@')[1]], reason: 'withdrawn', owner: 'faults' } };
        stage.write('policy.json', [stage.policy(), withdrawal].map((document) => JSON.stringify(document)).join('\n---\n'));
        for (const old of [...stage.verifiers]) {
          const unlucky = stage.startReplica({ under: ['timeout', '--signal=KILL', '0.15'] }).catch(() => undefined);
          const killed = await unlucky;
          if (killed !== undefined) {
            await killed.stop('SIGKILL');
            stage.forget(killed);
          }
          await stage.startReplica();
          stage.forget(old);
          await old.stop();
        }
      },
    }, 500);
    for (const replica of stage.verifiers) {
      const outcome = await stage.askerOf(replica).ask(creation(denied));
      if (outcome === 'allowed') {
        failures.push('an image is withdrawn, and a replica of the new policy allows it');
      }
    }
    return { failures };
  }),
  ...([1, -1] as const).map((hours) => faultRow({
    name: `clock-${hours > 0 ? 'ahead' : 'behind'}`,
    what: `the clock of every replica jumps ${hours > 0 ? 'ahead' : 'back'} by an hour, and back again`,
    expected: 'no verdict changes; what would be signed in the future by that clock is refused',
  }, {}, async (stage) => {
    await stage.suffer({ begin: () => stage.interfere({ clock: hours * 3_600_000 }), end: () => stage.interfere({ clock: 0 }) }, 4_000);
  })),
  faultRow({
    name: 'stalled',
    what: 'one of three replicas does nothing for 5 s (SIGSTOP), then goes on',
    expected: 'the others answer; what waits at the stalled one is answered within the API server\'s time',
  }, { during: { cached: ['DEADLINE'], fresh: ['DEADLINE', 'REGISTRY_UNAVAILABLE'], relabel: ['DEADLINE'] } }, async (stage) => {
    const [first] = stage.verifiers;
    await stage.suffer({ begin: () => first?.signal('SIGSTOP'), end: () => first?.signal('SIGCONT') }, 5_000);
  }),
  faultRow({
    name: 'event-loop-stalled',
    what: 'the event loop of every replica is held up for 3 s',
    expected: 'answered late, and in time',
  }, { during: { fresh: ['DEADLINE', 'REGISTRY_UNAVAILABLE'] } }, (stage) => stage.suffer({ begin: () => stage.interfere({ stall: 3_000 }) }, 5_000)),
  faultRow({
    name: 'threads-crash',
    what: 'the threads for cryptography of every replica are ended, five times within 5 s',
    expected: 'what they had in work is refused with INTERNAL, new ones take over; no replica ends',
  }, { during: { fresh: ['INTERNAL', 'DEADLINE'] } }, async (stage) => {
    const crash = async (): Promise<void> => {
      for (let time = 1; time <= 5; time += 1) {
        stage.interfere({ crash: time });
        await sleep(1_000);
      }
    };
    await stage.suffer({ begin: crash }, 500);
  }),
];
