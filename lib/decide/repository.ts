import { ImageReferenceError, parseReference } from '../kubernetes/reference';
import { isRegistryHost } from '../policy/registry-host';
import { Check, CLOSENESS } from './check';
import { CHECKS } from './check-names';
import { Examined } from './examined';
import { show } from './show';
import { isExactly } from './subject';

/**
 * What was signed names the repository that the image is asked for from: the subject of this digest does, or the `docker-reference` of simple signing.
 *
 * A tag beside the name does not matter; another digest does. A name without its registry means none: only for Docker Hub would it be completed,
 * and programs call files by such names.
 */
export const repositoryCheck: Check<Examined> = {
  name: CHECKS.repository,
  shortfall: ({ statement: { subjects }, digest, repository }) => {
    const names = subjects.filter((subject) => isExactly(subject.digest, digest)).flatMap(({ name }) => (name === undefined || name === '' ? [] : [name]));
    return names.some((name) => isOf(name, repository, digest)) ? undefined : {
      code: 'WRONG_REPOSITORY',
      closeness: CLOSENESS.otherRepository,
      message: `expected a statement that names the repository ${show(repository)}, found ${names[0] === undefined ? 'one that names none' : `one for ${show(names[0])}`}`,
    };
  },
};

function isOf(name: string, repository: string, digest: string): boolean {
  if (!isRegistryHost(name.slice(0, Math.max(0, name.indexOf('/'))))) {
    return false;
  }
  try {
    const named = parseReference(name);
    return named.name === repository && (named.digest === undefined || named.digest === digest);
  } catch (error) {
    if (error instanceof ImageReferenceError) {
      return false;
    }
    throw error;
  }
}
