import { pushBombs } from '../../support/bombs';
import { peakMemory } from '../../support/process-usage';
import { memoryGroup } from '../confine';
import { creation } from '../reviews';
import { faultRow, ProcessRow, Seen, seenBy } from '../row';
import { sleep, Stage } from '../stage';

/** MiB: what the Deployment sets by default, and a third of it. With 128 no verifier starts: its threads alone need more. */
const MEMORY = [768, 256];

export const resourceRows: readonly ProcessRow[] = [
  ...MEMORY.map(memoryRow),
  faultRow({
    name: 'cpu-tenth',
    what: 'every replica gets a tenth of a processor (stopped for 90 of each 100 ms)',
    expected: 'slower; what is not done in time is refused',
  }, { during: { cached: ['DEADLINE', 'OVERLOADED'], fresh: ['DEADLINE', 'REGISTRY_UNAVAILABLE', 'OVERLOADED', 'LIMIT'], relabel: ['DEADLINE', 'OVERLOADED'] } }, async (stage) => {
    let throttled = true;
    const throttle = async (): Promise<void> => {
      while (throttled) {
        stage.verifiers.forEach((replica) => replica.signal('SIGSTOP'));
        await sleep(90);
        stage.verifiers.forEach((replica) => replica.signal('SIGCONT'));
        await sleep(10);
      }
    };
    let throttling = Promise.resolve();
    await stage.suffer({
      begin: () => {
        throttling = throttle();
      },
      end: () => {
        throttled = false;
        return throttling;
      },
    }, 12_000);
  }),
  faultRow({
    name: 'files-64',
    what: 'every replica may have 64 open files, and 100 connections are opened and left alone',
    expected: 'refused or answered; no replica ends, and all is well once the connections are gone',
  }, {
    broken: 100_000, during: { cached: ['OVERLOADED'], fresh: ['OVERLOADED', 'REGISTRY_UNAVAILABLE', 'DEADLINE', 'INTERNAL'] }, unanswered: 1_000,
  }, async (stage) => {
    const { connect } = await import('node:net');
    let idle: ReturnType<typeof connect>[] = [];
    await stage.suffer({
      begin: () => {
        idle = stage.verifiers.flatMap(({ target }) => Array.from({ length: 100 }, () => connect(target.port, '127.0.0.1').on('error', () => undefined)));
      },
      end: () => idle.forEach((socket) => socket.destroy()),
    }, 5_000);
  }, { process: { under: ['prlimit', '--nofile=64:64'] } }),
  faultRow({
    name: 'unread',
    what: '300 connections to every replica ask for the metrics 20 times each, all at once, and never take an answer',
    expected: 'no effect: such a connection is ended',
  }, {}, async (stage) => {
    const { connect } = await import('node:tls');
    let greedy: ReturnType<typeof connect>[] = [];
    await stage.suffer({
      begin: () => {
        greedy = stage.verifiers.flatMap(({ target }) => Array.from({ length: 300 }, () => connect({ host: '127.0.0.1', port: target.port, rejectUnauthorized: false })));
        greedy.forEach((socket) => socket.on('error', () => undefined).pause().write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20)));
      },
      end: () => greedy.forEach((socket) => socket.destroy()),
    }, 5_000);
  }),
  faultRow({
    name: 'read-only-root',
    what: 'every replica has a root file system that it cannot write to',
    expected: 'no effect',
  }, {}, (stage) => stage.suffer({ begin: () => undefined }, 2_000), { process: { under: ['unshare', '--mount', 'sh', '-c', 'mount -o remount,bind,ro / && exec "$@"', 'sh'] } }),
];

function memoryRow(mebibytes: number): ProcessRow {
  return {
    name: `memory-${mebibytes}`,
    part: 'faults',
    cluster: false,
    what: `every replica has ${mebibytes} MiB of memory, and images are asked for with bombs as evidence: 9 MB of JSON, a thousand lists inside each other, a compressed bomb, endless answers, a certificate that is slow to read`,
    expected: 'the bombs are refused; no replica is ended by the kernel',
    run: () => underMemory(mebibytes),
  };
}

async function underMemory(mebibytes: number): Promise<Seen> {
  const group = memoryGroup(mebibytes);
  if (group === undefined) {
    return { requests: 0, wrongAllows: 0, unanswered: 0, broken: 0, slowest: 0, notes: [], failures: [], notRun: 'it needs a control group, which this user may not make' };
  }
  // One replica: the kernel counts the group as a whole.
  const stage = await Stage.start({ replicas: 1, process: { under: group.under } });
  try {
    const bombs = pushBombs(stage.registry, stage.world);
    let asking = true;
    const throwBombs = async (image: string): Promise<void> => {
      const asker = stage.asker();
      while (asking) {
        const sent = stage.tally.now;
        const outcome = await asker.ask(creation(image));
        stage.tally.add({ kind: 'bomb', isBad: true, outcome, sent, took: stage.tally.now - sent });
        await sleep(50);
      }
    };
    let thrown: Promise<unknown> = Promise.resolve();
    await stage.suffer({
      begin: () => {
        thrown = Promise.all(bombs.map(throwBombs));
      },
      end: async () => {
        asking = false;
        await thrown;
      },
    }, 15_000);
    const peak = peakMemory(stage.verifiers[0]?.pid ?? NaN);
    const ended = group.kills() > 0 || stage.verifiers.some((replica) => !replica.isRunning);
    const codes = [...stage.tally.during('bomb')].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
    return seenBy(stage.tally, { during: { fresh: ['DEADLINE', 'OVERLOADED', 'LIMIT', 'REGISTRY_UNAVAILABLE'] } }, [`bombs: ${codes}`, `at most ${peak ?? '?'} MiB resident`], ended ? ['the replica was ended for want of memory'] : []);
  } finally {
    await stage.close();
    await sleep(200);
    group.remove();
  }
}
