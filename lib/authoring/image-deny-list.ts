import { DeniedSigner as DeniedSignerDocument, ImageDenyList, ImageDenyListSpec } from '../policy/document';
import { defined } from './defined';
import { aNamespaceSelection, NamespaceSelection } from './namespace-selection';
import { inDocument, list, optional, Properties, required, struct } from './properties';
import { readDocument } from './read-document';

/**
 * An identity whose signatures count no more.
 *
 * @example
 *
 * const left: DeniedSigner = {
 *   subject: 'ada@acme.example',
 *   issuer: 'https://accounts.google.com',
 *   signedFrom: '2027-02-03',
 * };
 *
 * new DenyList(this, 'left', { reason: 'Left the company, ticket SEC-2345', owner: 'security@acme.example', signers: [left] });
 */
export interface DeniedSigner {
  /** The subject alternative name, exactly. */
  readonly subject: string;

  /**
   * Who vouched for the subject, exactly.
   *
   * @default - whoever did, an authority of your own included
   */
  readonly issuer?: string;

  /**
   * Only signatures with a trusted time from here on, and those without any: `YYYY-MM-DD` or an RFC 3339 date-time with offset.
   *
   * @default - since ever
   */
  readonly signedFrom?: string;

  /**
   * Only signatures with a trusted time before this, and those without any.
   *
   * @default - for ever
   */
  readonly signedUntil?: string;
}

/**
 * What is denied, why, and who answers for it; at least one of the four lists.
 *
 * @internal
 */
export interface DenyListDemand {
  /** Why. */
  readonly reason: string;

  /** Who answers for it: a person, a team or an address. */
  readonly owner: string;

  /**
   * Images, `sha256:…`, in whatever repository. Of an image for several platforms, name the index and its children.
   *
   * @default - none
   */
  readonly digests?: string[];

  /**
   * Identities.
   *
   * @default - none
   */
  readonly signers?: DeniedSigner[];

  /**
   * Certificates that sign, each as `sha256:` and what `openssl x509 -outform DER | sha256sum` prints.
   *
   * @default - none
   */
  readonly certificates?: string[];

  /**
   * Keys, also those in certificates, each as `sha256:` and what `openssl pkey -pubin -outform DER | sha256sum` prints.
   *
   * @default - none
   */
  readonly keys?: string[];

  /**
   * Where it holds. It is asked only where a policy holds that refuses; a list for more than that is refused.
   *
   * @default - every namespace except kube-system
   */
  readonly namespaces?: NamespaceSelection;

  /**
   * Name of the list in messages and logs: a DNS-1123 label, unique for its verifier.
   *
   * @default - the construct's id
   */
  readonly name?: string;
}

const DENIED_SIGNER: Properties<DeniedSigner> = {
  subject: required(inDocument), issuer: optional(inDocument), signedFrom: optional(inDocument), signedUntil: optional(inDocument),
};

export const DENY_LIST: Properties<DenyListDemand> = {
  reason: required(inDocument),
  owner: required(inDocument),
  digests: optional(inDocument),
  signers: optional(list(struct(DENIED_SIGNER))),
  certificates: optional(inDocument),
  keys: optional(inDocument),
  namespaces: optional(aNamespaceSelection),
  name: optional(inDocument),
};

/** The document of a deny list, valid and a copy that nobody else holds. */
export function imageDenyList(path: string, name: string, demand: DenyListDemand): ImageDenyList {
  return readDocument(path, {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImageDenyList',
    metadata: { name },
    spec: defined<ImageDenyListSpec>({
      reason: demand.reason,
      owner: demand.owner,
      digests: demand.digests,
      signers: demand.signers?.map(deniedSigner),
      certificates: demand.certificates,
      keys: demand.keys,
      namespaces: demand.namespaces?._document,
    }),
  });
}

function deniedSigner({ subject, issuer, signedFrom, signedUntil }: DeniedSigner): DeniedSignerDocument {
  const signed = signedFrom === undefined && signedUntil === undefined ? undefined : defined({ from: signedFrom, until: signedUntil });
  return defined<DeniedSignerDocument>({ subject, issuer, signed });
}
