/*
 * What the verifier's process is started with, in the image and wherever it is measured.
 *
 * Node lets garbage grow where memory is plenty: left alone, the heap is some times what is in use, and every thread has a heap of malloc's of its own. What
 * follows makes half of it, for processor time that does not show beside cryptography.
 */

/** V8: young generations of 6 MB at most, and the next whole collection when a heap has grown by a fifth. */
export const NODE_FLAGS = ['--max-semi-space-size=2', '--heap-growing-percent=20'] as const;

/**
 * glibc: one heap for all threads (mallopt(3)). ICU: the time zone, for which it looks through files otherwise when a first date is written, for some
 * 15 ms; no time is told in a local one.
 */
export const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: '1', TZ: 'UTC' } as const;
