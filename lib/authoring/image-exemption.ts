import { ImageExemption, ImageExemptionSpec } from '../policy/document';
import { instantText } from './audit-window';
import { defined } from './defined';
import { aNamespaceSelection, NamespaceSelection } from './namespace-selection';
import { inDocument, optional, Properties, required } from './properties';
import { readDocument } from './read-document';

/**
 * Which digests may run without proof, why, and until when.
 *
 * @internal
 */
export interface ExemptionDemand {
  /** One fully qualified repository, without wildcards, for example `docker.io/vendor/agent`. */
  readonly image: string;

  /** The exact digests, `sha256:…`. */
  readonly digests: string[];

  /** Why. */
  readonly reason: string;

  /** Who answers for it: a person, a team or an address. */
  readonly owner: string;

  /**
   * When it ends: `YYYY-MM-DD` (start of that day in UTC), an RFC 3339 date-time with offset, or a Date.
   *
   * Write the date out: one that is computed from today's never comes.
   */
  readonly until: string | Date;

  /**
   * Where it holds. For a `NativeEngine`, which lets nothing else run there, it has to be said.
   *
   * @default - every namespace except kube-system
   */
  readonly namespaces?: NamespaceSelection;

  /**
   * Name of the exemption in messages and logs: a DNS-1123 label, unique for its verifier.
   *
   * @default - the construct's id
   */
  readonly name?: string;
}

export const EXEMPTION: Properties<ExemptionDemand> = {
  image: required(inDocument),
  digests: required(inDocument),
  reason: required(inDocument),
  owner: required(inDocument),
  until: required(inDocument),
  namespaces: optional(aNamespaceSelection),
  name: optional(inDocument),
};

/** The document of an exemption, valid and a copy that nobody else holds. */
export function imageExemption(path: string, name: string, demand: ExemptionDemand): ImageExemption {
  return readDocument(path, {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImageExemption',
    metadata: { name },
    spec: defined<ImageExemptionSpec>({
      image: demand.image,
      digests: demand.digests,
      reason: demand.reason,
      owner: demand.owner,
      until: instantText(path, demand.until),
      namespaces: demand.namespaces?._document,
    }),
  });
}
