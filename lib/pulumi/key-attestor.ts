import * as pulumi from '@pulumi/pulumi';
import { keyAttestor, KeyAttestorProps, KeyFileProps, keyOfFile } from '../authoring/key';
import { Attestor } from './attestor';

/**
 * Vouches with a key pair; whoever holds the private key can sign.
 *
 * @example
 *
 * const vendor = KeyAttestor.fromFile('vendor', { file: 'keys/vendor.pub' });
 */
export class KeyAttestor extends Attestor {
  /** The key that a file holds, read when the resource is made. */
  public static fromFile(name: string, args: KeyFileProps, opts?: pulumi.ComponentResourceOptions): KeyAttestor {
    return new KeyAttestor(name, keyOfFile(name, args), opts);
  }

  constructor(name: string, args: KeyAttestorProps, opts?: pulumi.ComponentResourceOptions) {
    super('KeyAttestor', name, opts, (path) => keyAttestor(path, name, args));
  }
}
