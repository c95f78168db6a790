import { canonicalJson } from '../../policy/canonical-json';
import { Json } from '../../policy/document';
import { NormalAttestor, NormalKeylessAttestor } from '../../policy/normal';
import { utf8 } from '../../policy/utf8';
import { workflowExpression } from '../re2';

/** Where Kyverno gets a trust root that is not the public one: it takes them from mirrors of The Update Framework only. */
export interface KyvernoTrustRoot {
  /** As documents name it. */
  readonly name: string;
  /** URL of the mirror. */
  readonly mirror: string;
  /** The mirror's root metadata, from which on it is trusted. */
  readonly root: Json;
}

/** An attestor of an ImageValidatingPolicy: exactly one identity or key. */
export interface KyvernoAttestor {
  readonly name: string;
  readonly cosign: {
    readonly key?: { readonly data: string };
    readonly keyless?: { readonly identities: readonly [{ readonly issuer: string; readonly subject?: string; readonly subjectRegExp?: string }] };
    readonly ctlog?: { readonly insecureIgnoreTlog: true; readonly insecureIgnoreSCT: true };
    readonly tuf?: { readonly mirror: string; readonly root: { readonly data: string } };
  };
}

/** The trust root that Kyverno comes with. */
export const BUILT_IN = 'sigstore';

/**
 * An attestor in Kyverno's words.
 *
 * Without `ctlog` an entry in the log of the trust root and the certificate's own are required.
 *
 * @throws RangeError for what the capabilities of the engine refuse, and for a trust root without mirror
 */
export function kyvernoAttestor(name: string, attestor: NormalAttestor, trustRoots: readonly KyvernoTrustRoot[]): KyvernoAttestor {
  const { trustRoot: needed, transparency: { log } } = attestor;
  // Without a log nothing of the trust root is asked for.
  const tuf = attestor.type === 'key' && log === 'notRequired' ? {} : tufOf(needed, trustRoots);
  if (attestor.type === 'keyless') {
    return { name, cosign: { keyless: { identities: [{ issuer: attestor.issuer, ...subjectOf(attestor) }] }, ...tuf } };
  }
  const [key, ...others] = attestor.type === 'key' ? attestor.keys : [];
  if (key === undefined || others.length > 0) {
    throw new RangeError(`the attestor ${name} is neither an identity nor one key`);
  }
  return { name, cosign: { key: { data: key.publicKey }, ...log === 'notRequired' ? { ctlog: { insecureIgnoreTlog: true, insecureIgnoreSCT: true } } : {}, ...tuf } };
}

function tufOf(needed: string, trustRoots: readonly KyvernoTrustRoot[]): Pick<KyvernoAttestor['cosign'], 'tuf'> {
  if (needed === BUILT_IN) {
    return {};
  }
  const found = trustRoots.find(({ name }) => name === needed);
  if (found === undefined) {
    throw new RangeError(`no mirror is known for the trust root ${needed}`);
  }
  return { tuf: { mirror: found.mirror, root: { data: base64(utf8(canonicalJson(found.root))) } } };
}

function subjectOf({ subject }: NormalKeylessAttestor): { readonly subject: string } | { readonly subjectRegExp: string } {
  if (typeof subject === 'string') {
    return { subject };
  }
  return { subjectRegExp: workflowExpression(subject) };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3);
    const bits = (first << 16) | (second << 8) | third;
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((bits >> shift) & 63)).join('');
    text += letters.slice(0, Math.min(bytes.length - index, 3) + 1).padEnd(4, '=');
  }
  return text;
}
