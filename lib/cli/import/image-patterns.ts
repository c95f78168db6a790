import { NameError } from '../../policy/name-error';
import { parseImagePattern } from '../../policy/image-pattern';
import { isRegistryHost } from '../../policy/registry-host';
import { Part } from './part';

/** How far a star reaches: in Kyverno's patterns across slashes, in those of policy-controller only when there are two of them. */
export type Globs = 'kyverno' | 'policy-controller';

/**
 * Patterns for at least the images that other patterns match, none for a look-alike.
 *
 * Those of Kyverno are compared with the reference and its tag, those of policy-controller with repository and digest; both end where ours end.
 *
 * @throws LeftOut when none can be carried over
 */
export function imagePatterns(list: Part, globs: Globs, globOf: (item: Part) => Part = (item) => item): string[] {
  const { kept } = Part.alternatives(list.items(), (item) => patternsOf(globOf(item), globs), { omits: true });
  if (kept.length === 0) {
    throw list.leftOut('names no images that can be carried over: write the patterns out, each with its registry, for example ghcr.io/acme/**');
  }
  return [...new Set(kept)];
}

function patternsOf(part: Part, globs: Globs): string[] {
  const text = (part.text() ?? '').replace(/(?::\*)?@(?:sha256:)?\*$|:\*$/, '');
  const last = text.slice(text.lastIndexOf('/') + 1);
  if (text.includes('@')) {
    throw part.leftOut('names a digest: a policy is about repositories; what is pinned is an ImageExemption with reason, owner and end');
  }
  if (text.includes('/') && last.includes(':')) {
    throw part.leftOut('is about some tags only, and a tag is moved by whoever can push: write the repository');
  }
  if (/[^A-Za-z0-9._:/*-]/.test(text)) {
    throw part.leftOut('has other wildcards than "*": write the repositories out');
  }
  const [host = '', ...segments] = text.split('/');
  if (host.includes('*') || segments.length === 0 || !isRegistryHost(host)) {
    throw part.leftOut('has no registry that is written out: name each, for example docker.io/library/nginx or ghcr.io/acme/**');
  }
  try {
    return withDepth(part, segments, globs).map((path) => parseImagePattern(`${host}/${path}`).text);
  } catch (error) {
    if (error instanceof NameError) {
      throw part.leftOut(`cannot be carried over: ${error.message}`);
    }
    throw error;
  }
}

/** Paths that together reach as deep. */
function withDepth(part: Part, segments: readonly string[], globs: Globs): string[] {
  const crosses = (segment: string): boolean => (globs === 'kyverno' ? segment.includes('*') : segment.includes('**'));
  const written = segments.map((segment) => (crosses(segment) && /^\*+$/.test(segment) ? '**' : segment));
  const odd = written.findIndex((segment) => segment !== '**' && crosses(segment));
  if (odd < 0) {
    return [written.join('/')];
  }
  const name = /^([^*]+)\*+$/.exec(written[odd] ?? '')?.[1];
  if (odd < written.length - 1 || name === undefined) {
    throw part.leftOut('has a star within a name that also stands for slashes: write the repositories out');
  }
  const above = [...written.slice(0, odd), `${name}*`].join('/');
  return [above, `${above}/**`];
}
