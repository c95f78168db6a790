import { KeyAttestor, RotatedKeyAttestor } from '../policy/document';
import { AttestorPart, judged } from './attestor-part';
import { defined } from './defined';
import { pem, readPem } from './pem';
import { list, optional, Properties, required, requireProperties, struct, text } from './properties';
import { ROTATED_KEY, RotatedKey, rotatedKeyDocument } from './rotated-key';
import { Transparency, transparency, transparencyDocument } from './transparency';
import { aTrustRoot, TrustRoot } from './trust-root';

/**
 * What every key, and every certificate of an authority of your own, may say.
 *
 * @example
 *
 * KeyAttestor.fromFile(this, 'build-host', {
 *   file: 'keys/build-host.pub',
 *   transparency: { log: Demand.NOT_REQUIRED, timestamp: Demand.REQUIRED, reason: 'The build host reaches no log, and a timestamp authority' },
 * });
 */
export interface KeyOptions {
  /**
   * Whose log and timestamps count.
   *
   * @default TrustRoot.publicGood()
   */
  readonly trustRoot?: TrustRoot;

  /**
   * What ties the signature to public view and to a moment.
   *
   * @default - a log entry is required, unless the trust root has no log
   */
  readonly transparency?: Transparency;
}

/**
 * A party's public key, or several of them: exactly one of `publicKey` and `keys`.
 *
 * @example
 *
 * new KeyAttestor(this, 'release', {
 *   keys: [{ file: 'keys/release-2026.pub', validUntil: '2027-01-01' }, { file: 'keys/release-2027.pub', validFrom: '2026-12-01' }],
 * });
 */
export interface KeyAttestorProps extends KeyOptions {
  /**
   * PEM, `PUBLIC KEY`: P-256, P-384, P-521, RSA of at least 2048 bits, or Ed25519. Of a key in a KMS or an HSM, what it exports:
   * `cosign public-key --key awskms:///alias/release`.
   *
   * @default - `keys` holds them
   */
  readonly publicKey?: string;

  /**
   * Several keys of one party, each with a period in which it may sign; however many of them sign, they are one attestor where a requirement
   * counts.
   *
   * @default - `publicKey` holds the one
   */
  readonly keys?: RotatedKey[];
}

/**
 * A public key in a file.
 *
 * @example
 *
 * KeyAttestor.fromFile(this, 'build-host', { file: 'keys/build-host.pub' });
 */
export interface KeyFileProps extends KeyOptions {
  /**
   * Path of the PEM file, such as the `cosign.pub` of `cosign generate-key-pair`, read when the construct is made. A relative one starts at
   * the current directory of the program.
   */
  readonly file: string;
}

const OPTIONS: Properties<KeyOptions> = { trustRoot: optional(aTrustRoot), transparency: optional(transparency) };

const PROPERTIES: Properties<KeyAttestorProps> = { ...OPTIONS, publicKey: optional(pem('KeyAttestor.fromFile')), keys: optional(list(struct(ROTATED_KEY))) };

const FILE_PROPERTIES: Properties<KeyFileProps> = { ...OPTIONS, file: required(text) };

/** The properties of a key that a file holds, read now. */
export function keyOfFile(path: string, props: KeyFileProps): KeyAttestorProps {
  requireProperties(path, props, FILE_PROPERTIES);
  const options = defined<KeyOptions>({ trustRoot: props.trustRoot, transparency: props.transparency });
  return { ...options, publicKey: readPem(path, props.file, 'public key') };
}

/** The attestor that a key is, or several of one party. */
export function keyAttestor(path: string, name: string, props: KeyAttestorProps): AttestorPart<KeyAttestor | RotatedKeyAttestor> {
  requireProperties(path, props, PROPERTIES);
  const trustRoot = props.trustRoot ?? TrustRoot.publicGood();
  const demanded = props.transparency ?? withoutSct(trustRoot._transparency);
  const document = defined<Partial<KeyAttestor> & Partial<RotatedKeyAttestor>>({
    type: 'key',
    publicKey: props.publicKey,
    keys: props.keys?.map((key, index) => rotatedKeyDocument(path, key, index)),
    trustRoot: trustRoot.name,
    transparency: demanded && transparencyDocument(demanded),
  }) as KeyAttestor | RotatedKeyAttestor;
  return judged(path, name, { document, trustRoot });
}

/** What a trust root asks for by default, without the proof of a certificate's own logging, which only Fulcio's certificates have. */
export function withoutSct(ofRoot: Transparency | undefined): Transparency | undefined {
  return ofRoot && defined<Transparency>({ log: ofRoot.log, timestamp: ofRoot.timestamp, reason: ofRoot.reason, untimed: undefined, sct: undefined });
}
