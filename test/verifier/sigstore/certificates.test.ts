import { generateKeyPairSync } from 'node:crypto';
import { BundleJson, bundleBytes, CertificateAuthority, CertificateSpec, CtLog, extension, githubRun, KeylessOptions, OID, SigstoreWorld, signStatement } from '../../support/sigstore';
import { issuerBelow, selfSigned } from '../../support/sigstore/certificate-authority';
import { signCertificate } from '../../support/sigstore/certificate';
import { distinguishedName } from '../../support/sigstore/der';
import { keyless, Rules, Scene, SIGNED, Situation, testTwins, Twins } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

const MINUTE = 60_000;
const stranger = SigstoreWorld.create({ name: 'stranger.test' });

function signed(options: KeylessOptions): Situation {
  return { evidence: (image) => world.signKeyless(githubRun(), signStatement(image), options) };
}

function certificate(alterCertificate: (spec: CertificateSpec) => void): Situation {
  return signed({ alterCertificate });
}

/** Replaces an extension of the certificate, or leaves it out. */
function instead(oid: string, ...others: ReturnType<typeof extension.claim>[]): Situation {
  return certificate((spec) => {
    spec.extensions.splice(spec.extensions.findIndex((one) => one.oid === oid), 1, ...others);
  });
}

function adding(...extensions: ReturnType<typeof extension.claim>[]): Situation {
  return certificate((spec) => {
    spec.extensions.push(...extensions);
  });
}

/** A bundle changed after it was signed. */
function changed(change: (bundle: BundleJson) => void, options: KeylessOptions = {}): Situation {
  return {
    evidence: (image) => {
      const bundle = world.signKeyless(githubRun(), signStatement(image), options);
      change(bundle);
      return bundle;
    },
  };
}

function before(minutes: number): Date {
  return new Date(world.now.getTime() - minutes * MINUTE);
}

const LATER = new Date(world.now.getTime() + 10 * MINUTE);

/** The purpose of signing code, with bytes around its object identifier. */
function codeSigning(front: readonly number[], end: readonly number[]): ReturnType<typeof extension.claim> {
  const bytes = [...front, 0x2b, 6, 1, 5, 5, 7, 3, 3, ...end];
  return { oid: OID.extendedKeyUsage, value: Buffer.from([0x30, bytes.length + 2, 6, bytes.length, ...bytes]) };
}

const FITNESS: readonly Twins[] = [
  { id: 'rule 3', claim: 'a certificate for servers', code: 'UNTRUSTED_CERTIFICATE', denied: instead(OID.extendedKeyUsage, extension.extendedKeyUsage(OID.serverAuth)),
    allowed: instead(OID.extendedKeyUsage, extension.extendedKeyUsage(OID.serverAuth, OID.codeSigning)) },
  { id: 'rule 3', claim: 'a certificate for any purpose', code: 'UNTRUSTED_CERTIFICATE', denied: instead(OID.extendedKeyUsage, extension.extendedKeyUsage('2.5.29.37.0')) },
  { id: 'rule 3', claim: 'a certificate that names no purpose', code: 'UNTRUSTED_CERTIFICATE', denied: instead(OID.extendedKeyUsage) },
  { id: 'rule 3', claim: 'a purpose that two readers read differently', code: 'UNTRUSTED_CERTIFICATE', denied: instead(OID.extendedKeyUsage, codeSigning([0x80], [])),
    allowed: instead(OID.extendedKeyUsage, codeSigning([], [])) },
  { id: 'rule 3', claim: 'a purpose that does not end', code: 'UNTRUSTED_CERTIFICATE', denied: instead(OID.extendedKeyUsage, codeSigning([], [0x81])) },
  { id: 'rule 3', claim: 'a certificate that OpenSSL cannot read', code: 'MALFORMED', denied: certificate((spec) => {
    spec.issuer = Buffer.concat([spec.issuer, Buffer.from([2, 1, 2])]);
  }) },
  { id: 'rule 3', claim: 'a certificate of an authority', code: 'UNTRUSTED_CERTIFICATE', denied: adding(extension.basicConstraints(true)), allowed: adding(extension.basicConstraints(false)) },
  { id: 'rule 3', claim: 'a key that is not for signatures', code: 'UNTRUSTED_CERTIFICATE', denied: instead(OID.keyUsage, extension.keyUsage(false)) },
  { id: 'rule 3', claim: 'a critical extension nobody knows', code: 'UNTRUSTED_CERTIFICATE', denied: adding({ oid: '1.2.3.4', critical: true, value: Buffer.from([5, 0]) }),
    allowed: adding({ oid: '1.2.3.4', value: Buffer.from([5, 0]) }) },
  { id: 'rule 3', claim: 'a name in a string of several pieces, in which OpenSSL sees none', code: 'UNTRUSTED_CERTIFICATE', denied: certificate((spec) => {
    Object.assign(spec.extensions.find(({ oid }) => oid === OID.subjectAltName)!, { tag: 0x24 });
  }) },
  { id: 'rule 3', claim: 'an extension twice', code: 'UNTRUSTED_CERTIFICATE', denied: adding(extension.keyUsage(true)) },
];

