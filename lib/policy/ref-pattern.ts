import { matchesGlob } from './glob';

/** A pattern over full Git refs, such as `refs/tags/v*`. */
export interface RefPattern {
  /** Segments between slashes; `*` in one stands for any characters but `/`. */
  readonly segments: readonly string[];
  readonly text: string;
}

/** A ref, or a pattern over refs, that is not below `refs/heads/` or `refs/tags/`, or that no ref can match. */
export class RefError extends Error {
  readonly code = 'MALFORMED';

  constructor(text: string, why: string) {
    super(`${JSON.stringify(text.slice(0, 120))} is not a ref pattern: ${why}; write for example refs/heads/main or refs/tags/v*`);
    this.name = 'RefError';
  }
}

/** Longer refs do not fit into the file systems that hold them. */
const MAX_LENGTH = 512;

/**
 * Reads a full ref or a pattern over refs.
 *
 * Only branches and tags: what is under `refs/pull/` is chosen by whoever opens a pull request. Wildcards come after the second slash.
 *
 * @throws RefError
 */
export function parseRefPattern(text: string): RefPattern {
  if (text.length > MAX_LENGTH) {
    throw new RefError(text, `it has more than ${MAX_LENGTH} characters`);
  }
  if (!/^refs\/(?:heads|tags)\//.test(text)) {
    throw new RefError(text, 'it does not start with refs/heads/ or refs/tags/');
  }
  // What git-check-ref-format(1) refuses, and everything outside ASCII.
  if (/[^\x21-\x7e]|[~^:?[\]\\]|@\{|\.\./.test(text)) {
    throw new RefError(text, 'it holds characters that a ref cannot hold, or a pattern language; only "*" is a wildcard');
  }
  const segments = text.split('/');
  segments.forEach((segment) => checkSegment(text, segment));
  return { segments, text };
}

/**
 * Whether a ref matches a pattern, parsed or as text; `*` stands for any characters but `/`, alone in its segment for at least one.
 *
 * @throws RefError for a text that is not a pattern
 */
export function matchesRef(pattern: RefPattern | string, ref: string): boolean {
  const { segments } = typeof pattern === 'string' ? parseRefPattern(pattern) : pattern;
  if (ref.length > MAX_LENGTH) {
    return false;
  }
  const parts = ref.split('/');
  return parts.length === segments.length && segments.every((segment, index) => {
    const part = parts[index];
    return part !== undefined && part !== '' && matchesGlob(segment, part);
  });
}

function checkSegment(text: string, segment: string): void {
  if (segment === '') {
    throw new RefError(text, 'it has an empty segment');
  }
  if (segment.includes('**')) {
    throw new RefError(text, '"**" has no meaning here: "*" stands for any characters but "/"');
  }
  if (segment.startsWith('.') || segment.endsWith('.') || segment.endsWith('.lock')) {
    throw new RefError(text, `no ref has a segment "${segment}"`);
  }
}
