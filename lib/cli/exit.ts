/** Exit codes, a stable contract. */
export const EXIT = {
  /** Allowed, or nothing found. */
  ok: 0,
  /** Denied, warned, covered by no policy, or findings. */
  refused: 1,
  /** The command could not run: bad arguments, unreadable files, a broken policy. */
  failed: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake in how the command was called; shown as it is, without a stack. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