/** The way of version 0.2, which may bring a chain of certificates along. */
function withChain(others: readonly Buffer[], certificateAuthority = world.certificateAuthority): Situation {
  return {
    evidence: (image) => {
      const bundle = world.signKeyless(githubRun(), signStatement(image), { certificateAuthority, log: 'rekor1' });
      bundle.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
      bundle.verificationMaterial.x509CertificateChain = { certificates: [leafOf(bundle), ...others].map(rawBytes) };
      delete bundle.verificationMaterial.certificate;
      return { bytes: bundleBytes(bundle), as: { artifactType: bundle.mediaType } };
    },
  };
}

/** The leaf and its intermediate, in the version that speaks of one certificate. */
function chained(certificateAuthority: typeof world.certificateAuthority): Situation {
  return changed((bundle) => {
    bundle.verificationMaterial.x509CertificateChain = { certificates: [leafOf(bundle), certificateAuthority.intermediate.certificate].map(rawBytes) };
    delete bundle.verificationMaterial.certificate;
  }, { certificateAuthority });
}

const TRUSTED = world.certificateAuthority;
const FORGED = stranger.certificateAuthority;

/** Another root and intermediate of the same names and validity. */
function namesakes(): CertificateAuthority {
  const root = selfSigned(TRUSTED.root.name, world.now);
  return CertificateAuthority.of(root, issuerBelow(root, TRUSTED.intermediate.name, world.now));
}

/** The second time by an authority that nobody knows. */
function stampedTwice(certificateAuthority: CertificateAuthority): Situation {
  return {
    evidence: (image) => {
      const bundle = world.signKeyless(githubRun(), signStatement(image), { certificateAuthority });
      const signature = Buffer.from(bundle.dsseEnvelope!.signatures[0]!.sig, 'base64');
      bundle.verificationMaterial.timestampVerificationData!.rfc3161Timestamps.push({ signedTimestamp: stranger.timestampAuthority.timestamp(signature, world.now).toString('base64') });
      return bundle;
    },
  };
}

