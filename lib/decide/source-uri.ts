/** A repository at a ref, as SLSA writes sources: `git+https://host/owner/repo@ref`. */
export interface SourceUri {
  readonly repository: string;
  readonly ref?: string;
}

/** The parts of a source's URI; the ref is what follows the first `@`. */
export function splitSource(uri: string): SourceUri {
  const plain = uri.startsWith('git+') ? uri.slice('git+'.length) : uri;
  const at = plain.indexOf('@');
  return at < 0 ? { repository: plain } : { repository: plain.slice(0, at), ref: plain.slice(at + 1) };
}
