/** What a bundle may hold, checked on the attacker's numbers before any work is done on them. */
export const BUNDLE_LIMITS = {
  /** Bytes of the whole bundle. */
  bytes: 10 * 1024 * 1024,
  logEntries: 32,
  timestamps: 32,
  certificates: 10,
  /** Hashes of one inclusion proof: the depth of a tree of 2^64 leaves. */
  proofHashes: 64,
  /** Bytes of a hash or of the id of a log, which is one. */
  hash: 64,
  /** Bytes of a signature; one of RSA with 16,384 bits has half. */
  signature: 4_096,
  /** Characters of a kind, a version, or the hint or id of a key. */
  name: 1_024,
  /** Characters of one checkpoint, with room for fifty cosignatures; each may cost the check of a signature. */
  checkpoint: 8 * 1024,
  subjects: 1_024,
  /** Bytes of a certificate, and of all timestamps together: reading DER costs about a microsecond for each byte. */
  der: 64 * 1024,
} as const;
