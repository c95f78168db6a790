import { Transparency as TransparencyDocument } from '../policy/document';
import { defined } from './defined';
import { Check, inDocument, oneOf, optional, struct } from './properties';

/** Whether a proof must be there. */
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
   * A timestamp by an authority of the trust root. A keyless attestor without log always needs it.
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
   * @default - everything is required, nothing to explain
   */
  readonly reason?: string;
}

const demand = optional(oneOf('Demand', Demand));

export const transparency: Check = struct<Transparency>({ log: demand, timestamp: demand, sct: demand, reason: optional(inDocument) });

/** The document's form. */
export function transparencyDocument({ log, timestamp, sct, reason }: Transparency): TransparencyDocument {
  return defined<TransparencyDocument>({ log, timestamp, sct, reason });
}
