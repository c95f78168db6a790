import { ReasonCode } from '../../decide/reason';

/** Evidence that does not hold, with the reason a user is shown. */
export class EvidenceFailure extends Error {
  constructor(readonly code: ReasonCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EvidenceFailure';
  }
}