const CHAINS: readonly Twins[] = [
  { id: 'E23', claim: 'a certificate of another authority', code: 'UNTRUSTED_CERTIFICATE', denied: signed({ certificateAuthority: FORGED }), allowed: signed({ certificateAuthority: TRUSTED }) },
  { id: 'E23', claim: 'a certificate of an authority that only bears the trusted names', code: 'UNTRUSTED_CERTIFICATE', denied: signed({ certificateAuthority: namesakes() }) },
  { id: 'E23', claim: 'a certificate of another authority, before a second timestamp is looked at', code: 'UNTRUSTED_CERTIFICATE', denied: stampedTwice(FORGED) },
  { id: 'E23', claim: 'a certificate of an authority that only bears the trusted names, before a second timestamp is looked at', code: 'UNTRUSTED_CERTIFICATE',
    denied: stampedTwice(namesakes()) },
  { id: 'E23', claim: 'only the second timestamp of a certificate of the trusted authority', code: 'NO_TRUSTED_TIME', denied: stampedTwice(TRUSTED) },
  { id: 'E23', claim: 'a bundle that ships its own intermediate', code: 'UNTRUSTED_CERTIFICATE', denied: withChain([FORGED.intermediate.certificate], FORGED), allowed: withChain([TRUSTED.intermediate.certificate]) },
  { id: 'E23', claim: 'a bundle that ships a root, even the trusted one', code: 'MALFORMED', denied: withChain(TRUSTED.chain), allowed: withChain([TRUSTED.intermediate.certificate]) },
  { id: 'E23', claim: 'something in the chain that is no certificate', code: 'MALFORMED', denied: withChain([Buffer.from('x')]), allowed: withChain([TRUSTED.intermediate.certificate]) },
  { id: 'E23', claim: 'the trusted intermediate beside a certificate it did not issue', code: 'UNTRUSTED_CERTIFICATE', denied: withChain([TRUSTED.intermediate.certificate], FORGED), allowed: withChain([]) },
  { id: 'E23', claim: 'more certificates than are read', code: 'LIMIT', denied: withChain(Array.from({ length: 10 }, () => TRUSTED.intermediate.certificate)),
    allowed: withChain(Array.from({ length: 9 }, () => TRUSTED.intermediate.certificate)) },
  { id: 'E23', claim: 'a chain in the newest version, as cosign 3 writes it beside certificates of one\'s own, from a stranger', code: 'UNTRUSTED_CERTIFICATE', denied: chained(FORGED), allowed: chained(TRUSTED) },
  { id: 'E23', claim: 'a certificate that signed itself', code: 'UNTRUSTED_CERTIFICATE', denied: { evidence: (image) => selfIssued(image) } },
  { id: 'E23', claim: 'the authority\'s own certificate as signer', code: 'UNTRUSTED_CERTIFICATE', denied: { evidence: (image) => {
    const bundle = world.signWithKey(TRUSTED.intermediate.privateKey, signStatement(image));
    bundle.verificationMaterial.certificate = rawBytes(TRUSTED.intermediate.certificate);
    delete bundle.verificationMaterial.publicKey;
    return bundle;
  } } },
];

const VALIDITY: readonly Twins[] = [
  { id: 'E22', claim: 'a certificate that had ended when it signed', code: 'UNTRUSTED_CERTIFICATE', denied: signed({ issuedAt: before(11) }), allowed: signed({ issuedAt: before(9) }) },
  { id: 'E22', claim: 'a certificate that began after it signed', code: 'UNTRUSTED_CERTIFICATE', denied: signed({ issuedAt: new Date(world.now.getTime() + 1_000) }) },
  { id: 'E22', claim: 'a certificate that had ended when it signed, by the log\'s clock', code: 'UNTRUSTED_CERTIFICATE',
    denied: signed({ issuedAt: before(11), log: 'rekor1' }), allowed: signed({ issuedAt: before(9), log: 'rekor1' }) },
  { id: 'E22', claim: 'an authority that was trusted only until then', code: 'UNTRUSTED_CERTIFICATE',
    denied: { trust: (root) => Object.assign(root.certificateAuthorities[0]!.validFor, { end: before(1).toISOString() }) },
    allowed: { trust: (root) => Object.assign(root.certificateAuthorities[0]!.validFor, { end: LATER.toISOString() }) } },
  { id: 'E22', claim: 'an authority that was trusted only later', code: 'UNTRUSTED_CERTIFICATE',
    denied: { trust: (root) => Object.assign(root.certificateAuthorities[0]!.validFor, { start: LATER.toISOString() }) },
    allowed: { trust: (root) => Object.assign(root.certificateAuthorities[0]!.validFor, { start: before(1).toISOString() }) } },
  { id: 'E22', claim: 'an intermediate that had ended when the certificate signed', code: 'UNTRUSTED_CERTIFICATE', denied: below(before(1)), allowed: below(LATER) },
];

const SCT_RULES: Rules = { ...SIGNED, attestors: { signer: keyless({ transparency: { sct: 'notRequired', reason: 'a private instance' } }) } };

