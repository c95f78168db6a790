import { parseImagePattern } from '../../policy/image-pattern';
import { quoted } from '../re2';

/** A path segment as the distribution reference grammar has it; `..` is none. */
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';

const TAG = '(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?';
const DIGEST = '@sha256:[a-f0-9]{64}';

/**
 * References to images that one of these patterns matches, as a regular expression (RE2) that is anchored at both ends.
 *
 * Only the spelling in which the policy itself would be written: host in lower case and written out, a port only where the pattern has it. Any other spelling
 * of the same image matches nothing, and is refused as one that no policy names.
 *
 * @param digest - whether the reference has to name a digest
 */
export function imageExpression(patterns: readonly string[], digest: 'required' | 'optional'): string {
  return `^(?:${patterns.map(nameExpression).join('|')})${TAG}${digest === 'required' ? DIGEST : `(?:${DIGEST})?`}$`;
}

function nameExpression(text: string): string {
  const { registry, segments } = parseImagePattern(text);
  const path = segments.map(segmentExpression);
  // Kyverno pins `nginx` as `docker.io/nginx`, which is `docker.io/library/nginx`.
  if (registry === 'docker.io' && segments[0] === 'library' && segments.length === 2) {
    path.splice(0, 1, '(?:library/)?');
    return `${quoted(registry)}/${path.join('')}`;
  }
  return [quoted(registry), ...path].join('/');
}

function segmentExpression(segment: string): string {
  switch (segment) {
    case '*': return COMPONENT;
    case '**': return `${COMPONENT}(?:/${COMPONENT})*`;
    default: return segment.split('*').map(quoted).join('[a-z0-9._-]*');
  }
}
