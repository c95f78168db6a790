import { createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { decodeBundle } from '../../../lib/verifier/sigstore/bundle';
import { BUNDLE_LIMITS } from '../../../lib/verifier/sigstore/limits';
import { BundleJson, bundleBytes, githubRun, LogEntryJson, SIGN_PREDICATE, SigstoreWorld, signStatement, statement } from '../../support/sigstore';
import { integer, octetString, sequence } from '../../support/sigstore/der';
import { Attachment, PATIENCE, Scene, Situation, testTwins, Twins } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

const MIB = 1024 * 1024;

function raw(bytes: (bundle: Buffer) => Buffer): Situation {
  return { evidence: (image) => ({ bytes: bytes(bundleBytes(good(image))) }) };
}

/** A bundle with so many values that nothing reads. */
function padded(values: number): Situation {
  return raw((bundle) => Buffer.from(bundle.toString('utf8').replace('{', `{"x":[${Array(values).fill('{}').join()}],`)));
}

function good(image: string): BundleJson {
  return world.signKeyless(githubRun(), signStatement(image));
}

/** The ordinary signature with a predicate of about as many bytes as the bundle then has in base64. */
function sized(bytes: number): Situation {
  return { evidence: (image) => world.signKeyless(githubRun(), statement(image, SIGN_PREDICATE, { padding: ' '.repeat(Math.floor(bytes * 3 / 4)) })) };
}

/** The ordinary signature with a member of the bundle in its place. */
function changed(change: (bundle: BundleJson) => void): Situation {
  return {
    evidence: (image) => {
      const bundle = good(image);
      change(bundle);
      return bundle;
    },
  };
}

/** The ordinary bundle with another certificate. */
function certificate(der: Buffer): Situation {
  return changed((bundle) => {
    bundle.verificationMaterial.certificate = { rawBytes: der.toString('base64') };
  });
}

/** As many timestamps of one signature, each a second later. */
function stamped(count: number): Situation {
  return changed((bundle) => {
    const signature = Buffer.from(bundle.dsseEnvelope!.signatures[0]!.sig, 'base64');
    bundle.verificationMaterial.timestampVerificationData = {
      rfc3161Timestamps: Array.from({ length: count }, (_, second) => ({
        signedTimestamp: world.timestampAuthority.timestamp(signature, new Date(world.now.getTime() + second * 1_000)).toString('base64'),
      })),
    };
  });
}

function entry(change: (entry: LogEntryJson) => void): Situation {
  return changed(({ verificationMaterial }) => change(verificationMaterial.tlogEntries![0]!));
}

function proof(change: (proof: NonNullable<LogEntryJson['inclusionProof']>) => void): Situation {
  return entry((one) => change(one.inclusionProof!));
}

/** A line of a witness nobody knows, of the usual length. */
const COSIGNATURE = `\u2014 witness.test/w1 ${Buffer.alloc(76, 7).toString('base64')}\n`;

function nested(depth: number): Buffer {
  return Array.from({ length: depth }).reduce<Buffer>((inner) => sequence(inner), integer(1));
}

/** A predicate of arrays inside each other; three levels are around it in the statement and none in the bundle. */
function deep(levels: number): Situation {
  const arrays = (count: number): string => `${'['.repeat(count)}${']'.repeat(count)}`;
  return { evidence: (image) => world.signKeyless(githubRun(), Buffer.from(JSON.stringify(statement(image, SIGN_PREDICATE, 0)).replace('"predicate":0', `"predicate":${arrays(levels)}`))) };
}

/** A predicate that is a number, as it is written. */
function numbered(text: string): Situation {
  return { evidence: (image) => world.signKeyless(githubRun(), Buffer.from(JSON.stringify(statement(image, SIGN_PREDICATE, 0)).replace('"predicate":0', `"predicate":${text}`))) };
}

const SIZES: readonly Twins[] = [
  { id: 'E70', claim: 'a bundle larger than is read', code: 'LIMIT', denied: sized(10 * MIB), allowed: sized(9.9 * MIB) },
  { id: 'E70', claim: 'a certificate larger than is read', code: 'LIMIT', denied: certificate(sequence(octetString(Buffer.alloc(64 * 1024)))) },
  { id: 'E70', claim: 'more timestamps than are read', code: 'LIMIT', denied: stamped(33), allowed: stamped(32) },
  { id: 'E70', claim: 'timestamps that are larger together than is read', code: 'LIMIT', denied: changed(({ verificationMaterial }) => {
    verificationMaterial.timestampVerificationData!.rfc3161Timestamps.push(...[1, 2].map(() => ({ signedTimestamp: Buffer.alloc(40_000).toString('base64') })));
  }) },
  { id: 'E70', claim: 'a proof with more hashes than a tree can be deep', code: 'LIMIT', denied: proof((one) => {
    one.hashes = Array.from({ length: 65 }, () => one.hashes[0]!);
  }) },
  { id: 'E70', claim: 'a checkpoint longer than is read', code: 'LIMIT', denied: proof((one) => {
    one.checkpoint.envelope += COSIGNATURE.repeat(100);
  }), allowed: proof((one) => {
    one.checkpoint.envelope += COSIGNATURE.repeat(40);
  }) },
  ...['-1', '0x1', '1e3', ' 1', '1.5', '9'.repeat(7 * MIB)].flatMap((index): Twins[] => [
    { id: 'E73', claim: `a proof's index ${index.slice(0, 9)}`, code: 'MALFORMED', denied: proof((one) => {
      one.logIndex = index;
    }) },
    { id: 'E73', claim: `an entry's index ${index.slice(0, 9)}`, code: 'MALFORMED', denied: entry((one) => {
      one.logIndex = index;
    }), allowed: entry((one) => {
      one.logIndex = '0';
    }) },
    { id: 'E73', claim: `an entry's time ${index.slice(0, 9)}`, code: 'MALFORMED', denied: entry((one) => {
      one.integratedTime = index;
    }), allowed: entry((one) => {
      one.integratedTime = '0';
    }) },
    { id: 'E73', claim: `a tree's size ${index.slice(0, 9)}`, code: 'MALFORMED', denied: proof((one) => {
      one.treeSize = index;
    }) },
  ]),
  { id: 'E70', claim: 'more log entries than are read', code: 'LIMIT', denied: changed(({ verificationMaterial }) => {
    verificationMaterial.tlogEntries = Array.from({ length: 33 }, () => verificationMaterial.tlogEntries![0]!);
  }) },
  { id: 'E70', claim: 'more signatures than are read', code: 'LIMIT', denied: changed(({ dsseEnvelope }) => {
    dsseEnvelope!.signatures = Array.from({ length: 33 }, () => dsseEnvelope!.signatures[0]!);
  }) },
  { id: 'E73', claim: 'a statement nested deeper than is read', code: 'LIMIT', denied: deep(64), allowed: deep(63) },
  { id: 'E73', claim: 'a bundle that opens a million arrays', code: 'LIMIT', denied: raw(() => Buffer.from('['.repeat(MIB))) },
  { id: 'E73', claim: 'a bundle of more values than are read: each is three bytes here and a hundred when it is read', code: 'LIMIT', denied: padded(200_000), allowed: padded(199_000) },
  { id: 'E73', claim: 'a number of ten million digits', code: 'LIMIT', denied: numbered('9'.repeat(7 * MIB)), allowed: numbered('9') },
  { id: 'E73', claim: 'a number that loses digits', code: 'MALFORMED', denied: numbered('9007199254740993'), allowed: numbered('9007199254740991') },
  { id: 'E73', claim: 'a number beyond every number', code: 'MALFORMED', denied: numbered('1e999'), allowed: numbered('1e-99') },
  { id: 'E73', claim: 'a compressed bundle', code: 'MALFORMED', denied: raw((bundle) => gzipSync(bundle)), allowed: raw((bundle) => bundle) },
  { id: 'E73', claim: 'a compressed bomb', code: 'MALFORMED', denied: raw(() => gzipSync(Buffer.alloc(64 * MIB))) },
  { id: 'E73', claim: 'a certificate nested thousands of levels deep', code: 'MALFORMED', denied: certificate(nested(10_000)) },
  { id: 'E73', claim: 'a certificate that is a number of sixty thousand bytes', code: 'MALFORMED', denied: certificate(integer(Buffer.alloc(60_000, 0x7f))) },
  { id: 'E73', claim: 'a certificate that says it is longer than it is', code: 'MALFORMED', denied: certificate(Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])) },
  { id: 'E73', claim: 'a certificate without end', code: 'MALFORMED', denied: certificate(Buffer.from([0x30, 0x80])) },
  { id: 'E73', claim: 'a bundle that is empty', code: 'MALFORMED', denied: raw(() => Buffer.alloc(0)) },
  { id: 'E73', claim: 'a bundle that is no object', code: 'MALFORMED', denied: raw(() => Buffer.from('null')) },
];

