import { parseInstant } from '../policy/instant';

/** From an instant on, until another that is no part of it; either end may be open. */
export interface Period {
  readonly from?: string;
  readonly until?: string;
}

export function hasPeriod(period: Period | undefined): period is Period {
  return period?.from !== undefined || period?.until !== undefined;
}

/** Whether a time, in milliseconds since the epoch, lies in a period; a time that is no number lies in none that has an end. */
export function isWithin(time: number, period: Period | undefined): boolean {
  const { from, until } = period ?? {};
  return (from === undefined || time >= parseInstant(from)) && (until === undefined || time < parseInstant(until));
}

export function showPeriod(period: Period | undefined): string {
  const { from, until } = period ?? {};
  return [from === undefined ? '' : `from ${from} on`, until === undefined ? '' : `before ${until}`].filter((part) => part !== '').join(' and ');
}
