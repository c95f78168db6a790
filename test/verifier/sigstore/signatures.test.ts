import { constants, createHash, createPublicKey, generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { BundleJson, extension, githubRun, KeylessOptions, SigstoreWorld, signStatement, SignOptions } from '../../support/sigstore';
import { der, integer, sequence } from '../../support/sigstore/der';
import { keyless, Rules, Scene, SIGNED, signature, Situation, testTwins, TRUST_ROOT, Twins } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const OTHER = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

function key(privateKey: KeyObject): Rules['attestors'][string] {
  return { type: 'key', publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(), trustRoot: TRUST_ROOT };
}

const KEYED: Rules = { ...SIGNED, attestors: { signer: key(KEY) } };

function byKey(privateKey: KeyObject, options: SignOptions = {}, rules: Rules = KEYED): Situation {
  return { rules, evidence: (image) => world.signWithKey(privateKey, signStatement(image), options) };
}

function byIdentity(options: KeylessOptions = {}, rules: Rules = SIGNED): Situation {
  return { rules, evidence: (image) => world.signKeyless(githubRun(), signStatement(image), options) };
}

function changed(change: (bundle: BundleJson, image: string) => void): Situation {
  return {
    evidence: (image) => {
      const bundle = world.signKeyless(githubRun(), signStatement(image));
      change(bundle, image);
      return bundle;
    },
  };
}

const SIGNERS: readonly Twins[] = [
  { id: 'E53', claim: 'another key', code: 'INVALID_SIGNATURE', denied: byKey(OTHER), allowed: byKey(KEY) },
  { id: 'E53', claim: 'another key, where no log is asked for', code: 'INVALID_SIGNATURE', denied: byKey(OTHER, { log: 'none' }, unlogged(KEY)), allowed: byKey(KEY, { log: 'none' }, unlogged(KEY)) },
  { id: 'E53', claim: 'a key, where the policy names an identity', code: 'WRONG_IDENTITY', denied: byKey(KEY, {}, SIGNED), allowed: byIdentity() },
  { id: 'E53', claim: 'a certificate, where the policy names a key', code: 'WRONG_IDENTITY', denied: byIdentity({}, KEYED), allowed: byKey(KEY) },
  { id: 'E53', claim: 'a certificate for the very key that the policy names', code: 'WRONG_IDENTITY', denied: byIdentity({ privateKey: KEY }, KEYED), allowed: byKey(KEY) },
  { id: 'E53', claim: 'a key of another kind', code: 'INVALID_SIGNATURE', denied: byKey(generateKeyPairSync('ed25519').privateKey, { log: 'none' }, unlogged(KEY)), allowed: byKey(KEY, { log: 'none' }, unlogged(KEY)) },
  { id: 'E53', claim: 'none of the several keys of a party', code: 'INVALID_SIGNATURE', denied: byKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, {}, rotated()), allowed: byKey(OTHER, {}, rotated()) },
  { id: 'E53', claim: 'a key that is over, by the timestamp', code: 'KEY_NOT_VALID', denied: byKey(KEY, {}, rotated()), allowed: byKey(KEY, { at: new Date(world.now.getTime() - 3_600_000) }, rotated()) },
  { id: 'E53', claim: 'a key that is over, by the log', code: 'KEY_NOT_VALID', denied: byKey(KEY, { log: 'rekor1' }, rotated()), allowed: byKey(OTHER, { log: 'rekor1' }, rotated()) },
  { id: 'E53', claim: 'a key that is over, without a trusted time', code: 'NO_TRUSTED_TIME', denied: byKey(KEY, { timestamp: false }, rotated()), allowed: byKey(OTHER, { timestamp: false }, rotated()) },
  { id: 'E53', claim: 'the identity without the key, where both are demanded', code: 'WRONG_IDENTITY', denied: byIdentity({}, both()), allowed: { evidence: twoSigners, rules: both() } },
  { id: 'E53', claim: 'the key without the identity, where both are demanded', code: 'WRONG_IDENTITY', denied: byKey(KEY, {}, both()), allowed: { evidence: twoSigners, rules: both() } },
  { id: 'E53', claim: 'neither of two, where one is enough', code: 'INVALID_SIGNATURE WRONG_IDENTITY', denied: byKey(OTHER, {}, either()), allowed: byKey(KEY, {}, either()) },
];

