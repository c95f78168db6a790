import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { bundleToJSON } from '@sigstore/bundle';
import { CIContextProvider, DSSEBundleBuilder, FulcioSigner, RekorWitness, Signer, TSAWitness, Witness } from '@sigstore/sign';
import { sha256 } from './digest';

export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** What a signature of an image says: that it was signed, and nothing else. */
export const IMAGE_SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';

/** Who signs, and who vouches for when. */
export interface SigningOptions {
  /** Private key in PEM. @default - a certificate for the identity that the CI's token, or SIGSTORE_ID_TOKEN, proves */
  readonly key?: string;
  /** URL of the certificate authority. @default - Sigstore's public one */
  readonly fulcio?: string;
  /** URL of the transparency log; `false` for none. @default - Sigstore's public one */
  readonly rekor?: string | false;
  /** URL of a timestamp authority. @default - none */
  readonly timestampAuthority?: string;
}

/** Signs a statement. @returns a Sigstore bundle in JSON */
export async function signStatement(statement: Buffer, options: SigningOptions): Promise<Buffer> {
  const builder = new DSSEBundleBuilder({ signer: signerOf(options), witnesses: witnessesOf(options) });
  const bundle = await builder.create({ data: statement, type: 'application/vnd.in-toto+json' });
  return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
}

function signerOf({ key, fulcio }: SigningOptions): Signer {
  if (key === undefined) {
    return new FulcioSigner({ identityProvider: new CIContextProvider('sigstore'), ...(fulcio === undefined ? {} : { fulcioBaseURL: fulcio }) });
  }
  const privateKey = createPrivateKey(key);
  const publicKey = createPublicKey(privateKey);
  const hint = sha256(publicKey.export({ type: 'spki', format: 'der' }));
  return {
    // Ed25519 brings its own hash.
    sign: async (data) => ({
      signature: sign(privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, privateKey),
      key: { $case: 'publicKey', publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), hint },
    }),
  };
}

function witnessesOf({ rekor, timestampAuthority }: SigningOptions): Witness[] {
  return [
    ...(timestampAuthority === undefined ? [] : [new TSAWitness({ tsaBaseURL: timestampAuthority })]),
    ...(rekor === false ? [] : [new RekorWitness({ ...(rekor === undefined ? {} : { rekorBaseURL: rekor }), entryType: 'dsse' })]),
  ];
}
