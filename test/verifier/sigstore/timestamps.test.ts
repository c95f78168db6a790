import { BundleJson, githubRun, KeylessOptions, OID, SigstoreWorld, signStatement, TimestampAuthority, TrustedRootJson } from '../../support/sigstore';
import { authorityJson } from '../../support/sigstore/trusted-root';
import { keyless, Rules, Scene, SIGNED, Situation, testTwins, Twins } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
const stranger = SigstoreWorld.create({ name: 'stranger.test' });
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function signed(options: KeylessOptions = {}): Situation {
  return { evidence: (image) => world.signKeyless(githubRun(), signStatement(image), options) };
}

function changed(change: (bundle: BundleJson) => void, options: KeylessOptions = {}): Situation {
  return {
    evidence: (image) => {
      const bundle = world.signKeyless(githubRun(), signStatement(image), options);
      change(bundle);
      return bundle;
    },
  };
}

function trusting(trust: (root: TrustedRootJson) => void, options: KeylessOptions = {}): Situation {
  return { ...signed(options), trust };
}

/** The ordinary signature, stamped a second time. */
function stampedAgain(authority: TimestampAuthority, at: Date): Situation {
  return changed((bundle) => {
    const signature = Buffer.from(bundle.dsseEnvelope!.signatures[0]!.sig, 'base64');
    stampsOf(bundle).push({ signedTimestamp: authority.timestamp(signature, at).toString('base64') });
  });
}

function stampsOf(bundle: BundleJson): Array<{ signedTimestamp: string }> {
  return bundle.verificationMaterial.timestampVerificationData!.rfc3161Timestamps;
}

/** The only timestamp, changed. */
function stamp(change: (token: Buffer) => Buffer): Situation {
  return changed((bundle) => {
    const [only] = stampsOf(bundle);
    only!.signedTimestamp = change(Buffer.from(only!.signedTimestamp, 'base64')).toString('base64');
  });
}

/** A second authority that the root trusts, too. */
const second = TimestampAuthority.create('second.test', world.now);
/** One whose certificate is for servers. */
const servers = TimestampAuthority.create('servers.test', world.now, OID.serverAuth);

function alsoTrusting(authority: TimestampAuthority, period: { start?: Date; end?: Date } = {}): (root: TrustedRootJson) => void {
  return (root) => {
    const { start = new Date(world.now.getTime() - 30 * DAY), end } = period;
    const described = authorityJson('second.test', authority, start);
    root.timestampAuthorities.push(end === undefined ? described : { ...described, validFor: { ...described.validFor, end: end.toISOString() } });
  };
}

const before = (time: number): Date => new Date(world.now.getTime() - time);
const after = (time: number): Date => new Date(world.now.getTime() + time);
const window = (root: TrustedRootJson): { start: string; end?: string } => root.timestampAuthorities[0]!.validFor;

const TOKENS: readonly Twins[] = [
  { id: 'E39', claim: 'a timestamp of the signature of something else', code: 'NO_TRUSTED_TIME', denied: signed({ stamped: () => Buffer.from('something else') }) },
  { id: 'E39', claim: 'a timestamp of the statement in place of the signature', code: 'NO_TRUSTED_TIME', denied: changed((bundle) => {
    stampsOf(bundle)[0]!.signedTimestamp = world.timestampAuthority.timestamp(Buffer.from(bundle.dsseEnvelope!.payload, 'base64'), world.now).toString('base64');
  }) },
  { id: 'E39', claim: 'a timestamp by an authority nobody knows', code: 'NO_TRUSTED_TIME', denied: signed({ timestampAuthority: stranger.timestampAuthority }),
    allowed: signed({ timestampAuthority: world.timestampAuthority }) },
  { id: 'E39', claim: 'a timestamp that brings the certificate of its own authority', code: 'NO_TRUSTED_TIME',
    denied: signed({ timestampAuthority: stranger.timestampAuthority, timestampOptions: { certificates: stranger.timestampAuthority.chain } }),
    allowed: signed({ timestampOptions: { certificates: world.timestampAuthority.chain } }) },
  { id: 'E39', claim: 'a timestamp that names the trusted authority, signed by another', code: 'NO_TRUSTED_TIME',
    denied: signed({ timestampAuthority: stranger.timestampAuthority, timestampOptions: { claimsToBe: world.timestampAuthority } }) },
  { id: 'E39', claim: 'a timestamp that brings the trusted certificate, signed by another', code: 'NO_TRUSTED_TIME',
    denied: signed({ timestampAuthority: stranger.timestampAuthority, timestampOptions: { claimsToBe: world.timestampAuthority, certificates: world.timestampAuthority.chain } }) },
  { id: 'E39', claim: 'a timestamp whose signature was changed', code: 'NO_TRUSTED_TIME', denied: stamp((token) => {
    token[token.length - 1] = (token.at(-1) ?? 0) ^ 1;
    return token;
  }) },
  { id: 'E39', claim: 'a timestamp whose time was changed', code: 'NO_TRUSTED_TIME', denied: stamp((token) => {
    const year = token.indexOf(String(world.now.getUTCFullYear()), 0, 'latin1');
    token[year + 3] = (token[year + 3] ?? 0) ^ 1;
    return token;
  }) },
  { id: 'E39', claim: 'a timestamp that is cut short', code: 'MALFORMED', denied: stamp((token) => token.subarray(0, 40)) },
  { id: 'E39', claim: 'a timestamp that something follows', code: 'MALFORMED', denied: stamp((token) => Buffer.concat([token, Buffer.from([5, 0])])) },
];

