import { PinnedTrustRootProps, TrustRoot as AnyTrustRoot, TufTrustRootProps } from '../authoring/trust-root';
import { attempt } from './declarations';

/**
 * Whose certificates, logs and timestamps count: a Sigstore instance.
 *
 * @example
 *
 * new KeylessAttestor('builder', {
 *   issuer: 'https://dex.corp.example',
 *   subject: 'builder@corp.example',
 *   trustRoot: TrustRoot.pinned('corp', { file: 'sigstore/trusted_root.json' }),
 * });
 */
export type TrustRoot = AnyTrustRoot;

export const TrustRoot = {
  /** The public-good instance at sigstore.dev; ships with the verifier, which keeps it up to date. */
  publicGood: (): TrustRoot => AnyTrustRoot.publicGood(),

  /** GitHub's own instance, which signs for private repositories; ships with the verifier. Its timestamp authority takes the place of log and SCT. */
  github: (): TrustRoot => AnyTrustRoot.github(),

  /** An instance of your own, exactly as the file describes it; written out with the policies. Its name in documents is `name`. */
  pinned: (name: string, args: PinnedTrustRootProps): TrustRoot => attempt(name, 'TrustRoot', (path) => AnyTrustRoot._pinned(path, name, args)),

  /** An instance of your own that the verifier fetches over TUF. Its name in documents is `name`. */
  tuf: (name: string, args: TufTrustRootProps): TrustRoot => attempt(name, 'TrustRoot', (path) => AnyTrustRoot._tuf(path, name, args)),
};
