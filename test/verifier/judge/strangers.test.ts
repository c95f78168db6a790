import { createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import { Reason } from '../../../lib/decide/reason';
import { Attestor } from '../../../lib/policy/document';
import { NormalAttestor } from '../../../lib/policy/normal';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { startDeadline } from '../../../lib/verifier/deadline';
import { Gate } from '../../../lib/verifier/gate';
import { ImageJudge } from '../../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../../lib/verifier/judge/verdict-cache';
import { WaitingRoom } from '../../../lib/verifier/waiting-room';
import { DEFAULT_DEADLINE } from '../../../lib/verifier/options';
import { EvidenceVerifier } from '../../../lib/verifier/ports';
import { OciRegistry } from '../../../lib/verifier/registry';
import { WorkerPool } from '../../../lib/verifier/sigstore';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { builtThread } from '../../support/command';
import { BUNDLE_TYPE, sha256, TestRegistry } from '../../support/registry';
import { bundleBytes, githubRun, olderSignature, signStatement, SigstoreWorld, simpleSigning } from '../../support/sigstore';
import { ownReaders } from '../../support/readers';
import { fixedTrust } from '../../support/trust';
import { Identity } from '../../support/sigstore/identities';
import { OlderLayer } from '../../support/sigstore/older-layout';
import { policy } from '../admission/scene';

/** Signing so much takes longer than judging it. */
jest.setTimeout(120_000);

const APP = 'acme/app';
const MANY = 1_000;

/** Milliseconds; far more than any of it takes. */
const PATIENCE = 60_000;
const world = SigstoreWorld.create();
const stranger = githubRun({ repository: 'evil/app' });
const [own, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey) as [KeyObject, KeyObject];
const KEYED = { attestors: { release: { type: 'key', publicKey: pemOf(own), trustRoot: 'test' } } };
let pool: WorkerPool;
let registry: TestRegistry;
let client: OciRegistry;
let digest: string;
/** Genuine signatures of the image, each with a certificate of its own. */
let keyless: readonly Buffer[];

beforeAll(async () => {
  pool = new WorkerPool({ trustRoots: [{ name: 'test', json: JSON.stringify(world.trustedRoot) }], entry: builtThread() });
  registry = await TestRegistry.start();
  digest = registry.pushImage(APP, 'the image');
  keyless = Array.from({ length: MANY }, () => bundleBytes(world.signKeyless(stranger, signStatement(digest))));
  await pool.ready();
});

beforeEach(async () => {
  await registry.close();
  registry = await TestRegistry.start();
  client = new OciRegistry(new Map([[registry.host, { plainHttp: true }]]));
  registry.pushImage(APP, 'the image');
});

afterEach(() => client.close());

afterAll(async () => {
  await Promise.all([pool.close(), registry.close()]);
});

function pemOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

/**
 * What is said of the image, and how many signatures were found to be genuine, in as much work as a single core does in the time that a review has: on a machine
 * that others use as well, time alone would say nothing.
 */
async function ask(spec: object = {}): Promise<{ said: string; reasons: readonly Reason[]; genuine: number }> {
  let genuine = 0;
  const evidence: EvidenceVerifier = {
    verify: async (...asked) => {
      const report = await pool.verify(...asked);
      genuine += report.status === 'found' ? report.pieces.filter(({ facts }) => Object.values(facts).some(({ verified }) => verified)).length : 0;
      return report;
    },
  };
  const judge = new ImageJudge({
    set: policySet([parseDocument(policy('app', registry.host, spec))]), readers: ownReaders(client), trust: fixedTrust(evidence), cache: new VerdictCache(), gate: new Gate(), room: new WaitingRoom(),
    budget: PATIENCE, now: Date.now, unexpected: (error) => {
      throw error;
    },
  });
  const deadline = startDeadline(PATIENCE);
  const before = process.cpuUsage();
  try {
    const { verdict: { allowed, reasons } } = await judge.judge({
      reference: `${registry.host}/${APP}@${digest}`, namespace: { name: 'default' }, tags: 'refuse', policies: 'all', remember: false,
    }, deadline);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(DEFAULT_DEADLINE);
    return { said: allowed ? 'allowed' : reasons.map(({ code }) => code).join(' '), reasons, genuine };
  } finally {
    deadline.done();
  }
}

const attach = (bytes: Uint8Array): void => void registry.attach(APP, digest, bytes);

describe.each<[order: string, isFirst: boolean]>([['before', true], ['after', false]])('E72: a good signature %s 1,000 genuine ones of strangers is allowed in time', (_order, isFirst) => {
  const around = (strangers: () => void, good: () => void): void => (isFirst ? [good, strangers] : [strangers, good]).forEach((push) => push());

  test('with certificates', async () => {
    around(() => keyless.forEach(attach), () => attach(bundleBytes(world.signKeyless(githubRun(), signStatement(digest)))));
    const { said, genuine } = await ask();
    expect(said).toBe('allowed');
    // The good one, and a few that are looked at whoever signed.
    expect(genuine).toBeGreaterThanOrEqual(1);
    expect(genuine).toBeLessThanOrEqual(9);
  });

  test('with keys, whatever key they say they are of', async () => {
    around(() => Array.from({ length: MANY }, () => attach(bundleBytes(world.signWithKey(other, signStatement(digest), { log: 'rekor1' })))),
      () => attach(bundleBytes(world.signWithKey(own, signStatement(digest), { log: 'rekor1' }))));
    expect(await ask(KEYED)).toMatchObject({ said: 'allowed', genuine: 1 });
  });

  test('in cosign\'s older layout, of which a tag holds some hundreds', async () => {
    const payload = simpleSigning(digest);
    const layers: OlderLayer[] = [];
    around(() => layers.push(...Array.from({ length: MANY / 2 }, () => olderSignature(world, stranger, payload))), () => layers.push(olderSignature(world, githubRun(), payload)));
    registry.repository(APP).pushOlder(digest, 'sig', layers);
    expect((await ask()).said).toBe('allowed');
  });
});

describe('without a good signature', () => {
  test('1,000 genuine ones of strangers are refused in time, by one that was found to be genuine', async () => {
    keyless.forEach(attach);
    const { said, reasons } = await ask();
    expect(said).toBe('WRONG_IDENTITY');
    expect(reasons[0]?.message).toBe(`expected the signer "${githubRun().subject}", found the uri "${stranger.subject}" of "${stranger.issuer}"`);
  });

  test('forged ones are refused as what they are, however many', async () => {
    const forger = SigstoreWorld.create();
    Array.from({ length: 40 }, () => attach(bundleBytes(forger.signKeyless(stranger, signStatement(digest)))));
    expect(await ask()).toMatchObject({ said: 'NO_TRUSTED_TIME', genuine: 0 });
  });
});

describe('a certificate that is looked at only for whom it names', () => {
  const store = new TrustStore([{ name: 'test', json: JSON.stringify(world.trustedRoot) }]);
  const named = (identity: Identity, claims = {}): Attestor => ({ type: 'keyless', issuer: identity.issuer, subject: identity.subject, certificate: claims, trustRoot: 'test' });
  const [ours, theirs] = [named(githubRun()), named(stranger)];

  function facts(attestors: readonly Attestor[], thorough?: number): (string | undefined)[] {
    const document = policy('app', 'reg.test', {
      attestors: Object.fromEntries(attestors.map((attestor, index) => [`a${index}`, attestor])),
      requirements: [{ type: 'signature', name: 'signed', attestors: attestors.map((_, index) => `a${index}`) }],
    });
    const normal: NormalAttestor[] = policySet([parseDocument(document)]).policies.flatMap((each) => Object.values(each.attestors));
    const bundles = keyless.slice(0, 2).map((bytes) => ({ digest: sha256(bytes), mediaType: BUNDLE_TYPE, bytes: new Uint8Array(bytes) }));
    return verifyEvidence({ bundles, unsupported: [] }, normal, store, thorough).pieces.flatMap((piece) => Object.values(piece.facts).map((fact) => (fact.verified ? 'genuine' : fact.message)));
  }

  test('and names nobody is not said to be genuine', () => {
    const unchecked = `found a certificate that names the uri "${stranger.subject}" of "${stranger.issuer}", which was not checked, since the policy does not name that signer`;
    expect(facts([ours], 0)).toEqual([unchecked, unchecked]);
    expect(facts([ours], 1)).toEqual(['genuine', unchecked]);
    expect(facts([ours])).toEqual(['genuine', 'genuine']);
  });

  test('and names any attestor of the same anchor is checked', () => {
    expect(facts([theirs], 0)).toEqual(['genuine', 'genuine']);
    expect(facts([ours, theirs], 0)).toEqual(['genuine', 'genuine']);
    expect(facts([theirs, ours], 0)).toEqual(['genuine', 'genuine']);
  });

  test('has to name the issuer and every claim as well', () => {
    const claims = { sourceRepositoryUri: 'https://github.com/evil/app' };
    expect(facts([named(stranger, claims)], 0)).toEqual(['genuine', 'genuine']);
    for (const attestor of [named({ ...stranger, issuer: 'https://issuer.test' }), named(stranger, { ...claims, buildTrigger: 'release' })]) {
      expect(facts([attestor], 0)).not.toContain('genuine');
    }
  });
});