/** A party whose first key ended half an hour ago. */
function rotated(): Rules {
  const [first, second] = [KEY, OTHER].map((privateKey) => createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString());
  const until = new Date(world.now.getTime() - 1_800_000).toISOString();
  return { ...SIGNED, attestors: { signer: { type: 'key', keys: [{ publicKey: first!, validFor: { until } }, { publicKey: second! }], trustRoot: TRUST_ROOT } } };
}

function unlogged(privateKey: KeyObject): Rules {
  return { ...SIGNED, attestors: { signer: { ...key(privateKey), transparency: { log: 'notRequired', untimed: { reason: 'an air-gapped build', owner: 'a test' } } } } };
}

function either(): Rules {
  return { attestors: { person: keyless(), machine: key(KEY) }, requirements: [signature('person', 'machine')] };
}

function both(): Rules {
  return { attestors: either().attestors, requirements: [{ ...signature('person'), name: 'by-a-person' }, { ...signature('machine'), name: 'by-a-machine' }] };
}

function twoSigners(image: string): BundleJson[] {
  return [world.signKeyless(githubRun(), signStatement(image)), world.signWithKey(KEY, signStatement(image))];
}

function signatures(change: (list: Array<{ sig: string; keyid?: string }>) => unknown): Situation {
  return changed((bundle) => {
    change(bundle.dsseEnvelope!.signatures);
  });
}

const JUNK = Buffer.from('junk').toString('base64');

const ENVELOPES: readonly Twins[] = [
  { id: 'E47', claim: 'an envelope without signature', code: 'MALFORMED', denied: signatures((list) => list.pop()) },
  { id: 'E47', claim: 'a junk signature before the good one', code: 'MALFORMED', denied: signatures((list) => list.unshift({ sig: JUNK })) },
  { id: 'E47', claim: 'a junk signature behind the good one', code: 'MALFORMED', denied: signatures((list) => list.push({ sig: JUNK })) },
  { id: 'E47', claim: 'a junk signature alone, whatever key it names', code: 'NO_TRUSTED_TIME', denied: signatures(([only]) => Object.assign(only!, { sig: JUNK, keyid: 'trusted' })),
    allowed: signatures(([only]) => Object.assign(only!, { keyid: 'another key' })) },
  { id: 'E47', claim: 'an empty signature', code: 'MALFORMED', denied: signatures(([only]) => Object.assign(only!, { sig: '' })) },
  { id: 'E53', claim: 'two kinds of signer in one bundle', code: 'MALFORMED', denied: changed((bundle) => {
    bundle.verificationMaterial.publicKey = { hint: 'key' };
  }) },
  { id: 'E53', claim: 'no signer in the bundle', code: 'MALFORMED', denied: changed((bundle) => {
    delete bundle.verificationMaterial.certificate;
  }) },
  { id: 'E53', claim: 'another certificate of the same identity', code: 'INVALID_SIGNATURE', denied: changed((bundle, image) => {
    bundle.verificationMaterial.certificate = world.signKeyless(githubRun(), signStatement(image)).verificationMaterial.certificate!;
  }) },
  { id: 'rule 3', claim: 'a statement changed after signing', code: 'INVALID_SIGNATURE', denied: changed((bundle) => {
    const text = Buffer.from(bundle.dsseEnvelope!.payload, 'base64').toString('utf8');
    bundle.dsseEnvelope!.payload = Buffer.from(`${text} `).toString('base64');
  }) },
  { id: 'rule 3', claim: 'a statement changed after signing, where no log is asked for', code: 'INVALID_SIGNATURE',
    denied: { rules: unlogged(KEY), evidence: (image) => {
      const bundle = world.signWithKey(KEY, signStatement(`sha256:${'0'.repeat(64)}`), { log: 'none' });
      bundle.dsseEnvelope!.payload = Buffer.from(JSON.stringify(signStatement(image))).toString('base64');
      return bundle;
    } },
    allowed: byKey(KEY, { log: 'none' }, unlogged(KEY)) },
];

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

