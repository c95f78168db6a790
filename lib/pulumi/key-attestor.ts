import * as pulumi from '@pulumi/pulumi';
import { keyAttestor, KeyAttestorProps, KeyFileProps, keyOfFile } from '../authoring/key';
import { Attestor } from './attestor';
import { attempt } from './declarations';

/**
 * Vouches with a key pair; whoever holds the private key can sign.
 *
 * @example
 *
 * const vendor = KeyAttestor.fromFile('vendor', { file: 'keys/vendor.pub' });
 *
 * @example
 *
 * // What the old key signed stays good; from a day on only the new one signs.
 * const release = new KeyAttestor('release', {
 *   keys: [
 *     { file: 'keys/release-2026.pub', validUntil: '2027-01-01' },
 *     { file: 'keys/release-2027.pub', validFrom: '2026-12-01' },
 *   ],
 *   transparency: { timestamp: Demand.REQUIRED },
 * });
 */
export class KeyAttestor extends Attestor {
  /** The key that a file holds, read when the resource is made. */
  public static fromFile(name: string, args: KeyFileProps, opts?: pulumi.ComponentResourceOptions): KeyAttestor {
    return new KeyAttestor(name, attempt(name, 'KeyAttestor', (path) => keyOfFile(path, args)), opts);
  }

  constructor(name: string, args: KeyAttestorProps, opts?: pulumi.ComponentResourceOptions) {
    super('KeyAttestor', name, opts, (path) => keyAttestor(path, name, args));
  }
}
