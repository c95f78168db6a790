import { generateKeyPairSync, KeyObject } from 'node:crypto';
import { Attestor } from '../../../lib/policy/document';
import { BundleJson, CertificateAuthority, CertificateSpec, extension, generalName, KeylessOptions, OID, SigstoreWorld, signStatement } from '../../support/sigstore';
import { Issuer, issuerBelow, selfSigned } from '../../support/sigstore/certificate-authority';
import { newSerial, pemOf, signCertificate } from '../../support/sigstore/certificate';
import { distinguishedName, sequence } from '../../support/sigstore/der';
import { keyless, PATIENCE, Scene, signature, Situation, testTwins, TRUST_ROOT, Twins } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

const MINUTE = 60_000;
const SUBJECT = 'https://ci.acme.test/release';
const own = CertificateAuthority.create('acme.test', world.now);
const stranger = CertificateAuthority.create('stranger.test', world.now);
const ROOT = pemOf('CERTIFICATE', own.root.certificate);
const CHAIN = own.chain.map((der) => pemOf('CERTIFICATE', der)).join('');

function attestor(changes: Partial<Extract<Attestor, { type: 'certificate' }>> = {}): Attestor {
  return { type: 'certificate', authority: CHAIN, subject: SUBJECT, trustRoot: TRUST_ROOT, ...changes };
}

interface Signing extends KeylessOptions {
  /** Subject alternative names. @default - the subject, as URI */
  readonly names?: readonly Buffer[];
  /** Replaced or added, by OID. */
  readonly extensions?: ReadonlyArray<ReturnType<typeof extension.claim>>;
  /** Extensions that are left out. */
  readonly without?: readonly string[];
  /** Certificates beside the leaf. */
  readonly brought?: readonly Buffer[];
  readonly change?: (bundle: BundleJson) => void;
}

/** Signed with a certificate of one's own authority, which has none of Fulcio's extensions. */
function sign(image: string, signing: Signing = {}): BundleJson {
  const { names = [generalName.uri(SUBJECT)], extensions = [], without = [], brought, change, ...options } = signing;
  const bundle = world.signKeyless({ issuer: '', subject: SUBJECT }, signStatement(image), {
    certificateAuthority: own,
    ctLogs: [],
    ...options,
    alterCertificate: (spec: CertificateSpec) => {
      const replaced = [...without, ...extensions.map(({ oid }) => oid), ...(names.length === 0 ? [OID.subjectAltName] : [])];
      spec.extensions = spec.extensions.filter(({ oid }) => !oid.startsWith(OID.fulcio) && !replaced.includes(oid)).map((one) => (
        one.oid === OID.subjectAltName ? extension.subjectAltName(...names) : one));
      spec.extensions.push(...extensions);
      options.alterCertificate?.(spec);
    },
  });
  if (brought !== undefined) {
    const { certificate, ...material } = bundle.verificationMaterial;
    bundle.verificationMaterial = { ...material, x509CertificateChain: { certificates: [certificate!, ...brought.map((der) => ({ rawBytes: der.toString('base64') }))] } };
  }
  change?.(bundle);
  return bundle;
}

function signed(signing: Signing = {}, changes: Parameters<typeof attestor>[0] = {}): Situation {
  return { evidence: (image) => sign(image, signing), rules: { attestors: { signer: attestor(changes) }, requirements: [signature()] } };
}

/** What is not said is as it should be. */
function pairs(twins: ReadonlyArray<Omit<Twins, 'id'>>): Twins[] {
  return twins.map((twin) => ({ id: 'own', allowed: signed(), ...twin }));
}

const UNTRUSTED = 'UNTRUSTED_CERTIFICATE';