interface Point {
  r: bigint;
  s: bigint;
}

function scalars(signed: Buffer): Point {
  // SEQUENCE of two INTEGERs, all lengths in one octet.
  const length = signed[3] ?? 0;
  const read = (from: number, to: number): bigint => BigInt(`0x${signed.subarray(from, to).toString('hex')}`);
  return { r: read(4, 4 + length), s: read(6 + length, signed.length) };
}

function bytesOf(value: bigint, size?: number): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(size === undefined ? hex.length + (hex.length % 2) : size * 2, '0'), 'hex');
}

function encoded({ r, s }: Point): Buffer {
  return sequence(integer(bytesOf(r)), integer(bytesOf(s)));
}

/** A signature by the right key in another form, timestamped and logged in that form. */
function form(alterSignature: (signed: Buffer) => Buffer): Situation {
  return byKey(KEY, { alterSignature });
}

const FORMS: readonly Twins[] = [
  { id: 'E51', claim: 'a signature as bare numbers; in DER they are accepted', code: 'INVALID_SIGNATURE',
    denied: form((signed) => Buffer.concat([bytesOf(scalars(signed).r, 32), bytesOf(scalars(signed).s, 32)])),
    allowed: form((signed) => encoded(scalars(signed))) },
  { id: 'E51', claim: 'a signature that something follows', code: 'INVALID_SIGNATURE',
    denied: form((signed) => Buffer.concat([signed, Buffer.from([0])])),
    allowed: form((signed) => signed) },
  { id: 'E51', claim: 'a length written longer than it need be', code: 'INVALID_SIGNATURE',
    denied: form((signed) => Buffer.concat([Buffer.from([0x30, 0x81]), signed.subarray(1)])),
    allowed: form((signed) => signed) },
  { id: 'E51', claim: 'a number with a zero too many in front', code: 'INVALID_SIGNATURE',
    denied: form((signed) => sequence(der(0x02, Buffer.from([0, 0]), bytesOf(scalars(signed).r)), integer(bytesOf(scalars(signed).s)))),
    allowed: form((signed) => encoded(scalars(signed))) },
  { id: 'E51', claim: 'zero as the first number', code: 'INVALID_SIGNATURE',
    denied: form((signed) => encoded({ ...scalars(signed), r: 0n })),
    allowed: form((signed) => encoded(scalars(signed))) },
  { id: 'E51', claim: 'zero as both numbers', code: 'INVALID_SIGNATURE',
    denied: form(() => encoded({ r: 0n, s: 0n })),
    allowed: form((signed) => encoded(scalars(signed))) },
  { id: 'E51', claim: 'the second number beyond the order; its negative is as good as itself', code: 'INVALID_SIGNATURE',
    denied: form((signed) => encoded({ r: scalars(signed).r, s: scalars(signed).s + ORDER })),
    allowed: form((signed) => encoded({ r: scalars(signed).r, s: ORDER - scalars(signed).s })) },
  { id: 'E51', claim: 'a signature with a hash that the curve does not go with', code: 'INVALID_SIGNATURE',
    denied: byKey(KEY, { hash: 'sha512' }),
    allowed: byKey(KEY, { hash: 'sha256' }) },
];

function onlyKey(privateKey: KeyObject, options: SignOptions = {}): Situation {
  return byKey(privateKey, options, { ...SIGNED, attestors: { signer: key(privateKey) } });
}

const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const P521 = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ED25519 = generateKeyPairSync('ed25519').privateKey;

/** Signs with the hash first (RFC 8032, "Ed25519ph"). */
function prehashed(bytes: Buffer, context?: string): Buffer {
  const seed = Buffer.from(ED25519.export({ format: 'jwk' }).d ?? '', 'base64url');
  return Buffer.from(ed25519ph.sign(bytes, seed, context === undefined ? {} : { context: Buffer.from(context) }));
}

