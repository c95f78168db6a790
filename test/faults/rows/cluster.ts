import { inMilliseconds, quantile } from '../../../bench/figures';
import { accepted } from '../../e2e/harness/cluster';
import { until } from '../../e2e/harness/until';
import { expectAdmitted } from '../../e2e/harness/verdict';
import { VERIFIER } from '../../e2e/cases/scene';
import { ClusterStage, UNGUARDED } from '../cluster-stage';
import { inMinutes, Row, Seen } from '../row';
import { sleep } from '../stage';
import { Outcome, Tally } from '../tally';

/** A row in front of a real API server. */
export interface ClusterRow extends Row {
  readonly cluster: true;
  readonly run: (stage: ClusterStage) => Promise<Seen>;
}

const CONFIGURATION = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: VERIFIER.name } };

/** Milliseconds from one authority to the next: half of the life that replicas of a scene give them. */
const TURN = 30_000;

/** @param long - milliseconds for which authorities and certificates are replaced */
export const clusterRows = (long: number): readonly ClusterRow[] => [
  fault('api-one-killed', 'one of three replicas is killed, and taken out of the Service after 2 s', 'what the API server sends to the dead one is refused until it is out; the rest is admitted', async (stage) => {
    const [first = ''] = stage.addresses;
    const tally = await stage.suffer({
      begin: async () => {
        await stage.kill(first);
        await sleep(2_000);
        await stage.scene.serveFrom(stage.addresses);
      },
      end: () => stage.startAll(),
    }, 1_000);
    return seen(tally, ['webhook']);
  }),
  fault('api-all-killed', 'all three replicas are killed, and started again after 3 s', 'the API server denies everything, good and bad; seconds after the start it is as before', async (stage) => {
    const tally = await stage.suffer({
      begin: async () => {
        await Promise.all(stage.addresses.map((address) => stage.kill(address)));
      },
      end: () => stage.startAll(),
    }, 3_000);
    const denied = tally.during('cached').get('webhook') ?? 0;
    return seen(tally, ['webhook'], denied === 0 ? ['nothing was denied while no replica ran'] : []);
  }),
  fault('api-rotation', `the certificate authority that three replicas share is replaced every 30 s for ${inMinutes(long)}, and their serving certificates more often (a life of 60 s instead of a year)`, 'no failed call', async (stage) => {
    const count = (event: string): number => [...stage.replicas.values()].reduce((sum, replica) => sum + replica.log().split(`"event":"${event}"`).length - 1, 0);
    const [authorities, certificates] = [count('authorities-changed'), count('certificate-changed')];
    const tally = await stage.suffer({ begin: () => undefined }, long);
    const [rotated, issued] = [count('authorities-changed') - authorities, count('certificate-changed') - certificates];
    // A successor is published, then signs: two changes for each, of which each is a few seconds late.
    const least = 2 * Math.floor(long / (1.2 * TURN));
    return {
      ...seen(tally, [], rotated < least ? [`only ${rotated} changes of the authorities, at least ${least} were expected`] : []),
      notes: [`${rotated} changes of the authorities, two for each new one`, `${issued} serving certificates`],
    };
  }),
  fault('api-secret-deleted', 'the Secret with the certificate authority is deleted, and made anew, empty as it is rendered, after 15 s', 'replicas go on with what they hold; with the Secret back they make a new authority, without a failed call', async (stage) => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: VERIFIER.namespace, name: `${VERIFIER.name}-tls` } };
    const tally = await stage.suffer({
      begin: async () => {
        accepted(await stage.cluster.api.delete(secret));
      },
      end: async () => {
        await stage.cluster.kubectl.apply(stage.scene.yaml);
        await sleep(12_000);
      },
    }, 15_000);
    return seen(tally, ['webhook']);
  }),
  fault('api-no-ca-bundle', 'the webhook configuration is written without its caBundle', 'everything is denied until a replica has written it again; never bypassed', async (stage) => {
    let gap = 0;
    const tally = await stage.suffer({
      begin: async () => {
        accepted(await stage.cluster.api.patch(CONFIGURATION, 'json', [{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }]));
        const start = performance.now();
        await until('a good Pod is denied', async () => {
          if ((await stage.create(stage.scene.images.okTool)).status < 300) {
            throw new Error('admitted');
          }
        }, { timeoutMs: 10_000 });
        await until('it is admitted again', async () => expectAdmitted(await stage.create(stage.scene.images.okTool)), { timeoutMs: 40_000 });
        gap = performance.now() - start;
      },
    }, 500);
    return { ...seen(tally, ['webhook']), notes: [`denied for ${(gap / 1000).toFixed(1)} s`] };
  }),
  load('L1', '100 Deployments, 20 in parallel, dry run', 'all admitted', (stage) => burst(stage, 100, 20, () => stage.cluster.api.create(stage.deployment(stage.scene.images.okTool), { dryRun: true }))),
  load('L2', '30 Pods at once in 30 of 600 namespaces', 'all admitted', async (stage) => {
    const names = Array.from({ length: 600 }, (_, index) => `tenant-${index}`);
    await pooled(names, 8, async (name) => {
      await stage.cluster.createNamespace(name);
    });
    return burst(stage, 30, 30, (index) => stage.cluster.api.create(stage.pod(stage.scene.images.okTool, names[index * 20]), { dryRun: true }));
  }),
  load('L5', 'a burst of 400 Pods', 'all admitted', (stage) => burst(stage, 400, 400, () => stage.create(stage.scene.images.okTool))),
  load('L6', '500 Pods a second for a minute, one in ten of them bad, dry run; before that as many for 20 s in a namespace that is out of the webhooks\' reach', 'every answer right and in time; 500 a second is a goal, where this machine has as many without the webhooks', sustained),
];

