import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { BundleJson, bundleBytes, githubRun, KeylessOptions, LogEntryJson, SignOptions, SigstoreWorld, signStatement, TrustedRootJson } from '../../support/sigstore';
import { spkiOf } from '../../support/sigstore/certificate';
import { keyless, Rules, Scene, SIGNED, Situation, testTwins, TRUST_ROOT, Twins } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
const stranger = SigstoreWorld.create({ name: 'stranger.test' });
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

const BY_LOG = { log: 'rekor1' } as const;
const BY_BOTH = { log: 'rekor1', timestamp: true } as const;

function signed(options: KeylessOptions = {}): Situation {
  return { evidence: (image) => world.signKeyless(githubRun(), signStatement(image), options) };
}

/** A bundle changed after it was signed. */
function changed(change: (bundle: BundleJson, image: string) => void, options: KeylessOptions = {}): Situation {
  return {
    evidence: (image) => {
      const bundle = world.signKeyless(githubRun(), signStatement(image), options);
      change(bundle, image);
      return bundle;
    },
  };
}

/** A log entry changed after the log gave it. */
function entry(change: (entry: LogEntryJson, image: string) => void, options: KeylessOptions = {}): Situation {
  return changed((bundle, image) => change(entryOf(bundle), image), options);
}

function entryOf(bundle: BundleJson): LogEntryJson {
  return bundle.verificationMaterial.tlogEntries![0]!;
}

function trusting(trust: (root: TrustedRootJson) => void, options: KeylessOptions = {}): Situation {
  return { ...signed(options), trust };
}

const before = (days: number): string => new Date(world.now.getTime() - days * 24 * 3600_000).toISOString();
const seconds = (later: number): string => new Date(world.now.getTime() + later * 1000).toISOString();
const AFTER = new Date(world.now.getTime() + 3600_000).toISOString();

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const OTHER_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const KEYED: Rules = { ...SIGNED, attestors: { signer: { type: 'key', publicKey: createPublicKey(KEY).export({ type: 'spki', format: 'pem' }).toString(), trustRoot: TRUST_ROOT } } };

/** The same signature, logged as if another certificate had made it. */
function loggedForAnother(options: KeylessOptions): Situation {
  return signed({ ...options, alterLogged: (logged) => ({ ...logged, signer: { ...logged.signer, der: someLeaf() } }) });
}

function someLeaf(): Buffer {
  const bundle = world.signKeyless(githubRun(), signStatement(`sha256:${'0'.repeat(64)}`));
  return Buffer.from(bundle.verificationMaterial.certificate!.rawBytes, 'base64');
}

/** An entry that the log really has, about the signature of another image. */
function spliced(options: KeylessOptions): Situation {
  return changed((bundle) => {
    bundle.verificationMaterial.tlogEntries = world.signKeyless(githubRun(), signStatement(`sha256:${'0'.repeat(64)}`), options).verificationMaterial.tlogEntries!;
  }, options);
}

const KINDS = ['dsse 0.0.1', 'intoto 0.0.2', 'hashedrekord 0.0.1', 'dsse 0.0.2', 'hashedrekord 0.0.2'] as const;

const BINDING: readonly Twins[] = KINDS.flatMap((kind): Twins[] => {
  const options: KeylessOptions = { entry: kind, log: kind.endsWith('1') ? 'rekor1' : 'rekor2' };
  const keyed = (change: SignOptions = {}): Situation => ({ rules: KEYED, evidence: (image) => world.signWithKey(KEY, signStatement(image), { ...options, ...change }) });
  return [
    { id: 'E30', claim: `a genuine entry about another image's signature (${kind})`, code: 'NO_TRANSPARENCY', denied: spliced(options), allowed: signed(options) },
    { id: 'E30', claim: `an entry of this signature by another certificate (${kind})`, code: 'NO_TRANSPARENCY', denied: loggedForAnother(options), allowed: signed(options) },
    { id: 'E30', claim: `an entry of another signature by this certificate (${kind})`, code: 'NO_TRANSPARENCY',
      denied: signed({ ...options, alterLogged: (logged) => ({ ...logged, signature: Buffer.from(logged.signature.map((byte) => byte ^ 1)) }) }), allowed: signed(options) },
    { id: 'E30', claim: `an entry of this signature over another payload (${kind})`, code: 'NO_TRANSPARENCY',
      denied: signed({ ...options, alterLogged: (logged) => ({ ...logged, payload: Buffer.from('{}'), signed: Buffer.from('{}') }) }), allowed: signed(options) },
    { id: 'E30', claim: `an entry of this signature by another key (${kind})`, code: 'NO_TRANSPARENCY',
      denied: keyed({ alterLogged: (logged) => ({ ...logged, signer: { ...logged.signer, der: spkiOf(OTHER_KEY) } }) }), allowed: keyed() },
  ];
});

