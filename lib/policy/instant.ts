/** A date that is none, or in a form that is not supported. */
export class InstantError extends Error {
  readonly code = 'MALFORMED';

  constructor(text: string, why: string) {
    super(`${JSON.stringify(text.slice(0, 64))} is not a date: ${why}; write YYYY-MM-DD or an RFC 3339 date-time such as 2027-03-31T18:00:00Z`);
    this.name = 'InstantError';
  }
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

const MINUTE = 60_000;

/**
 * The instant a text names, in milliseconds since the epoch: `YYYY-MM-DD` is the start of that day in UTC; a date-time needs its offset.
 *
 * Digits below the millisecond are dropped. Leap seconds are not known (RFC 3339 §5.6 without `:60`).
 *
 * @throws InstantError
 */
export function parseInstant(text: string): number {
  const day = parseDay(text, text.slice(0, 10));
  if (text.length === 10) {
    return day;
  }
  const time = text[10] === 'T' ? TIME.exec(text.slice(11)) : null;
  if (time === null) {
    throw new InstantError(text, 'a time needs the form THH:MM:SS and an offset, Z or ±HH:MM');
  }
  const [hour, minute, second] = [Number(time[1]), Number(time[2]), Number(time[3])];
  const [offsetHour, offsetMinute] = [Number(time[6] ?? 0), Number(time[7] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) {
    throw new InstantError(text, 'there is no such time of day');
  }
  const milliseconds = Number((time[4] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = (time[5] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * MINUTE;
  return day + (hour * 60 + minute) * MINUTE + second * 1000 + milliseconds - offset;
}

/** The shortest text of an instant: a date for the start of a day in UTC, else a date-time in UTC. */
export function formatInstant(instant: number): string {
  const text = new Date(instant).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}

/** Whether what lasts until an instant has ended: from that very millisecond on. @throws InstantError */
export function isOver(until: string, now: number): boolean {
  // A clock that is not a number has passed every date.
  return !(now < parseInstant(until));
}

function parseDay(text: string, date: string): number {
  const match = DATE.exec(date);
  if (match === null) {
    throw new InstantError(text, 'it does not start with YYYY-MM-DD');
  }
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const instant = Date.UTC(year, month - 1, day);
  if (year < 1970 || new Date(instant).toISOString().slice(0, 10) !== date) {
    throw new InstantError(text, 'there is no such day');
  }
  return instant;
}
