import { createHash, createPublicKey, generateKeyPairSync, KeyObject } from 'node:crypto';
import { BUNDLE_V03, BundleJson, EnvelopeJson, IN_TOTO, hashFor, keyDetailsOf, preAuthEncoding, signBytes } from './bundle';
import { spkiOf } from './certificate';
import { CertificateAuthority } from './certificate-authority';
import { CtLog } from './ct-log';
import { Identity } from './identities';
import { logBody, Logged, LoggedSigner } from './log-body';
import { KeylessOptions, SignOptions } from './options';
import { TimestampAuthority } from './timestamp-authority';
import { LogEntryJson, TransparencyLog } from './transparency-log';
import { authorityJson, ctLogJson, logJson, TrustedRootJson } from './trusted-root';

const DAY = 24 * 60 * 60 * 1000;

export interface WorldOptions {
  /** Distinguishes the hosts and names of one world from those of another. @default sigstore.test */
  readonly name?: string;
  /** When things are signed unless said otherwise. @default - a minute ago, in whole seconds */
  readonly now?: Date;
}

/** A Sigstore instance in memory: authorities, logs, and the trusted root that names them. Nothing outside this process knows them. */
export class SigstoreWorld {
  static create({ name = 'sigstore.test', now = aMinuteAgo() }: WorldOptions = {}): SigstoreWorld {
    return new SigstoreWorld(name, now);
  }

  readonly certificateAuthority: CertificateAuthority;
  readonly ctLog: CtLog;
  readonly rekor1: TransparencyLog;
  readonly rekor2: TransparencyLog;
  readonly timestampAuthority: TimestampAuthority;

  private constructor(readonly name: string, readonly now: Date) {
    this.certificateAuthority = CertificateAuthority.create(name, now);
    this.ctLog = new CtLog(`ctfe.${name}`);
    this.rekor1 = TransparencyLog.rekor1(`rekor.${name}`);
    this.rekor2 = TransparencyLog.rekor2(`log2026.rekor.${name}`);
    this.timestampAuthority = TimestampAuthority.create(name, now);
  }

