import { matchesGlob } from './glob';
import { NameError } from './name-error';
import { isRegistryHost } from './registry-host';
import { isPathComponent, MAX_NAME, splitRegistry } from './repository-name';

/** A pattern over canonical repository names. */
export interface ImagePattern {
  /** Canonical, without wildcards. */
  readonly registry: string;
  /** Path segments below the host: literal, with `*` for any characters within the segment, or `**` for one or more whole segments. */
  readonly segments: readonly string[];
  /** Canonical text. */
  readonly text: string;
}

/**
 * Reads a pattern such as `ghcr.io/acme/**`.
 *
 * The host is read as in a reference (case, Docker Hub, `library/`) and never holds a wildcard. `*` stands for any characters but `/`, alone
 * in its segment for at least one; `**` stands for one or more whole segments.
 *
 * @throws NameError for tags and digests, an unwritten host before a wildcard, and patterns that match nothing, everything or look-alikes.
 */
export function parseImagePattern(text: string): ImagePattern {
  if (text.length > MAX_NAME) {
    throw new NameError(`a pattern of ${text.length} characters matches nothing: a repository name has at most ${MAX_NAME}`);
  }
  if (text.includes('@')) {
    throw new NameError(`"${text}" names a digest; a pattern is about repositories: remove "@" and what follows`);
  }
  if (text.includes(':', text.lastIndexOf('/') + 1)) {
    throw new NameError(`"${text}" names a tag; a pattern is about repositories: remove ":" and what follows`);
  }
  const slash = text.indexOf('/');
  const first = slash < 0 ? text : text.slice(0, slash);
  if (first.includes('*')) {
    throw new NameError(`"${text}" has a wildcard where the host belongs: write the host out, for example ghcr.io/acme/**`);
  }
  if (slash < 0 && isRegistryHost(text)) {
    throw new NameError(`"${text}" is a host without a path: write ${text}/** for everything on it`);
  }
  const { registry, repository } = splitRegistry(text);
  // One segment on Docker Hub is one of the official images; "**" is any number of segments.
  const segments = repository === 'library/**' && !text.endsWith(repository) ? ['**'] : repository.split('/');
  segments.forEach((segment) => checkSegment(text, segment));
  checkOwner(text, registry, segments[0] ?? '');
  checkDepth(text, registry, segments);
  return { registry, segments, text: `${registry}/${segments.join('/')}` };
}

/**
 * Whether a pattern, parsed or as text, matches a canonical repository name (`RepositoryName.name`).
 *
 * Takes time in proportion to the length of the name times that of the pattern at worst; a name longer than any repository's matches nothing.
 *
 * @throws NameError for a text that is not a pattern
 */
export function matchesImage(pattern: ImagePattern | string, name: string): boolean {
  const { registry, segments } = typeof pattern === 'string' ? parseImagePattern(pattern) : pattern;
  if (name.length > MAX_NAME || !name.startsWith(`${registry}/`)) {
    return false;
  }
  return matchesSegments(segments, name.slice(registry.length + 1).split('/'));
}

/**
 * Whether a pattern matches every name that another one does.
 *
 * Of two patterns for the same names that are cut into segments in different ways, as `*` before `**` and after it, it may say no.
 */
export function coversPattern(outer: ImagePattern, inner: ImagePattern): boolean {
  // A wildcard is a character that only a wildcard takes; where several segments may be, only `**` does, which asks nothing of them.
  return outer.registry === inner.registry && matchesSegments(outer.segments, inner.segments.map((segment) => (segment === '**' ? '' : segment)));
}

function checkSegment(text: string, segment: string): void {
  if (segment === '**' || segment === '*') {
    return;
  }
  if (segment.includes('**')) {
    throw new NameError(`"${text}" has "**" glued to other characters: it stands for whole segments, write "/**" or a single "*"`);
  }
  // A letter is the neighbour that leaves the most room, so this fails only where nothing fits.
  if (!isPathComponent(segment.replaceAll('*', 'a'))) {
    throw new NameError(
      `"${text}" matches nothing: no repository has a path segment "${segment}" (lower-case letters and digits, joined by ".", "_", "__" or hyphens)`,
    );
  }
}

function checkOwner(text: string, registry: string, owner: string): void {
  if (owner.includes('*') && owner !== '*' && owner !== '**') {
    throw new NameError(
      `"${text}" also matches look-alikes that anybody can register on ${registry}: write the segment out, for example `
      + `${registry}/${owner.replaceAll('*', '') || 'acme'}/**`,
    );
  }
}

/** Registries on which every repository lies below an owner, a group or a project. */
const OWNED = ['gcr.io', 'ghcr.io', 'registry.gitlab.com'];

function checkDepth(text: string, registry: string, segments: readonly string[]): void {
  if (OWNED.includes(registry) && segments.length === 1 && segments[0] !== '**') {
    throw new NameError(`"${text}" matches nothing: every repository on ${registry} has at least two path segments; write ${registry}/${segments[0] === '*' ? 'acme' : segments[0] ?? ''}/** for all of an owner's`);
  }
}

/** Every segment but `**` takes exactly one; so the earliest place for each run between two `**` is the best one. */
function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  const runs = splitRuns(pattern);
  const head = runs[0] ?? [];
  if (runs.length === 1) {
    return path.length === head.length && matchesRun(head, path, 0);
  }
  const tail = runs[runs.length - 1] ?? [];
  const end = path.length - tail.length;
  if (end < head.length || !matchesRun(head, path, 0) || !matchesRun(tail, path, end)) {
    return false;
  }
  let position = head.length;
  for (const run of runs.slice(1, -1)) {
    let start = position + 1;
    while (start + run.length <= end && !matchesRun(run, path, start)) {
      start += 1;
    }
    if (start + run.length > end) {
      return false;
    }
    position = start + run.length;
  }
  return position < end;
}

function splitRuns(pattern: readonly string[]): string[][] {
  const runs: string[][] = [[]];
  for (const segment of pattern) {
    if (segment === '**') {
      runs.push([]);
    } else {
      runs[runs.length - 1]?.push(segment);
    }
  }
  return runs;
}

function matchesRun(run: readonly string[], path: readonly string[], start: number): boolean {
  return run.every((segment, index) => {
    const text = path[start + index];
    return text !== undefined && text !== '' && matchesGlob(segment, text);
  });
}