const PROMISES: readonly Twins[] = [
  { id: 'E32', claim: 'a promise about another time', code: 'NO_TRANSPARENCY', denied: entry((one) => {
    one.integratedTime = String(Number(one.integratedTime) + 1);
  }, BY_BOTH), allowed: signed(BY_BOTH) },
  { id: 'E32', claim: 'a promise about another place in the log', code: 'NO_TRANSPARENCY', denied: entry((one) => {
    one.logIndex = String(Number(one.logIndex) + 1);
  }, BY_BOTH), allowed: signed(BY_BOTH) },
  { id: 'E32', claim: 'a promise by another log', code: 'NO_TRANSPARENCY', denied: entry((one) => {
    Object.assign(one, stranger.rekor1.promise(Buffer.from(one.canonicalizedBody, 'base64'), Number(one.logIndex), world.now));
  }, BY_BOTH), allowed: entry((one) => {
    Object.assign(one, world.rekor1.promise(Buffer.from(one.canonicalizedBody, 'base64'), Number(one.logIndex), world.now));
  }, BY_BOTH) },
  { id: 'E32', claim: 'no promise, where the log\'s time is the only one', code: 'NO_TRUSTED_TIME', denied: entry((one) => {
    delete one.inclusionPromise;
  }, BY_LOG), allowed: entry((one) => {
    delete one.inclusionPromise;
  }, BY_BOTH) },
  { id: 'E32', claim: 'a promise without time, where the log\'s time is the only one', code: 'NO_TRUSTED_TIME', denied: entry((one) => {
    delete one.integratedTime;
  }, BY_LOG), allowed: signed(BY_LOG) },
  { id: 'E32', claim: 'a promise of a log that was trusted only until then', code: 'NO_TRANSPARENCY',
    denied: trusting((root) => Object.assign(root.tlogs[0]!.publicKey.validFor, { end: before(1) }), BY_LOG),
    allowed: trusting((root) => Object.assign(root.tlogs[0]!.publicKey.validFor, { end: AFTER }), BY_LOG) },
  { id: 'E32', claim: 'a promise of a log that was trusted only until a timestamp that vouches for the signature, too', code: 'NO_TRANSPARENCY',
    denied: trusting((root) => Object.assign(root.tlogs[0]!.publicKey.validFor, { end: seconds(30) }), { ...BY_BOTH, stampedAt: new Date(seconds(60)) }),
    allowed: trusting((root) => Object.assign(root.tlogs[0]!.publicKey.validFor, { end: seconds(90) }), { ...BY_BOTH, stampedAt: new Date(seconds(60)) }) },
  { id: 'E32', claim: 'a promise of a log that nobody trusts', code: 'NO_TRANSPARENCY', denied: trusting((root) => root.tlogs.shift(), BY_LOG), allowed: trusting((root) => root.tlogs.pop(), BY_LOG) },
];

function proof(change: (proof: NonNullable<LogEntryJson['inclusionProof']>, entry: LogEntryJson) => void, options: KeylessOptions = {}): Situation {
  return entry((one) => change(one.inclusionProof!, one), options);
}