  /** A new copy on each call; everything is trusted since thirty days before now, without end. */
  get trustedRoot(): TrustedRootJson {
    const since = new Date(this.now.getTime() - 30 * DAY);
    return {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logJson(this.rekor1, since), logJson(this.rekor2, since)],
      certificateAuthorities: [authorityJson(this.name, this.certificateAuthority, since)],
      ctlogs: [ctLogJson(this.ctLog, since)],
      timestampAuthorities: [authorityJson(this.name, this.timestampAuthority, since)],
    };
  }

  /** Signs a statement, or any other payload, with a short-lived certificate of an identity. */
  signKeyless(identity: Identity, statement: object | Buffer, options: KeylessOptions = {}): BundleJson {
    const { privateKey, signer } = this.certify(identity, options);
    const { envelope, logged } = signEnvelope(privateKey, signer, statement, options);
    return bundle({ certificate: { rawBytes: signer.der.toString('base64') }, ...this.witness(logged, options) }, { dsseEnvelope: envelope });
  }

  /** Signs a statement, or any other payload, with a key. */
  signWithKey(privateKey: KeyObject, statement: object | Buffer, options: SignOptions = {}): BundleJson {
    const { envelope, logged } = signEnvelope(privateKey, signerOf('key', spkiOf(privateKey), privateKey, options), statement, options);
    return bundle({ publicKey: { hint: 'key' }, ...this.witness(logged, options) }, { dsseEnvelope: envelope });
  }

  /** Signs bytes themselves, without a statement about them. */
  signMessage(identity: Identity, message: Buffer, options: KeylessOptions = {}): BundleJson {
    const { privateKey, signer } = this.certify(identity, options);
    return this.message({ certificate: { rawBytes: signer.der.toString('base64') } }, message, privateKey, signer, options);
  }

  /** The same with a key. */
  signMessageWithKey(privateKey: KeyObject, message: Buffer, options: SignOptions = {}): BundleJson {
    return this.message({ publicKey: { hint: 'key' } }, message, privateKey, signerOf('key', spkiOf(privateKey), privateKey, options), options);
  }

  private message(
    holder: BundleJson['verificationMaterial'], message: Buffer, privateKey: KeyObject, signer: LoggedSigner, options: SignOptions,
  ): BundleJson {
    const { alterSignature = (signature): Buffer => signature } = options;
    const signature = alterSignature(signBytes(message, privateKey, options.hash), message);
    const logged = { payload: message, signed: message, signature, signer };
    const digest = createHash(signer.hash).update(message).digest('base64');
    return bundle(
      { ...holder, ...this.witness(logged, { entry: options.log === 'rekor1' ? 'hashedrekord 0.0.1' : 'hashedrekord 0.0.2', ...options }) },
      { messageSignature: { messageDigest: { algorithm: `SHA2_${signer.hash.slice(3)}`, digest }, signature: signature.toString('base64') } },
    );
  }

  private certify(identity: Identity, options: KeylessOptions): { privateKey: KeyObject; signer: LoggedSigner } {
    const privateKey = options.privateKey ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const certificate = (options.certificateAuthority ?? this.certificateAuthority).issue(identity, createPublicKey(privateKey), {
      at: options.issuedAt ?? options.at ?? this.now,
      ctLogs: options.ctLogs ?? [this.ctLog],
      ...(options.certificateLoggedAt === undefined ? {} : { loggedAt: options.certificateLoggedAt }),
      ...(options.alterCertificate === undefined ? {} : { alter: options.alterCertificate }),
      ...(options.alterScts === undefined ? {} : { alterScts: options.alterScts }),
    });
    return { privateKey, signer: signerOf('certificate', certificate, privateKey, options) };
  }

  /** What logs and timestamp authorities say about a signature. */
  private witness(logged: Logged, options: SignOptions): Pick<BundleJson['verificationMaterial'], 'tlogEntries' | 'timestampVerificationData'> {
    const { log = 'rekor2', timestamp = log !== 'rekor1' } = options;
    const stamps = timestamp ? [{ signedTimestamp: this.stamp(logged.signature, options).toString('base64') }] : [];
    return {
      ...(log === 'none' ? {} : { tlogEntries: [this.enter(log, logged, options)] }),
      ...(stamps.length === 0 ? {} : { timestampVerificationData: { rfc3161Timestamps: stamps } }),
    };
  }

  private enter(log: 'rekor1' | 'rekor2', logged: Logged, options: SignOptions): LogEntryJson {
    const entry = options.entry ?? (log === 'rekor1' ? 'dsse 0.0.1' : 'hashedrekord 0.0.2');
    const body = logBody(entry, options.alterLogged?.(logged) ?? logged);
    const integrated = options.integratedAt ?? options.at ?? this.now;
    return this[log].add({ kind: body.kind, version: body.apiVersion }, body, log === 'rekor1' ? integrated : undefined);
  }

  private stamp(signature: Buffer, options: SignOptions): Buffer {
    const authority = options.timestampAuthority ?? this.timestampAuthority;
    return authority.timestamp(options.stamped?.(signature) ?? signature, options.stampedAt ?? options.at ?? this.now, options.timestampOptions);
  }
}

function bundle(verificationMaterial: BundleJson['verificationMaterial'], content: Pick<BundleJson, 'dsseEnvelope' | 'messageSignature'>): BundleJson {
  return { mediaType: BUNDLE_V03, verificationMaterial, ...content };
}

function signEnvelope(privateKey: KeyObject, signer: LoggedSigner, statement: object | Buffer, options: SignOptions): { envelope: EnvelopeJson; logged: Logged } {
  const { payloadType = IN_TOTO, signed: encode = preAuthEncoding, alterSignature = (signature): Buffer => signature } = options;
  const payload = Buffer.isBuffer(statement) ? statement : Buffer.from(JSON.stringify(statement));
  const signed = encode(payloadType, payload);
  const signature = alterSignature(signBytes(signed, privateKey, options.hash), signed);
  const envelope = { payload: payload.toString('base64'), payloadType, signatures: [{ sig: signature.toString('base64') }] };
  return { envelope, logged: { payload, signed, signature, signer } };
}

function signerOf(type: LoggedSigner['type'], der: Buffer, key: KeyObject, { hash }: SignOptions): LoggedSigner {
  return { type, der, keyDetails: keyDetailsOf(key), hash: hash ?? hashFor(key) };
}

function aMinuteAgo(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
}
