import { KyvernoTrustRoot } from '../../kubernetes/kyverno/attestor';
import { compare } from '../../policy/canonical-order';
import { Json } from '../../policy/document';
import { DEFAULT_TUF_TARGET, isTufTrustRoot, TufTrustRoot } from '../../policy/tuf-trust-root';
import { TrustRootFile } from '../engine';

/** Those of these trust roots that Kyverno can take: it asks mirrors of The Update Framework, and there for one target alone. */
export function kyvernoTrustRoots(files: readonly TrustRootFile[]): KyvernoTrustRoot[] {
  return files.flatMap(({ name, json }) => {
    const value = JSON.parse(json) as Json;
    const source = value as unknown as TufTrustRoot;
    return isTufTrustRoot(value) && source.target === DEFAULT_TUF_TARGET ? [{ name, mirror: source.mirror, root: source.root }] : [];
  }).sort((a, b) => compare(a.name, b.name));
}