function checkpoint(change: (envelope: string) => string, options: KeylessOptions = {}): Situation {
  return proof((one) => {
    one.checkpoint.envelope = change(one.checkpoint.envelope);
  }, options);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function proofsOf(name: string, options: KeylessOptions): Twins[] {
  const allowed = signed(options);
  const one = (claim: string, denied: Situation, code = 'NO_TRANSPARENCY'): Twins => ({ id: 'E34', claim: `${claim} (${name})`, code, denied, allowed });
  const log = options.log === 'rekor1' ? world.rekor1 : world.rekor2;
  return [
    one('no proof', entry((of) => {
      delete of.inclusionProof;
    }, options), 'MALFORMED'),
    one('a proof for another place in the tree', proof((of) => {
      of.logIndex = String(Number(of.logIndex) - 1);
    }, options)),
    one('a proof for a place beyond the tree', proof((of) => {
      of.logIndex = '1000000';
    }, options)),
    one('a proof for a place before the tree', proof((of) => {
      of.logIndex = '-1';
    }, options), 'MALFORMED'),
    one('a proof that lacks a hash', proof((of) => of.hashes.pop(), options)),
    one('a proof with a hash too many', proof((of) => of.hashes.push(digest('more').toString('base64')), options)),
    one('a proof with another hash', proof((of) => {
      of.hashes[0] = digest('other').toString('base64');
    }, options)),
    one('a signed checkpoint over another tree', proof((of) => {
      of.checkpoint.envelope = log.checkpoint(digest('other'), Number(of.treeSize));
    }, options)),
    one('a signed checkpoint over an empty tree', proof((of) => {
      of.checkpoint.envelope = log.checkpoint(Buffer.from(of.rootHash, 'base64'), 0);
    }, options)),
    one('a checkpoint signed by another log', proof((of) => {
      const other = options.log === 'rekor1' ? stranger.rekor1 : stranger.rekor2;
      of.checkpoint.envelope = other.checkpoint(Buffer.from(of.rootHash, 'base64'), Number(of.treeSize));
    }, options)),
    one('a checkpoint under the name of another log', proof((of) => {
      of.checkpoint.envelope = log.checkpoint(Buffer.from(of.rootHash, 'base64'), Number(of.treeSize), { name: 'rekor.other.test' });
    }, options)),
    one('a checkpoint whose size was changed', checkpoint((text) => text.replace(/\n(\d+)\n/, '\n1$1\n'), options)),
    one('a checkpoint with another key hint', checkpoint((text) => text.replace(/ (\S+)\n$/, (_, signature: string) => ` ${flipped(signature)}\n`), options)),
    one('a checkpoint without signature', checkpoint((text) => text.slice(0, text.indexOf('\n\n') + 2), options)),
    one('a checkpoint that lacks a line', checkpoint((text) => text.slice(text.indexOf('\n') + 1), options)),
    one('a checkpoint that is empty', checkpoint(() => '', options)),
    one('a body that was changed', entry((of) => {
      of.canonicalizedBody = Buffer.from(Buffer.from(of.canonicalizedBody, 'base64').toString('utf8').replace('{', '{ ')).toString('base64');
    }, options)),
    one('another log\'s id', entry((of) => {
      of.logId.keyId = (options.log === 'rekor1' ? world.rekor2 : world.rekor1).id.toString('base64');
    }, options)),
  ];
}

/** The first byte of base64, changed. */
function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
}

