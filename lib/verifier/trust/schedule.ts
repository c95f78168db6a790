/** Milliseconds; `jitter` keeps replicas from asking in step. */
const EVERY = 6 * 60 * 60 * 1000;
const LEAST = 60_000;
const FIRST_RETRY = 15_000;
const LAST_RETRY = 30 * 60_000;

/** Milliseconds that one refresh may take, whatever the mirror does. */
export const REFRESH_PATIENCE = 60_000;

/** What is left of a root's time when it is said that it ends, in milliseconds. */
export const ENDS_SOON = 48 * 60 * 60 * 1000;

/** After a success: every six hours, and well before the end of metadata that ends sooner. */
export function nextRefresh(left: number, random: number): number {
  return jittered(Math.max(LEAST, Math.min(EVERY, left / 4)), random);
}

/** After so many failures in a row. */
export function nextRetry(failures: number, random: number): number {
  return jittered(Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(failures - 1, 16)), random);
}

function jittered(milliseconds: number, random: number): number {
  return milliseconds * (0.8 + 0.4 * random);
}