const WINDOWS: readonly Twins[] = [
  { id: 'E39', claim: 'an authority that was trusted only until then', code: 'NO_TRUSTED_TIME', denied: trusting((root) => Object.assign(window(root), { end: before(MINUTE).toISOString() })),
    allowed: trusting((root) => Object.assign(window(root), { end: after(MINUTE).toISOString() })) },
  { id: 'E39', claim: 'an authority that was trusted only later', code: 'NO_TRUSTED_TIME', denied: trusting((root) => Object.assign(window(root), { start: after(MINUTE).toISOString() })),
    allowed: trusting((root) => Object.assign(window(root), { start: before(MINUTE).toISOString() })) },
  { id: 'E39', claim: 'an authority that was trusted only until then, beside one that still is', code: 'NO_TRUSTED_TIME',
    denied: { ...signed({ timestampAuthority: second }), trust: alsoTrusting(second, { end: before(MINUTE) }) },
    allowed: { ...signed({ timestampAuthority: second }), trust: alsoTrusting(second, { end: after(MINUTE) }) } },
  { id: 'E39', claim: 'one of two timestamps before the certificate began', code: 'UNTRUSTED_CERTIFICATE',
    denied: { ...stampedAgain(second, before(MINUTE)), trust: alsoTrusting(second) }, allowed: { ...stampedAgain(second, after(1_000)), trust: alsoTrusting(second) } },
  { id: 'E39', claim: 'one of two timestamps after the certificate had ended', code: 'UNTRUSTED_CERTIFICATE',
    denied: { ...stampedAgain(second, after(11 * MINUTE)), trust: alsoTrusting(second), now: () => after(20 * MINUTE).getTime() },
    allowed: { ...stampedAgain(second, after(9 * MINUTE)), trust: alsoTrusting(second), now: () => after(20 * MINUTE).getTime() } },
  { id: 'E39', claim: 'a good timestamp and one of an authority nobody knows', code: 'NO_TRUSTED_TIME', denied: stampedAgain(stranger.timestampAuthority, world.now),
    allowed: { ...stampedAgain(second, world.now), trust: alsoTrusting(second) } },
  { id: 'E39', claim: 'one timestamp twice', code: 'NO_TRUSTED_TIME', denied: changed((bundle) => {
    stampsOf(bundle).push(stampsOf(bundle)[0]!);
  }) },
];

const STAMPED: Rules = { ...SIGNED, attestors: { signer: keyless({ transparency: { timestamp: 'required' } }) } };

const CLOCKS: readonly Twins[] = [
  { id: 'E35', claim: 'no timestamp where the policy asks for one, although the log knows the time', code: 'NO_TRUSTED_TIME', denied: { ...signed({ log: 'rekor1' }), rules: STAMPED },
    allowed: { ...signed({ log: 'rekor1', timestamp: true }), rules: STAMPED } },
  { id: 'P04', claim: 'a signature of the future, by the authority\'s clock', code: 'NO_TRUSTED_TIME', denied: { now: () => before(2 * MINUTE).getTime() }, allowed: { now: () => before(MINUTE / 2).getTime() } },
  { id: 'P04', claim: 'a signature of the future, by the log\'s clock', code: 'NO_TRUSTED_TIME', denied: { ...signed({ log: 'rekor1' }), now: () => before(2 * MINUTE).getTime() },
    allowed: { ...signed({ log: 'rekor1' }), now: () => before(MINUTE / 2).getTime() } },
];

describe('what a timestamp says', () => testTwins(() => scene, TOKENS));
describe('when its authority was trusted', () => testTwins(() => scene, WINDOWS));
describe('which clock counts', () => testTwins(() => scene, CLOCKS));

test('a signature stays good when its certificate has long ended', async () => {
  expect(await scene.outcome({ now: () => after(3_650 * DAY).getTime() })).toBe('allowed');
});

test('E39 a trust root with a timestamp authority whose certificate is for servers is refused', async () => {
  await expect(scene.outcome({ ...signed({ timestampAuthority: servers }), trust: alsoTrusting(servers) })).rejects.toThrow(/trust root test: .* not for signing timestamps/);
  expect(await scene.outcome({ ...signed({ timestampAuthority: second }), trust: alsoTrusting(second) })).toBe('allowed');
});
