import { AuditAction } from '../policy/document';
import { formatInstant } from '../policy/instant';
import { refuseInput } from './input';
import { inDocument, Properties, required, requireProperties } from './properties';

/** Who lets violations pass, why, and until when. */
export interface AuditWindowProps {
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
}

const PROPERTIES: Properties<AuditWindowProps> = { reason: required(inDocument), owner: required(inDocument), until: required(inDocument) };

/**
 * The way to enforcement without an outage: until a date, violations are admitted with a warning, an audit annotation and a metric; from
 * then on they are refused, by the running verifier itself and at synthesis.
 *
 * @example
 *
 * new SignedImagePolicy(this, 'legacy', {
 *   images: ['registry.acme.example/legacy/**'],
 *   attestors: [release],
 *   audit: new AuditWindow({ reason: 'Signing is being rolled out', owner: 'platform@acme.example', until: '2027-03-31' }),
 * });
 */
export class AuditWindow {
  /** @internal */
  public readonly _document: AuditAction;

  constructor(props: AuditWindowProps) {
    requireProperties('AuditWindow', props, PROPERTIES);
    this._document = { type: 'Audit', reason: props.reason, owner: props.owner, until: instantText('AuditWindow', props.until) };
  }
}

/** A date as documents hold it. */
export function instantText(path: string, until: string | Date): string {
  if (!(until instanceof Date)) {
    return until;
  }
  if (Number.isNaN(until.getTime())) {
    refuseInput(path, 'until is a Date that is none', 'Write the date as text, for example 2027-03-31.');
  }
  return formatInstant(until.getTime());
}
