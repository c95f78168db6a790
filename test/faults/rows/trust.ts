import { SigstoreWorld } from '../../support/sigstore';
import { creation } from '../reviews';
import { faultRow, ProcessRow } from '../row';
import { sleep, Stage, TrustedRoot } from '../stage';

const HOUR = 3_600_000;
/** Of the traffic; those to the replica that ends may break off. */
const CONNECTIONS = 14;
const AWAY = ['TRUST_ROOT_UNAVAILABLE', 'DEADLINE'];

/** What is the matter with the mirror while one of three replicas is started anew, as that one says, and how it gets well. */
const MIRRORS: readonly { readonly name: string; readonly what: string; readonly says: RegExp; readonly begin: (stage: Stage) => void; readonly end: (stage: Stage) => void }[] = [
  {
    name: 'tuf-away', what: 'cannot be reached', says: /trust-root-refresh-failed/,
    begin: ({ mirror }) => void (mirror.down = true),
    end: ({ mirror }) => void (mirror.down = false),
  },
  {
    name: 'tuf-expired', what: 'has only metadata that ended an hour ago', says: /trust-root-refresh-failed[^\n]*(?:ended|expired)/,
    begin: ({ mirror }) => {
      mirror.roles.timestamp.endsIn = -HOUR;
      mirror.release();
    },
    end: ({ mirror }) => {
      mirror.roles.timestamp.endsIn = 24 * HOUR;
      mirror.release();
    },
  },
  {
    name: 'tuf-slow', what: 'takes 3 s longer for every answer, some 15 s in all', says: /"event":"listening"/,
    begin: ({ mirror }) => void (mirror.delay = 3_000),
    end: () => undefined,
  },
];

/** Trust roots that are fetched from a mirror, which is down or lies. */
export const trustRows: readonly ProcessRow[] = [
  ...MIRRORS.map(({ name, what, says, begin, end }) => faultRow({
    name,
    what: `the mirror from which the trust root is fetched over TUF ${what}, and one of three replicas is started anew`,
    expected: 'those that run go on with the root that they have; the new one starts at once, refuses with TRUST_ROOT_UNAVAILABLE or DEADLINE what needs the root, and allows it when it has the root',
  }, { during: { cached: AWAY, fresh: AWAY }, recovery: 30_000, broken: CONNECTIONS }, async (stage) => {
    const failures: string[] = [];
    const fails = (which: string, outcome: string, ...expected: readonly string[]): void => void (expected.includes(outcome) || failures.push(`${which} answers ${outcome}`));
    await stage.suffer({
      begin: async () => {
        begin(stage);
        const [old, other] = stage.verifiers;
        const renewed = await stage.startReplica();
        stage.forget(old!);
        await old?.stop();
        fails('the new replica', await stage.askerOf(renewed).ask(creation(stage.good())), ...AWAY);
        fails('a replica that ran', await stage.askerOf(other!).ask(creation(stage.good())), 'allowed');
        await logged(renewed, says, 5_000);
      },
      end: async () => {
        end(stage);
        await logged(stage.verifiers.at(-1)!, /"event":"trust-root-refreshed"/, 40_000);
      },
    }, 2_000, 2_000);
    return { failures };
  }, { releases: (own) => [own] })),
  faultRow({
    name: 'tuf-rolled-back',
    what: 'the mirror of a trust root goes back to an earlier version, still good by its signatures and dates, in which an authority of strangers was trusted; when every replica has asked for it, a third version follows',
    expected: 'the earlier one is taken by no replica, and no request is answered otherwise than before; the third is taken by all',
  }, {}, async (stage) => {
    const { mirror } = stage;
    const newcomer = SigstoreWorld.create({ name: 'newcomer.test', now: new Date(Math.floor(Date.now() / 1000) * 1000 - HOUR) });
    const image = stage.signedBy(newcomer);
    const failures: string[] = [];
    await stage.suffer({
      begin: async () => {
        mirror.files.set('timestamp.json', stage.earlierTimestamp);
        // Asked for again after a minute, give or take a fifth, since its metadata ends soon.
        await Promise.all(stage.verifiers.map((replica) => logged(replica, /trust-root-refresh-failed[^\n]*version/, 90_000)));
      },
      end: async () => {
        mirror.release(JSON.stringify(bothOf(stage.world.trustedRoot, newcomer.trustedRoot)));
        await Promise.all(stage.verifiers.map((replica) => logged(replica, /"event":"trust-root-refreshed"[^\n]*"version":3,"changed":true/, 40_000)));
      },
    }, 500, 2_000);
    for (const replica of stage.verifiers) {
      const outcome = await stage.askerOf(replica).ask(creation(image));
      failures.push(...outcome === 'allowed' ? [] : [`what only the third version trusts is answered with ${outcome}`]);
    }
    return { failures };
  }, { releases: (own, strangers) => [bothOf(own, strangers), own], metadataLasts: 200_000, fresh: 600 }),
];

/** A trust root of two instances. */
function bothOf(one: TrustedRoot, other: TrustedRoot): TrustedRoot {
  const both = <K extends 'tlogs' | 'certificateAuthorities' | 'ctlogs' | 'timestampAuthorities'>(list: K): TrustedRoot[K] => [...one[list], ...other[list]] as TrustedRoot[K];
  return { ...one, tlogs: both('tlogs'), certificateAuthorities: both('certificateAuthorities'), ctlogs: both('ctlogs'), timestampAuthorities: both('timestampAuthorities') };
}

/** @throws Error when it is not logged in time */
async function logged(replica: Stage['verifiers'][number], line: RegExp, milliseconds: number): Promise<void> {
  for (const end = performance.now() + milliseconds; !line.test(replica.log()); await sleep(100)) {
    if (performance.now() > end) {
      throw new Error(`no verifier says ${line.source} within ${milliseconds / 1000} s`);
    }
  }
}