const PROOFS: readonly Twins[] = [
  ...proofsOf('Rekor v1', BY_BOTH),
  ...proofsOf('Rekor v2', { log: 'rekor2' }),
  { id: 'E34', claim: 'a proof of another root hash than its checkpoint', code: 'NO_TRANSPARENCY',
    denied: entry((one) => Object.assign(one.inclusionProof!, { rootHash: Buffer.alloc(32, 7).toString('base64') })),
    allowed: entry((one) => Object.assign(one.inclusionProof!, { rootHash: one.inclusionProof!.checkpoint.envelope.split('\n')[2] })) },
  { id: 'E34', claim: 'a proof of another tree size than its checkpoint', code: 'NO_TRANSPARENCY',
    denied: entry((one) => Object.assign(one.inclusionProof!, { treeSize: String(Number(one.inclusionProof!.treeSize) + 1) })),
    allowed: entry((one) => Object.assign(one.inclusionProof!, { treeSize: Number(one.inclusionProof!.treeSize) })) },
  { id: 'E34', claim: 'a proof of another tree size than its checkpoint, where the log promised the entry, too', code: 'NO_TRANSPARENCY',
    denied: entry((one) => Object.assign(one.inclusionProof!, { treeSize: String(Number(one.inclusionProof!.treeSize) + 1) }), BY_BOTH), allowed: signed(BY_BOTH) },
  { id: 'E34', claim: 'a proof without its tree size', code: 'NO_TRANSPARENCY',
    denied: entry((one) => Object.assign(one.inclusionProof!, { treeSize: undefined })),
    allowed: entry((one) => Object.assign(one.inclusionProof!, { treeSize: one.inclusionProof!.treeSize })) },
  { id: 'E34', claim: 'no log entry, unless the policy asks for none', code: 'NO_TRANSPARENCY', denied: signed({ log: 'none' }), allowed: { ...signed({ log: 'none' }), rules: unlogged() } },
  { id: 'E34', claim: 'a key\'s signature without log entry, unless the policy asks for none', code: 'NO_TRANSPARENCY', denied: signedByKey({ log: 'none' }),
    allowed: { ...signedByKey({ log: 'none' }), rules: { ...KEYED, attestors: { signer: { ...KEYED.attestors['signer']!, transparency: { log: 'notRequired', untimed: { reason: 'an air-gapped build', owner: 'a test' } } } } } } },
  { id: 'E34', claim: 'a log that was trusted only until then', code: 'NO_TRANSPARENCY', denied: trusting((root) => Object.assign(root.tlogs[1]!.publicKey.validFor, { end: before(1) })),
    allowed: trusting((root) => Object.assign(root.tlogs[1]!.publicKey.validFor, { end: AFTER })) },
  { id: 'E34', claim: 'a key\'s signature in a log that was trusted only until then', code: 'NO_TRANSPARENCY',
    denied: { ...signedByKey(), trust: (root) => Object.assign(root.tlogs[1]!.publicKey.validFor, { end: before(1) }) },
    allowed: { ...signedByKey(), trust: (root) => Object.assign(root.tlogs[1]!.publicKey.validFor, { end: AFTER }) } },
  { id: 'E34', claim: 'a key\'s signature without time, in a log that is no longer trusted', code: 'NO_TRANSPARENCY',
    denied: { ...signedByKey({ timestamp: false }), trust: (root) => Object.assign(root.tlogs[1]!.publicKey.validFor, { end: before(1) }) },
    allowed: signedByKey({ timestamp: false }) },
  { id: 'E34', claim: 'a log that was trusted only later', code: 'NO_TRANSPARENCY', denied: trusting((root) => Object.assign(root.tlogs[1]!.publicKey.validFor, { start: AFTER })),
    allowed: trusting((root) => Object.assign(root.tlogs[1]!.publicKey.validFor, { start: before(1) })) },
  { id: 'E34', claim: 'a checkpoint with a stranger\'s signature only, not with one beside the log\'s', code: 'NO_TRANSPARENCY',
    denied: checkpoint((text) => text.slice(0, text.indexOf('\n\n') + 2) + cosignature()), allowed: checkpoint((text) => text + cosignature()) },
];

function signedByKey(options: SignOptions = {}): Situation {
  return { rules: KEYED, evidence: (image) => world.signWithKey(KEY, signStatement(image), options) };
}

function cosignature(): string {
  return `\u2014 witness.test ${Buffer.concat([digest('witness').subarray(0, 4), digest('signature'), digest('more')]).toString('base64')}\n`;
}

function unlogged(): Rules {
  return { ...SIGNED, attestors: { signer: keyless({ transparency: { log: 'notRequired', timestamp: 'required', reason: 'a private instance' } }) } };
}

const VERSIONS: readonly Twins[] = [
  { id: 'E35', claim: 'a Rekor v2 entry without timestamp', code: 'NO_TRUSTED_TIME', denied: signed({ timestamp: false }), allowed: signed({ timestamp: true }) },
  { id: 'E35', claim: 'a Rekor v2 entry that names a time nobody signed', code: 'NO_TRUSTED_TIME', denied: entry((one) => {
    one.integratedTime = String(Math.floor(world.now.getTime() / 1000));
  }, { timestamp: false }), allowed: entry((one) => {
    one.integratedTime = '1';
  }) },
  { id: 'E35', claim: 'an entry of one version under the name of the other', code: 'NO_TRANSPARENCY', denied: entry((one) => {
    one.kindVersion.version = '0.0.1';
  }) },
  { id: 'E35', claim: 'an entry of one kind under the name of the other', code: 'NO_TRANSPARENCY', denied: entry((one) => {
    one.kindVersion.kind = 'dsse';
  }) },
  { id: 'E35', claim: 'an entry without kind', code: 'MALFORMED', denied: entry((one) => Object.assign(one, { kindVersion: undefined })) },
];