test('E70 a bundle is too large before anything is made of it, whoever read it', () => {
  const decode = (bytes: number): (() => unknown) => () => decodeBundle({ bytes: new Uint8Array(bytes), mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' });
  expect(decode(BUNDLE_LIMITS.bytes + 1)).toThrow(`at most ${BUNDLE_LIMITS.bytes} are read`);
  expect(decode(BUNDLE_LIMITS.bytes)).toThrow('cannot be read in exactly one way');
});

describe('how much is read', () => testTwins(() => scene, SIZES));

function junk(count: number): Attachment[] {
  return Array.from({ length: count }, (_, index) => ({ bytes: Buffer.from(`junk ${index}`) }));
}

/** A key that nobody has the other half of. */
function hugeKey(modulusBits: number, exponentBytes: number): KeyObject {
  const [n, e] = [Buffer.alloc(modulusBits / 8, 0xa5), Buffer.alloc(exponentBytes, 0x5b)].map((bytes) => bytes.toString('base64url')) as [string, string];
  return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
}

test.each([['a modulus of 16,384 bits', 16_384, 8], ['an exponent as long as its modulus', 3_072, 384]])('E73 a certificate for an RSA key with %s is refused quickly; an ordinary one is accepted', async (_what, bits, exponent) => {
  const der = world.certificateAuthority.issue(githubRun(), hugeKey(bits, exponent), { at: world.now, ctLogs: [world.ctLog] });
  const before = process.cpuUsage();
  expect(await scene.outcome({ evidence: (image) => Array.from({ length: 8 }, (_, index) => {
    const bundle = world.signKeyless(githubRun(), statement(image, SIGN_PREDICATE, { index }));
    bundle.verificationMaterial.certificate = { rawBytes: der.toString('base64') };
    return bundle;
  }) })).toBe('INVALID_SIGNATURE');
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(2_000);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3_072 });
  expect(await scene.outcome({ evidence: (image) => world.signKeyless(githubRun(), signStatement(image), { privateKey }) })).toBe('allowed');
}, PATIENCE);

test('E72 the good signature counts among as many artifacts as are read, first or last; with one more, none does', async () => {
  const [few, many] = [junk(1_023), junk(1_024)];
  expect(await scene.outcome({ evidence: (image) => [...few, good(image)] })).toBe('allowed');
  expect(await scene.outcome({ evidence: (image) => [good(image), ...few] })).toBe('allowed');
  expect(await scene.outcome({ evidence: (image) => [...many, good(image)] })).toBe('LIMIT');
  expect(await scene.outcome({ evidence: (image) => [good(image), ...many] })).toBe('LIMIT');
}, PATIENCE);

test('E72 thirty genuine signatures of a stranger do not hide the good one, nor do they stand in for it', async () => {
  const strangers = (image: string): BundleJson[] => Array.from({ length: 30 }, () => world.signKeyless(githubRun({ repository: 'stranger/app' }), signStatement(image)));
  expect(await scene.outcome({ evidence: (image) => [...strangers(image), good(image)] })).toBe('allowed');
  expect(await scene.outcome({ evidence: (image) => [good(image), ...strangers(image)] })).toBe('allowed');
  expect(await scene.outcome({ evidence: strangers })).toBe('WRONG_IDENTITY');
}, PATIENCE);
