/** What a bundle may hold, checked on the attacker's numbers before any work is done on them. */
export const BUNDLE_LIMITS = {
  /** Bytes of the whole bundle. */
  bytes: 10 * 1024 * 1024,
  logEntries: 32,
  timestamps: 32,
  certificates: 10,
  subjects: 1_024,
  /** Bytes of a certificate or timestamp. */
  der: 64 * 1024,
} as const;
