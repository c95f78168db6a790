import { coversNamespace } from '../policy/namespaces';
import { NamespaceContext, NormalDeniedSigner, NormalDenyList, PolicySet } from '../policy/normal';
import { Check, CLOSENESS } from './check';
import { CHECKS } from './check-names';
import { SignerFact } from './evidence';
import { Examined } from './examined';
import { isWithin } from './period';
import { Reason } from './reason';
import { plain, show } from './show';

/** The lists that hold in a namespace; where labels decide and are not known, a list holds. */
export function denyListsIn({ denyLists }: PolicySet, namespace: NamespaceContext): readonly NormalDenyList[] {
  return denyLists.filter(({ namespaces }) => coversNamespace(namespaces, namespace) !== false);
}

/** Why an image may not run whatever vouches for it. */
export function deniedImage(list: NormalDenyList, digest: string): Reason {
  return { code: 'DENY_LISTED', message: `expected an image that no deny list names, found ${show(digest)} in ${describe(list)}` };
}

/** No list names the signer: not his identity at this time, nor his certificate, nor his key. */
export function denyListCheck(lists: readonly NormalDenyList[]): Check<Examined> {
  return {
    name: CHECKS.denyList,
    applies: () => lists.length > 0,
    shortfall: ({ fact }) => {
      for (const list of lists) {
        const named = deniedPart(list, fact);
        if (named !== undefined) {
          return { code: 'DENY_LISTED', closeness: CLOSENESS.denied, message: `expected a signer that no deny list names, found ${named} in ${describe(list)}` };
        }
      }
      return undefined;
    },
  };
}

function deniedPart({ signers, certificates, keys }: NormalDenyList, { signer, times }: SignerFact): string | undefined {
  const key = signer.type === 'key' ? signer.fingerprint : signer.key;
  if (keys.includes(key)) {
    return `the key ${show(key)}`;
  }
  if (signer.type === 'key') {
    return undefined;
  }
  const certificate = signer.fingerprints.find((fingerprint) => certificates.includes(fingerprint));
  if (certificate !== undefined) {
    return `the certificate ${show(certificate)}`;
  }
  return signers.some((denied) => isDenied(denied, signer, times)) ? `the signer ${show(signer.subject)}` : undefined;
}

/** The subject whatever kind of name it is, so that no other spelling of it is left. */
function isDenied(denied: NormalDeniedSigner, signer: Exclude<SignerFact['signer'], { readonly type: 'key' }>, times: readonly number[]): boolean {
  const isIssuer = denied.issuer === undefined || (signer.type === 'certificate' && signer.issuer === denied.issuer);
  return signer.subject === denied.subject && isIssuer && (times.length === 0 || times.some((time) => isWithin(time, denied)));
}

function describe({ name, reason, owner }: NormalDenyList): string {
  return `the deny list ${name} (${plain(reason, 120)}; ${plain(owner, 60)})`;
}
