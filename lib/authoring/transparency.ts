import { Transparency as TransparencyDocument } from '../policy/document';
import { defined } from './defined';
import { Check, inDocument, oneOf, optional, Properties, required, struct } from './properties';

/**
 * Whether a proof must be there.
 *
 * @example
 *
 * // What is signed for one repository counts in no other one.
 * new SignedImagePolicy(this, 'payments', {
 *   images: ['ghcr.io/acme/payments/**'], attestors: [release], repository: Demand.REQUIRED,
 * });
 */
export enum Demand {
  /** Without it the signature does not count. */
  REQUIRED = 'required',
  /** It may be absent; a wrong one still does not count. */
  NOT_REQUIRED = 'notRequired',
}

/**
 * What ties a signature to public view and to a moment; everything that is not named stays as strict as it is by default.
 *
 * @example
 *
 * // A company-internal Sigstore instance without a transparency log.
 * const transparency: Transparency = {
 *   log: Demand.NOT_REQUIRED,
 *   timestamp: Demand.REQUIRED,
 *   reason: 'sigstore.corp.example runs no log; its timestamp authority dates every signature',
 * };
 */
export interface Transparency {
  /**
   * An entry in a transparency log of the trust root.
   *
   * @default Demand.REQUIRED
   */
  readonly log?: Demand;

  /**
   * A timestamp by an authority of the trust root. A keyless attestor without log always needs it, another one without log either that or `untimed`.
   *
   * @default Demand.NOT_REQUIRED
   */
  readonly timestamp?: Demand;

  /**
   * The certificate's proof of its own logging (SCT); keyless attestors only.
   *
   * @default Demand.REQUIRED
   */
  readonly sct?: Demand;

  /**
   * Why log or SCT are not required.
   *
   * @default - everything is required, or `untimed` explains it
   */
  readonly reason?: string;

  /**
   * Accepts that nothing trusted says when a signature was made: whoever gets hold of the key can sign as if it had been long ago, and neither periods of keys
   * nor ages can be told. Of a `KeyAttestor` or `CertificateAttestor` of which neither log nor timestamp is required; there it must be said, and it shows in the manifests.
   *
   * @default - a log entry or a timestamp is required
   */
  readonly untimed?: Acknowledgement;
}

/**
 * Who accepts that something is weaker than it could be, and why.
 *
 * @example
 *
 * const untimed: Acknowledgement = { reason: 'The build host has no network', owner: 'platform@acme.example' };
 *
 * KeyAttestor.fromFile(this, 'build-host', { file: 'keys/build-host.pub', transparency: { log: Demand.NOT_REQUIRED, untimed } });
 */
export interface Acknowledgement {
  /** Why. */
  readonly reason: string;

  /** Who answers for it: a person, a team or an address. */
  readonly owner: string;
}

const ACKNOWLEDGEMENT: Properties<Acknowledgement> = { reason: required(inDocument), owner: required(inDocument) };

/** Whether something is demanded, where that may be left out. */
export const demand = optional(oneOf('Demand', Demand));

export const transparency: Check = struct<Transparency>({ log: demand, timestamp: demand, sct: demand, reason: optional(inDocument), untimed: optional(struct(ACKNOWLEDGEMENT)) });

/** The document's form. */
export function transparencyDocument({ log, timestamp, sct, reason, untimed }: Transparency): TransparencyDocument {
  return defined<TransparencyDocument>({ log, timestamp, sct, reason, untimed: untimed && { reason: untimed.reason, owner: untimed.owner } });
}