const SUBJECTS = pairs([
  { claim: 'another subject', code: 'WRONG_IDENTITY', denied: signed({ names: [generalName.uri(`${SUBJECT}2`)] }) },
  { claim: 'an e-mail address that spells the URI', code: 'WRONG_IDENTITY', denied: signed({ names: [generalName.email(SUBJECT)] }) },
  { claim: 'a DNS name that spells the URI', code: 'WRONG_IDENTITY', denied: signed({ names: [generalName.dns(SUBJECT)] }) },
  { claim: 'a URI that spells the e-mail address', code: 'WRONG_IDENTITY', denied: signed({ names: [generalName.uri('ci@acme.test')] }, { subject: 'ci@acme.test' }),
    allowed: signed({ names: [generalName.email('ci@acme.test')] }, { subject: 'ci@acme.test' }) },
  { claim: 'a URI that spells the DNS name', code: 'WRONG_IDENTITY', denied: signed({ names: [generalName.uri('ci.acme.test')] }, { subject: 'ci.acme.test' }),
    allowed: signed({ names: [generalName.dns('ci.acme.test')] }, { subject: 'ci.acme.test' }) },
  { claim: 'a DNS name in capitals', code: 'WRONG_IDENTITY', denied: signed({ names: [generalName.dns('CI.acme.test')] }, { subject: 'ci.acme.test' }),
    allowed: signed({ names: [generalName.dns('ci.acme.test')] }, { subject: 'ci.acme.test' }) },
  { claim: 'a user name of Fulcio', code: UNTRUSTED, denied: signed({ names: [generalName.username('ci!acme.test')] }) },
  {
    claim: 'two names, the trusted one second; the first is the subject',
    code: 'WRONG_IDENTITY',
    denied: signed({ names: [generalName.dns('x.test'), generalName.uri(SUBJECT)] }),
    allowed: signed({ names: [generalName.uri(SUBJECT), generalName.dns('x.test')] }),
  },
  { claim: 'no name', code: UNTRUSTED, denied: signed({ names: [] }) },
  { claim: 'a name with a line break', code: UNTRUSTED, denied: signed({ names: [generalName.uri(`${SUBJECT}\n`)] }) },
]);

const FITNESS = pairs([
  { claim: 'a certificate for servers', code: UNTRUSTED, denied: signed({ extensions: [extension.extendedKeyUsage(OID.serverAuth)] }),
    allowed: signed({ extensions: [extension.extendedKeyUsage(OID.serverAuth, OID.codeSigning)] }) },
  { claim: 'a certificate that names no purpose', code: UNTRUSTED, denied: signed({ without: [OID.extendedKeyUsage] }) },
  { claim: 'a certificate of an authority', code: UNTRUSTED, denied: signed({ extensions: [extension.basicConstraints(true)] }), allowed: signed({ extensions: [extension.basicConstraints(false)] }) },
  { claim: 'a key that is not for signatures', code: UNTRUSTED, denied: signed({ extensions: [extension.keyUsage(false)] }) },
  { claim: 'a critical extension nobody knows', code: UNTRUSTED, denied: signed({ extensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.from([5, 0]) }] }),
    allowed: signed({ extensions: [{ oid: '1.2.3.4', value: Buffer.from([5, 0]) }] }) },
  { claim: 'an RSA key that can be broken', code: UNTRUSTED, denied: signed({ privateKey: rsa(1024) }), allowed: signed({ privateKey: rsa(2048) }) },
]);

/** An intermediate that says it is of the trusted root, signed with a key of one's own. */
const FORGED = CertificateAuthority.of(own.root, issuerBelow({ ...own.root, privateKey: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey }, own.intermediate.name, world.now));

/** Signed with a key of one's own in the name of the trusted intermediate, whose key it names. */
function forgedBelow(issuer: Issuer): Situation {
  const impostor = CertificateAuthority.of(own.root, { ...issuer, privateKey: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey });
  return signed({ certificateAuthority: impostor, extensions: [extension.authorityKey(issuer.privateKey)] });
}

function rsa(modulusLength: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength }).privateKey;
}

/** Root, intermediate and another one below, of which the last issues; the policy knows the root. */
function deeper(alter: (spec: CertificateSpec) => void = () => undefined): { authority: string; issuer: CertificateAuthority; brought: Buffer[] } {
  const root = selfSigned(distinguishedName('deep.test', 'root'), world.now);
  const upper = below(root, 'upper', alter);
  const lower = below(upper, 'lower', () => undefined);
  return { authority: pemOf('CERTIFICATE', root.certificate), issuer: CertificateAuthority.of(root, lower), brought: [lower.certificate, upper.certificate] };
}

function below(parent: Issuer, name: string, alter: (spec: CertificateSpec) => void): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const spec: CertificateSpec = {
    serial: newSerial(), issuer: parent.name, subject: distinguishedName('deep.test', name), publicKey,
    notBefore: new Date(world.now.getTime() - 60 * MINUTE), notAfter: new Date(world.now.getTime() + 60 * MINUTE),
    extensions: [extension.keyUsage(false, true), extension.basicConstraints(true), extension.subjectKey(publicKey), extension.authorityKey(parent.privateKey)],
  };
  alter(spec);
  return { name: spec.subject, privateKey, certificate: signCertificate(spec, parent.privateKey) };
}

