import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type * as Bundles from '@sigstore/bundle';
import type * as Specifications from '@sigstore/protobuf-specs';
import type * as Verification from '@sigstore/verify';

/**
 * `@sigstore/verify` as a program calls it that does nothing else: trust material made once, every bundle read with `JSON.parse`.
 *
 * Loaded from its package instead of this bundle, in which its reader of DER is replaced (lib/verifier/sigstore/asn1.ts).
 */
export function plainLibrary(trustedRoot: object): (bundle: Uint8Array) => void {
  const load = createRequire(resolve('package.json'));
  const { bundleFromJSON } = load('@sigstore/bundle') as typeof Bundles;
  const { TrustedRoot } = load('@sigstore/protobuf-specs') as typeof Specifications;
  const { toSignedEntity, toTrustMaterial, Verifier } = load('@sigstore/verify') as typeof Verification;
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trustedRoot)), { ctlogThreshold: 1, tlogThreshold: 1, timestampThreshold: 1 });
  return (bundle) => void verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(Buffer.from(bundle).toString('utf8')))));
}