const SCTS: readonly Twins[] = [
  { id: 'E24', claim: 'a certificate without proof of its logging', code: 'NO_TRANSPARENCY', denied: signed({ ctLogs: [] }), allowed: { ...signed({ ctLogs: [] }), rules: SCT_RULES } },
  { id: 'E24', claim: 'an empty list of proofs', code: 'NO_TRANSPARENCY', denied: signed({ ctLogs: [], alterCertificate: (spec) => {
    spec.extensions.push(CtLog.extension([]));
  } }) },
  { id: 'E24', claim: 'a proof by a log nobody knows', code: 'NO_TRANSPARENCY', denied: signed({ ctLogs: [stranger.ctLog] }), allowed: { ...signed({ ctLogs: [stranger.ctLog] }), rules: SCT_RULES } },
  { id: 'E24', claim: 'the proof of another certificate', code: 'NO_TRANSPARENCY', denied: signed({ alterScts: () => [
    world.ctLog.timestamp(Buffer.from('another certificate'), generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey, world.now),
  ] }) },
  { id: 'E24', claim: 'a proof from before the log was trusted', code: 'NO_TRANSPARENCY', denied: signed({ certificateLoggedAt: before(60 * 24 * 31) }), allowed: signed({ certificateLoggedAt: before(60 * 24 * 29) }) },
  { id: 'E24', claim: 'a proof by a log that was trusted only until then', code: 'NO_TRANSPARENCY',
    denied: { trust: (root) => Object.assign(root.ctlogs[0]!.publicKey.validFor, { end: before(1).toISOString() }) },
    allowed: { trust: (root) => Object.assign(root.ctlogs[0]!.publicKey.validFor, { end: LATER.toISOString() }) } },
  { id: 'E24', claim: 'one log\'s proof twice', code: 'NO_TRANSPARENCY', denied: signed({ ctLogs: [world.ctLog, world.ctLog] }) },
  { id: 'E24', claim: 'a proof that is cut short', code: 'MALFORMED', denied: signed({ alterScts: ([sct]) => [sct!.subarray(0, 40)] }) },
  { id: 'E24', claim: 'a good proof and one by a log nobody knows', code: 'NO_TRANSPARENCY', denied: signed({ ctLogs: [world.ctLog, stranger.ctLog] }) },
];

const UNLOGGED: Rules = { ...SIGNED, attestors: { signer: keyless({ transparency: { log: 'notRequired', timestamp: 'required', reason: 'private' } }) } };

const BYTES: readonly Twins[] = [
  { id: 'E50', claim: 'a certificate that something follows', code: 'MALFORMED', denied: trailing(), allowed: { ...signed({ log: 'none' }), rules: UNLOGGED } },
];

function trailing(): Situation {
  return { ...changed((bundle) => {
    bundle.verificationMaterial.certificate = rawBytes(Buffer.concat([leafOf(bundle), Buffer.from([5, 0])]));
  }, { log: 'none' }), rules: UNLOGGED };
}

/** The ordinary signature below an intermediate that ends then. */
function below(end: Date): Situation {
  const { root } = TRUSTED;
  const intermediate = issuerBelow(root, distinguishedName(world.name, 'short'), world.now, end);
  const authority = CertificateAuthority.of(root, intermediate);
  return {
    ...signed({ certificateAuthority: authority }),
    trust: (trusted) => {
      trusted.certificateAuthorities[0]!.certChain.certificates = authority.chain.map(rawBytes);
    },
  };
}

function selfIssued(image: string): BundleJson {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const name = distinguishedName(world.name, 'nobody');
  let own: CertificateSpec | undefined;
  const bundle = world.signKeyless(githubRun(), signStatement(image), { privateKey, alterCertificate: (spec) => {
    own = { ...spec, issuer: name, subject: name, extensions: spec.extensions.filter(({ oid }) => oid !== OID.authorityKeyIdentifier) };
  } });
  bundle.verificationMaterial.certificate = rawBytes(signCertificate({ ...own!, publicKey }, privateKey));
  return bundle;
}

function leafOf(bundle: BundleJson): Buffer {
  return Buffer.from(bundle.verificationMaterial.certificate!.rawBytes, 'base64');
}

function rawBytes(der: Buffer): { rawBytes: string } {
  return { rawBytes: der.toString('base64') };
}

describe('what the certificate is for', () => testTwins(() => scene, FITNESS));
describe('who issued it', () => testTwins(() => scene, CHAINS));
describe('when it was valid', () => testTwins(() => scene, VALIDITY));
describe('that it was logged', () => testTwins(() => scene, SCTS));
describe('how it is encoded', () => testTwins(() => scene, BYTES));