/** Signed by way of two intermediates that the bundle brings. */
function throughTwo(alter?: (spec: CertificateSpec) => void): Situation {
  const { authority, issuer, brought } = deeper(alter);
  return signed({ certificateAuthority: issuer, brought }, { authority });
}

function instead(...extensions: ReadonlyArray<ReturnType<typeof extension.claim>>): (spec: CertificateSpec) => void {
  return (spec) => {
    spec.extensions = [...spec.extensions.filter(({ oid }) => extensions.every((one) => one.oid !== oid)), ...extensions];
  };
}

const NAME_CONSTRAINTS = { oid: '2.5.29.30', value: sequence() };

const CHAINS = pairs([
  { claim: 'a certificate of another authority', code: UNTRUSTED, denied: signed({ certificateAuthority: stranger }) },
  { claim: 'another authority whose intermediate the bundle brings', code: UNTRUSTED, denied: signed({ certificateAuthority: stranger, brought: [stranger.intermediate.certificate] }),
    allowed: signed({ brought: [own.intermediate.certificate] }) },
  { claim: 'a root that the bundle brings', code: 'MALFORMED', denied: signed({ brought: own.chain }), allowed: signed({ brought: [own.intermediate.certificate] }) },
  { claim: 'an authority of the same names', code: UNTRUSTED, denied: signed({ certificateAuthority: namesakes() }) },
  { claim: 'an authority of the trust root, which is not the policy\'s', code: UNTRUSTED, denied: signed({ certificateAuthority: world.certificateAuthority, brought: [world.certificateAuthority.intermediate.certificate] }) },
  { claim: 'an intermediate that nobody brings', code: UNTRUSTED, denied: signed({}, { authority: ROOT }), allowed: signed({ brought: [own.intermediate.certificate] }, { authority: ROOT }) },
  { claim: 'the trusted intermediate beside a certificate it did not issue', code: UNTRUSTED, denied: signed({ certificateAuthority: stranger, brought: [own.intermediate.certificate] }, { authority: ROOT }),
    allowed: signed({ brought: [stranger.intermediate.certificate, own.intermediate.certificate] }, { authority: ROOT }) },
  { claim: 'an intermediate for servers only', code: UNTRUSTED, denied: throughTwo(instead(extension.extendedKeyUsage(OID.serverAuth))),
    allowed: throughTwo(instead(extension.extendedKeyUsage(OID.serverAuth, OID.codeSigning))) },
  { claim: 'an intermediate that is no authority', code: UNTRUSTED, denied: throughTwo(instead(extension.basicConstraints(false))), allowed: throughTwo() },
  { claim: 'an intermediate whose key may not sign certificates', code: UNTRUSTED, denied: throughTwo(instead(extension.keyUsage(true))), allowed: throughTwo(instead(extension.keyUsage(true, true))) },
  { claim: 'a path longer than an authority allows', code: UNTRUSTED, denied: throughTwo(instead(extension.basicConstraints(true, 0))), allowed: throughTwo(instead(extension.basicConstraints(true, 1))) },
  { claim: 'an authority with constraints on names', code: UNTRUSTED, denied: throughTwo(instead(NAME_CONSTRAINTS)), allowed: throughTwo() },
  { claim: 'an authority with a critical extension nobody knows', code: UNTRUSTED, denied: throughTwo(instead({ oid: '1.2.3.4', critical: true, value: sequence() })),
    allowed: throughTwo(instead({ oid: '1.2.3.4', value: sequence() })) },
  { claim: 'an intermediate that had ended when it signed', code: UNTRUSTED, denied: throughTwo((spec) => Object.assign(spec, { notAfter: new Date(world.now.getTime() - MINUTE) })),
    allowed: throughTwo((spec) => Object.assign(spec, { notAfter: new Date(world.now.getTime() + MINUTE) })) },
  { claim: 'a certificate that names the trusted intermediate, signed with another key', code: UNTRUSTED, denied: forgedBelow(own.intermediate),
    allowed: signed({ extensions: [extension.authorityKey(own.intermediate.privateKey)] }) },
  { claim: 'an intermediate whose signature is another\'s', code: UNTRUSTED, denied: signed({ certificateAuthority: FORGED, brought: [FORGED.intermediate.certificate] }, { authority: ROOT }),
    allowed: signed({ brought: [own.intermediate.certificate] }, { authority: ROOT }) },
]);