function relabelled(mediaType: string, as: string, options: KeylessOptions, change: (entry: LogEntryJson) => void = () => undefined): Situation {
  return {
    evidence: (image) => {
      const bundle = { ...world.signKeyless(githubRun(), signStatement(image), options), mediaType };
      change(entryOf(bundle));
      return { bytes: bundleBytes(bundle), as: { artifactType: as } };
    },
  };
}

const V1 = 'application/vnd.dev.sigstore.bundle+json;version=0.1';
const V2 = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
const V3 = 'application/vnd.dev.sigstore.bundle.v0.3+json';

function written(change: (text: string) => string): Situation {
  return { evidence: (image) => ({ bytes: Buffer.from(change(bundleBytes(world.signKeyless(githubRun(), signStatement(image))).toString('utf8'))) }) };
}

const LABELS: readonly Twins[] = [
  { id: 'E36', claim: 'a bundle that calls itself older than its artifact does', code: 'MALFORMED', denied: relabelled(V1, V3, BY_LOG), allowed: relabelled(V3, V3, BY_LOG) },
  { id: 'E36', claim: 'a bundle that calls itself newer than its artifact does', code: 'MALFORMED', denied: relabelled(V3, V1, BY_LOG), allowed: relabelled(V1, V1, BY_LOG) },
  { id: 'E36', claim: 'a bundle without proof relabelled to 0.2', code: 'MALFORMED', denied: relabelled(V2, V2, BY_LOG, (one) => delete one.inclusionProof), allowed: relabelled(V2, V2, BY_LOG) },
  { id: 'E36', claim: 'a Rekor v2 bundle relabelled to 0.1, which needs the log\'s promise', code: 'MALFORMED', denied: relabelled(V1, V1, {}), allowed: relabelled(V3, V3, {}) },
  { id: 'E36', claim: 'a bundle without proof relabelled to 0.1', code: 'MALFORMED',
    denied: relabelled(V1, V1, BY_LOG, (one) => delete one.inclusionProof), allowed: relabelled(V1, V1, BY_LOG) },
  { id: 'E36', claim: 'a bundle of an unknown version', code: 'MALFORMED', denied: relabelled('application/vnd.dev.sigstore.bundle.v0.4+json', V3, {}) },
  { id: 'E36', claim: 'an artifact of an unknown version', code: 'NO_SIGNATURE', denied: relabelled(V3, 'application/vnd.dev.sigstore.bundle.v0.4+json', {}) },
  { id: 'E36', claim: 'a bundle that something follows', code: 'MALFORMED', denied: written((text) => `${text}{}`), allowed: written((text) => `${text} `) },
  { id: 'E36', claim: 'a bundle with a key twice', code: 'MALFORMED', denied: written((text) => text.replace('{', '{"mediaType":"",')), allowed: written((text) => text.replace('{', '{"unknown":"",')) },
  { id: 'E36', claim: 'a good entry and one of a log nobody knows', code: 'NO_TRANSPARENCY', denied: changed((bundle, image) => {
    bundle.verificationMaterial.tlogEntries!.push(entryOf(stranger.signKeyless(githubRun(), signStatement(image))));
  }) },
  { id: 'E36', claim: 'one entry twice', code: 'NO_TRANSPARENCY', denied: changed((bundle) => {
    bundle.verificationMaterial.tlogEntries!.push(entryOf(bundle));
  }) },
];

describe('whose signature the log has', () => testTwins(() => scene, BINDING));
describe('what a log promises', () => testTwins(() => scene, PROMISES));
describe('how inclusion is proven', () => testTwins(() => scene, PROOFS));
describe('which version of the log it is', () => testTwins(() => scene, VERSIONS));
describe('which version of a bundle it is', () => testTwins(() => scene, LABELS));
