import { PlatformImage } from '../../decide/platform-image';
import { inParallel } from '../in-parallel';
import { VerifierError } from '../ports';
import { IndexEntry } from './image-index';
import { RegistryLimits } from './limits';
import { distinct, identityOf } from './manifest';

/**
 * Every image that the entries of an index lead to, through the indexes below it, each once.
 *
 * Goes level by level, and limits come before a level is read: neither depth nor width, nor both multiplied, costs more than they allow.
 *
 * @param name - of the repository, for people
 * @param read - the entries of what an entry leads to; none where that is an image
 * @throws VerifierError LIMIT; what `read` throws
 */
export async function imagesBelow(
  name: string, first: readonly IndexEntry[], { platforms, nesting, artifacts, parallel }: RegistryLimits, read: (entry: IndexEntry) => Promise<readonly IndexEntry[]>,
): Promise<readonly PlatformImage[]> {
  const found = new Map<string, PlatformImage>();
  const seen = new Set<string>();
  let bytes = 0;
  let level = first;
  for (let depth = 1; level.length > 0; depth += 1) {
    const entries = distinct(level).filter((entry) => !seen.has(identityOf(entry)));
    entries.forEach((entry) => seen.add(identityOf(entry)));
    bytes += entries.reduce((sum, { size }) => sum + size, 0);
    if (depth >= nesting && entries.some(({ isIndex }) => isIndex)) {
      throw tooMuch(name, `indexes that are nested more than ${nesting} deep`);
    }
    if (seen.size > platforms || bytes > artifacts) {
      throw tooMuch(name, `an index of more than ${platforms} images, or of more than ${artifacts} bytes of manifests`);
    }
    level = (await inParallel(entries, parallel, read)).flat();
    entries.filter(({ isIndex }) => !isIndex).forEach(({ digest, platform }) => found.set(digest, found.get(digest) ?? { digest, platform }));
  }
  return [...found.values()];
}

function tooMuch(name: string, what: string): VerifierError {
  return new VerifierError('LIMIT', `${name} is ${what}, which is more than is looked at`);
}
