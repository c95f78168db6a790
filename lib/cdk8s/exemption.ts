import { Construct } from 'constructs';
import { ImageExemptionSpec } from '../policy/document';
import { instantText } from './audit-window';
import { defined } from './defined';
import { NamespaceSelection } from './namespace-selection';
import { inDocument, instance, optional, Properties, required, requireProperties } from './properties';
import { readDocument } from './read-document';
import { EnforcementRoll } from './roll';
import { verifierFor } from './verifier-choice';
import { WebhookVerifier } from './webhook-verifier';

/** Which digests may run without proof, why, and until when. */
export interface ExemptionProps {
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
   * Where it holds.
   *
   * @default - every namespace except kube-system
   */
  readonly namespaces?: NamespaceSelection;

  /**
   * The verifier whose policies it is an exemption from.
   *
   * @default - the verifier of this chart
   */
  readonly verifier?: WebhookVerifier;

  /**
   * Name of the exemption in messages and logs: a DNS-1123 label, unique for its verifier.
   *
   * @default - the construct's id
   */
  readonly name?: string;
}

const PROPERTIES: Properties<ExemptionProps> = {
  image: required(inDocument),
  digests: required(inDocument),
  reason: required(inDocument),
  owner: required(inDocument),
  until: required(inDocument),
  namespaces: optional(instance(NamespaceSelection)),
  verifier: optional(instance(WebhookVerifier)),
  name: optional(inDocument),
};

/**
 * Exactly these digests may run without proof until a date, whatever policies match them; from then on the policies decide, and synthesis
 * refuses. Alone it is refused: without a policy there is nothing that it could exempt from.
 *
 * @example
 *
 * new Exemption(this, 'vendor-agent', {
 *   image: 'docker.io/vendor/agent',
 *   digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
 *   reason: 'The vendor does not sign yet, ticket SEC-1234',
 *   owner: 'platform@acme.example',
 *   until: '2027-03-31',
 * });
 */
export class Exemption extends Construct {
  /** Name of the exemption in messages and logs. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: ExemptionProps) {
    super(scope, id);
    EnforcementRoll.of(this).begin(this);
    const path = this.node.path;
    requireProperties(path, props, PROPERTIES);
    this.name = props.name ?? id;
    const document = readDocument(path, {
      apiVersion: 'proofgate.dev/v1',
      kind: 'ImageExemption',
      metadata: { name: this.name },
      spec: defined<ImageExemptionSpec>({
        image: props.image,
        digests: props.digests,
        reason: props.reason,
        owner: props.owner,
        until: instantText(path, props.until),
        namespaces: props.namespaces?._document,
      }),
    });
    verifierFor(this, props.verifier)._enforcement.enforce(this, document, []);
  }
}
