import { Construct } from 'constructs';
import { keyAttestor, KeyAttestorProps, KeyFileProps, keyOfFile } from '../authoring/key';
import { TrustRoot } from '../authoring/trust-root';
import { KeyAttestor as KeyAttestorDocument, RotatedKeyAttestor as RotatedKeyAttestorDocument } from '../policy/document';
import { Attestor } from './attestor';
import { pathOf } from './path';
import { EnforcementRoll } from './roll';

/**
 * Vouches with a key pair; whoever holds the private key can sign.
 *
 * @example
 *
 * const vendor = KeyAttestor.fromFile(this, 'vendor', { file: 'keys/vendor.pub' });
 *
 * @example
 *
 * // What the old key signed stays good; from a day on only the new one signs.
 * const release = new KeyAttestor(this, 'release', {
 *   keys: [
 *     { file: 'keys/release-2026.pub', validUntil: '2027-01-01' },
 *     { file: 'keys/release-2027.pub', validFrom: '2026-12-01' },
 *   ],
 *   transparency: { timestamp: Demand.REQUIRED },
 * });
 */
export class KeyAttestor extends Attestor {
  /** The key that a file holds, read when the construct is made. */
  public static fromFile(scope: Construct, id: string, props: KeyFileProps): KeyAttestor {
    const key = EnforcementRoll.of(scope).attempt(pathOf(scope, id), 'KeyAttestor', (path) => keyOfFile(path, props));
    return new KeyAttestor(scope, id, key);
  }

  /** @internal */
  public readonly _document: KeyAttestorDocument | RotatedKeyAttestorDocument;

  /** @internal */
  public readonly _trustRoot: TrustRoot;

  constructor(scope: Construct, id: string, props: KeyAttestorProps) {
    super(scope, id);
    const { document, trustRoot } = keyAttestor(this.node.path, this.name, props);
    this._document = document;
    this._trustRoot = trustRoot;
    EnforcementRoll.of(this).expectUse(this);
  }
}