function fault(name: string, what: string, expected: string, run: ClusterRow['run']): ClusterRow {
  return { name, part: 'faults', cluster: true, what: `before a real API server: ${what}`, expected, run };
}

function load(name: string, what: string, expected: string, run: ClusterRow['run']): ClusterRow {
  return { name, part: 'load', cluster: true, what: `${what}, through a real API server`, expected, run };
}

/** @param during - how good requests may end while the fault lasts */
function seen(tally: Tally, during: readonly Outcome[], more: readonly string[] = []): Seen {
  const recovery = tally.recovery(['cached', 'fresh']);
  const others = [...tally.during('cached'), ...tally.during('fresh')].filter(([outcome]) => outcome !== 'allowed' && !during.includes(outcome));
  return {
    ...figures(tally, [
      ...others.map(([outcome, count]) => `${count} good requests ended with ${outcome}`),
      ...(recovery === undefined || recovery > 10_000 ? ['good requests are not all admitted 10 s after the fault'] : []),
      ...(tally.before('cached').get('allowed') === undefined ? ['no good request was admitted before the fault: nothing is shown'] : []),
      ...more,
    ], [`good: ${[...tally.during('cached')].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`]),
    ...(recovery === undefined ? {} : { recovery }),
  };
}

function figures(tally: Tally, failures: readonly string[], notes: readonly string[]): Seen {
  return {
    requests: tally.requests, wrongAllows: tally.wrongAllows, unanswered: tally.count('unanswered'), broken: tally.count('broken'), slowest: tally.slowest, notes,
    failures: [...(tally.wrongAllows > 0 ? [`${tally.wrongAllows} wrong allows`] : []), ...(tally.count('broken') > 0 ? [`${tally.count('broken')} calls of the API server broke off`] : []), ...failures],
  };
}

async function burst(stage: ClusterStage, count: number, atOnce: number, send: (index: number) => ReturnType<ClusterStage['create']>): Promise<Seen> {
  await stage.remember();
  const tally = new Tally();
  const times: number[] = [];
  const refused: Outcome[] = [];
  const bad = stage.ask(tally, 'unsigned', true, () => stage.create(stage.scene.images.unsigned));
  const start = performance.now();
  await pooled(Array.from({ length: count }, (_, index) => index), atOnce, async (index) => {
    const outcome = await stage.ask(tally, 'cached', false, () => {
      const sent = performance.now();
      return send(index).finally(() => times.push(performance.now() - sent));
    });
    refused.push(...outcome === 'allowed' ? [] : [outcome]);
  });
  const seconds = (performance.now() - start) / 1000;
  await bad;
  return figures(tally, refused.length > 0 ? [`${refused.length} not admitted: ${[...new Set(refused)].join(', ')}`] : [], [
    `${count} in ${seconds.toFixed(1)} s; p50 ${inMilliseconds(quantile(times, 0.5))}, p99 ${inMilliseconds(quantile(times, 0.99))}`,
  ]);
}

async function sustained(stage: ClusterStage): Promise<Seen> {
  const { images } = stage.scene;
  await stage.remember();
  const without = new Tally();
  const floor = await atRate(500, 20, () => stage.ask(without, 'unasked', false, () => stage.create(images.okTool, UNGUARDED)));
  const tally = new Tally();
  const rate = await atRate(500, 60, (index) => {
    const isBad = index % 10 === 9;
    return stage.ask(tally, isBad ? 'unsigned' : 'cached', isBad, () => stage.create(isBad ? images.unsigned : images.okTool));
  });
  const others = [...tally.outcomes].filter(([outcome]) => outcome !== 'allowed' && outcome !== 'NO_SIGNATURE');
  const floorProblem = without.count('allowed') < without.requests ? ['not all were admitted where no webhook is asked'] : [];
  return figures(tally, [...others.map(([outcome, count]) => `${count} ended with ${outcome}`), ...floorProblem], [
    `${rate.toFixed(0)} requests a second; 500: ${rate >= 495 ? 'met' : 'not met'}; without the webhooks, in the same run, ${floor.toFixed(0)} (${(rate / floor).toFixed(2)} of that)`,
  ]);
}

/** Sends each when it is due, unless so many are under way that the machine is what is measured. @returns requests a second that were answered */
async function atRate(rate: number, seconds: number, send: (index: number) => Promise<unknown>): Promise<number> {
  const most = 64;
  const open = new Set<Promise<unknown>>();
  const start = performance.now();
  const elapsed = (): number => performance.now() - start;
  let sent = 0;
  while (elapsed() < seconds * 1000) {
    while (sent < elapsed() / 1000 * rate && open.size < most) {
      const call = send(sent).finally(() => open.delete(call));
      open.add(call);
      sent += 1;
    }
    await sleep(2);
  }
  await Promise.all(open);
  return sent / elapsed() * 1000;
}

async function pooled<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item);
    }
  }));
}