function namesakes(): CertificateAuthority {
  const root = selfSigned(own.root.name, world.now);
  return CertificateAuthority.of(root, issuerBelow(root, own.intermediate.name, world.now));
}

function before(minutes: number): Date {
  return new Date(world.now.getTime() - minutes * MINUTE);
}

const NO_LOG = { transparency: { log: 'notRequired', timestamp: 'required', reason: 'internal' } } as const;
const NO_TIME = { transparency: { log: 'notRequired', timestamp: 'notRequired', untimed: { reason: 'internal, and the certificates are short-lived', owner: 'a test' } } } as const;

const TIMES = pairs([
  { claim: 'a certificate that had ended when it signed', code: UNTRUSTED, denied: signed({ issuedAt: before(11) }), allowed: signed({ issuedAt: before(9) }) },
  { claim: 'a certificate that had ended when it signed, by the log\'s clock', code: UNTRUSTED, denied: signed({ issuedAt: before(11), log: 'rekor1' }), allowed: signed({ issuedAt: before(9), log: 'rekor1' }) },
  { claim: 'a certificate that began after it signed', code: UNTRUSTED, denied: signed({ issuedAt: new Date(world.now.getTime() + 1_000) }) },
  { claim: 'no log entry', code: 'NO_TRANSPARENCY', denied: signed({ log: 'none', timestamp: true }), allowed: signed({ log: 'none', timestamp: true }, NO_LOG) },
  { claim: 'a log entry without a time', code: 'NO_TRUSTED_TIME', denied: signed({ timestamp: false }), allowed: signed({ timestamp: true }) },
  { claim: 'neither log nor timestamp, where a timestamp is demanded', code: 'NO_TRUSTED_TIME', denied: signed({ log: 'none', timestamp: false }, NO_LOG),
    allowed: signed({ log: 'none', timestamp: false, issuedAt: new Date() }, NO_TIME) },
  { claim: 'a certificate that is over, and no time that says it was not when it signed', code: UNTRUSTED, denied: signed({ log: 'none', timestamp: false, issuedAt: before(60) }, NO_TIME),
    allowed: signed({ log: 'none', timestamp: true, at: before(60) }, NO_TIME) },
  { claim: 'an entry about another certificate of the same key', code: 'NO_TRANSPARENCY', denied: signed({
    alterLogged: (logged) => ({ ...logged, signer: { ...logged.signer, der: own.intermediate.certificate } }) }) },
]);

const SIGNERS = pairs([
  { claim: 'a bare key', code: 'WRONG_IDENTITY', denied: { ...signed(), evidence: (image) => world.signWithKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, signStatement(image)) } },
  { claim: 'a changed statement', code: 'INVALID_SIGNATURE', denied: signed({ change: (bundle) => {
    bundle.dsseEnvelope!.payload = Buffer.from(JSON.stringify(signStatement(`sha256:${'0'.repeat(64)}`))).toString('base64');
  } }) },
  { claim: 'a certificate of one\'s own for a keyless policy', code: UNTRUSTED, denied: { ...signed(), rules: { attestors: { signer: keyless() }, requirements: [signature()] } } },
]);

describe('the subject of a certificate of one\'s own authority', () => testTwins(() => scene, SUBJECTS));
describe('fitness of a certificate of one\'s own authority', () => testTwins(() => scene, FITNESS));
describe('the path to one\'s own authority', () => testTwins(() => scene, CHAINS));
describe('time and log of a certificate of one\'s own authority', () => testTwins(() => scene, TIMES));
describe('who signs under a policy with one\'s own authority', () => testTwins(() => scene, SIGNERS));

test('eight authorities that signed each other in a circle are refused at once', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const names = ['a', 'b'].map((name) => distinguishedName('circle.test', name));
  const circle = Array.from({ length: 8 }, (_, index) => signCertificate({
    serial: newSerial(), issuer: names[index % 2]!, subject: names[(index + 1) % 2]!, notBefore: before(60), notAfter: new Date(world.now.getTime() + 60 * MINUTE), publicKey,
    extensions: [extension.keyUsage(false, true), extension.basicConstraints(true)],
  }, privateKey));
  const issuer = { name: names[0]!, privateKey, certificate: circle[1]! };
  const started = performance.now();
  expect(await scene.outcome(signed({ certificateAuthority: CertificateAuthority.of(issuer, issuer), without: [OID.authorityKeyIdentifier], brought: circle }))).toBe(UNTRUSTED);
  expect(performance.now() - started).toBeLessThan(2_000);
}, PATIENCE);
