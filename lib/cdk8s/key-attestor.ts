import { readFileSync } from 'node:fs';
import { Construct } from 'constructs';
import { KeyAttestor as KeyAttestorDocument } from '../policy/document';
import { Attestor } from './attestor';
import { defined } from './defined';
import { refuseAttestor } from './document-part';
import { pathOf, refuseInput, requirePlain } from './input';
import { EnforcementRoll } from './roll';
import { Transparency, transparencyDocument } from './transparency';
import { TrustRoot } from './trust-root';

/** What every key may say. */
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

/** A public key in the program's text. */
export interface KeyAttestorProps extends KeyOptions {
  /** PEM, `PUBLIC KEY`: P-256, P-384, P-521, RSA of at least 2048 bits, or Ed25519. */
  readonly publicKey: string;
}

/** A public key in a file. */
export interface KeyFileProps extends KeyOptions {
  /** Path of the PEM file, such as the `cosign.pub` of `cosign generate-key-pair`, read when the construct is made. */
  readonly file: string;
}

/**
 * Vouches with a key pair; whoever holds the private key can sign.
 *
 * @example
 *
 * const vendor = KeyAttestor.fromFile(this, 'vendor', { file: 'keys/vendor.pub' });
 */
export class KeyAttestor extends Attestor {
  /** The key that a file holds, read when the construct is made. */
  public static fromFile(scope: Construct, id: string, props: KeyFileProps): KeyAttestor {
    const path = pathOf(scope, id);
    requirePlain(path, props);
    const options = defined<KeyOptions>({ trustRoot: props.trustRoot, transparency: props.transparency });
    return new KeyAttestor(scope, id, { ...options, publicKey: readKey(path, props.file) });
  }

  /** @internal */
  public readonly _document: KeyAttestorDocument;

  /** @internal */
  public readonly _trustRoot: TrustRoot;

  constructor(scope: Construct, id: string, props: KeyAttestorProps) {
    super(scope, id);
    requirePlain(this.node.path, props);
    this._trustRoot = props.trustRoot ?? TrustRoot.publicGood();
    const transparency = props.transparency ?? keyTransparency(this._trustRoot._transparency);
    this._document = defined<KeyAttestorDocument>({
      type: 'key',
      publicKey: props.publicKey,
      trustRoot: this._trustRoot.name,
      transparency: transparency && transparencyDocument(transparency),
    });
    refuseAttestor(this.node.path, this.name, this._document);
    EnforcementRoll.of(this).expectUse(this);
  }
}

/** A key has no certificate whose logging could be proven. */
function keyTransparency(transparency: Transparency | undefined): Transparency | undefined {
  return transparency && defined<Transparency>({
    log: transparency.log, timestamp: transparency.timestamp, reason: transparency.reason, sct: undefined,
  });
}

function readKey(path: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    refuseInput(path, `the public key cannot be read: ${(error as Error).message}`, 'Correct `file`; it is resolved against the current directory.');
  }
}