/** Each kind of key that a policy may name, as the tools of its owners sign with it; cosign signs with SHA-256 whatever the curve. */
const KINDS: readonly Twins[] = [
  { id: 'E52', claim: 'P-384 with the hash of P-521; its own is accepted', code: 'INVALID_SIGNATURE', denied: onlyKey(P384, { hash: 'sha512' }), allowed: onlyKey(P384, { hash: 'sha384' }) },
  { id: 'E52', claim: 'P-384 with the hash of P-521; SHA-256 is accepted', code: 'INVALID_SIGNATURE', denied: onlyKey(P384, { hash: 'sha512' }), allowed: onlyKey(P384, { hash: 'sha256' }) },
  { id: 'E52', claim: 'P-521 with the hash of P-384; its own is accepted', code: 'INVALID_SIGNATURE', denied: onlyKey(P521, { hash: 'sha384' }), allowed: onlyKey(P521, { hash: 'sha512' }) },
  { id: 'E52', claim: 'P-521 with the hash of P-384; SHA-256 is accepted', code: 'INVALID_SIGNATURE', denied: onlyKey(P521, { hash: 'sha384' }), allowed: onlyKey(P521, { hash: 'sha256' }) },
  { id: 'E52', claim: 'RSA with PSS; the older padding is accepted', code: 'INVALID_SIGNATURE',
    denied: onlyKey(RSA, { alterSignature: (_, signed) => sign('sha256', signed, { key: RSA, padding: constants.RSA_PKCS1_PSS_PADDING }) }),
    allowed: onlyKey(RSA) },
  { id: 'E52', claim: 'Ed25519 of a hash; of the bytes themselves it is accepted', code: 'INVALID_SIGNATURE',
    denied: onlyKey(ED25519, { alterSignature: (_, signed) => sign(null, createHash('sha512').update(signed).digest(), ED25519) }),
    allowed: onlyKey(ED25519) },
  { id: 'E52', claim: 'Ed25519ph of other bytes; of the right ones it is accepted, as cosign 3 signs', code: 'INVALID_SIGNATURE',
    denied: onlyKey(ED25519, { hash: 'sha512', alterSignature: () => prehashed(Buffer.from('other bytes')) }),
    allowed: onlyKey(ED25519, { hash: 'sha512', alterSignature: (_, signed) => prehashed(signed) }) },
  { id: 'E52', claim: 'Ed25519ph in another context', code: 'INVALID_SIGNATURE',
    denied: onlyKey(ED25519, { hash: 'sha512', alterSignature: (_, signed) => prehashed(signed, 'a context') }),
    allowed: onlyKey(ED25519, { hash: 'sha512', alterSignature: (_, signed) => prehashed(signed) }) },
  { id: 'E52', claim: 'Ed25519ph that the log knows by another hash', code: 'NO_TRANSPARENCY',
    denied: onlyKey(ED25519, { hash: 'sha512', alterSignature: (_, signed) => prehashed(signed), alterLogged: (logged) => ({ ...logged, signed: Buffer.from('other bytes') }) }),
    allowed: onlyKey(ED25519, { hash: 'sha512', alterSignature: (_, signed) => prehashed(signed) }) },
  { id: 'E52', claim: 'a certificate for an RSA key that can be broken; for one of 2048 bits it is accepted', code: 'INVALID_SIGNATURE',
    denied: byIdentity({ privateKey: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey }), allowed: byIdentity({ privateKey: RSA }) },
];

/** The text of a public key whose private one stays in a service, in the forms that exports of it have. */
const EXPORTS: ReadonlyArray<readonly [string, (pem: string) => string]> = [
  ['PEM', (pem) => pem],
  ['PEM with the line ends of Windows', (pem) => pem.replaceAll('\n', '\r\n')],
  ['base64 of DER in one line', (pem) => `-----BEGIN PUBLIC KEY-----\n${pem.replace(/-----[A-Z ]+-----/g, '').replaceAll('\n', '')}\n-----END PUBLIC KEY-----`],
];

const EXPORTED: readonly Twins[] = EXPORTS.flatMap(([how, written]) => [KEY, P384, P521, RSA].map((held): Twins => {
  const rules: Rules = { ...SIGNED, attestors: { signer: { type: 'key', publicKey: written(createPublicKey(held).export({ type: 'spki', format: 'pem' }).toString()), trustRoot: TRUST_ROOT } } };
  return { id: 'E53', claim: `another key than the one that was exported as ${how} (${held.asymmetricKeyDetails?.namedCurve ?? 'RSA'})`, code: 'INVALID_SIGNATURE',
    denied: byKey(OTHER, {}, rules), allowed: byKey(held, {}, rules) };
}));

