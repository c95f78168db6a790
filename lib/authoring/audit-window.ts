import { AuditAction } from '../policy/document';
import { formatInstant } from '../policy/instant';
import { defined } from './defined';
import { refuseInput, requirePlain } from './input';
import { Check, instance } from './properties';

/**
 * Who lets violations pass, why, and until when.
 *
 * @example
 *
 * new AuditWindow({ reason: 'Signing is being rolled out', owner: 'platform@acme.example', until: '2027-03-31' });
 */
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

/**
 * The way to enforcement without an outage: until a date, violations are admitted with a warning, an audit annotation and a metric; from
 * then on they are refused, by the running verifier itself and at synthesis. Since a window must not be able to block, what only policies with
 * one cover is admitted while the verifier is down, also after its end, until a synthesis without the window is applied.
 *
 * It lets nothing pass that another policy refuses: all policies that match an image must hold.
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
    // What is missing or too many, the policy says that it belongs to, and where that is.
    const named = defined<AuditWindowProps>({ ...props });
    requirePlain('AuditWindow', named);
    this._document = defined<AuditAction>({ type: 'Audit', ...named, until: instantText('AuditWindow', named.until) });
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

export const anAuditWindow: Check = instance(AuditWindow, 'AuditWindow', "write new AuditWindow({ reason: '…', owner: '…', until: '…' })");
