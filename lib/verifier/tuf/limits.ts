/** Most bytes that are read of each file of a repository, whatever the repository says about its size. */
export const TUF_LIMITS = {
  root: 256 * 1024,
  timestamp: 16 * 1024,
  snapshot: 256 * 1024,
  targets: 1024 * 1024,
  target: 1024 * 1024,
  /** Newer versions of the root that are followed at once. */
  rootVersions: 64,
  /** Keys of one role; each may cost a signature check. */
  keys: 64,
} as const;