type Place = (bundle: BundleJson) => { get(): string; set(text: string): void };

function place<K extends string>(pick: (bundle: BundleJson) => { [key in K]: string }, name: K): Place {
  return (bundle) => {
    const holder: { [key: string]: string } = pick(bundle);
    return {
      get: () => holder[name] ?? '',
      set: (text) => {
        holder[name] = text;
      },
    };
  };
}

const PLACES: ReadonlyArray<[where: string, place: Place]> = [
  ['the statement', place((bundle) => bundle.dsseEnvelope!, 'payload')],
  ['the signature', place((bundle) => bundle.dsseEnvelope!.signatures[0]!, 'sig')],
  ['the certificate', place((bundle) => bundle.verificationMaterial.certificate!, 'rawBytes')],
  ['the log entry', place((bundle) => bundle.verificationMaterial.tlogEntries![0]!, 'canonicalizedBody')],
  ['the timestamp', place((bundle) => bundle.verificationMaterial.timestampVerificationData!.rfc3161Timestamps[0]!, 'signedTimestamp')],
];

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The last letter's unused bits, set. */
function leftOver(text: string): string {
  const [, letter = '', padding = ''] = /([^=])(=+)$/.exec(text) ?? [];
  return padding === '' ? text : `${text.slice(0, -1 - padding.length)}${ALPHABET[ALPHABET.indexOf(letter) + 1] ?? ''}${padding}`;
}

/** JSON in ASCII hardly ever has one of the letters that differ, and a log entry never. */
const FOR_URLS = 'in the alphabet for URLs';

const VARIANTS: ReadonlyArray<[how: string, rewrite: (text: string) => string]> = [
  [FOR_URLS, (text) => text.replaceAll('+', '-').replaceAll('/', '_')],
  ['with a space', (text) => `${text.slice(0, 8)} ${text.slice(8)}`],
  ['with a new line', (text) => `${text}\n`],
  ['without padding', (text) => text.replace(/=+$/, '')],
  ['with something behind it', (text) => `${text}!`],
  ['with padding in its middle', (text) => `${text}====`],
  ['with bits left over', leftOver],
];

/** Signed again and again until there is something to rewrite: not every base64 has padding. */
function rewritten(at: Place, rewrite: (text: string) => string): Situation {
  return {
    evidence: (image) => {
      for (let spaces = 0; spaces < 200; spaces += 1) {
        const statement = Buffer.from(`${JSON.stringify({ ...signStatement(image), predicate: { text: '???>>>~~~' } })}${' '.repeat(spaces)}`);
        const bundle = world.signKeyless(githubRun(), statement, { alterCertificate: (spec) => {
          spec.extensions.push({ ...extension.oldClaim(4, ' '.repeat(spaces)), oid: '1.2.3.4' });
        } });
        const { get, set } = at(bundle);
        const text = rewrite(get());
        if (text !== get()) {
          set(text);
          return bundle;
        }
      }
      throw new Error('nothing to rewrite');
    },
  };
}

const ENCODINGS: readonly Twins[] = PLACES.flatMap(([where, at]) => VARIANTS.filter(([how]) => where !== 'the log entry' || how !== FOR_URLS).map(([how, rewrite]): Twins => ({
  id: 'E50', claim: `${where} ${how}`, code: 'MALFORMED', denied: rewritten(at, rewrite),
})));

describe('who signed', () => testTwins(() => scene, SIGNERS));
describe('what the envelope holds', () => testTwins(() => scene, ENVELOPES));
describe('how the signature is written', () => testTwins(() => scene, FORMS));
describe('which kind of key signed, over which hash', () => testTwins(() => scene, KINDS));
describe('which key a key management service exports', () => testTwins(() => scene, EXPORTED));
describe('how bytes are written as text', () => testTwins(() => scene, ENCODINGS));
