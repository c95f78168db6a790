import { NameError } from './name-error';
import { canonicalHost, DOCKER_HUB, isRegistryHost } from './registry-host';

export { NameError } from './name-error';

/** A repository as the container runtime reads it, in the one form used for matching, fetching and pinning. */
export interface RepositoryName {
  /** Canonical host with its port, if one was written. */
  readonly registry: string;
  /** Path below the host; one-segment names of Docker Hub have `library/` in front. */
  readonly repository: string;
  /** `registry/repository`. */
  readonly name: string;
}

/** The runtime's limit for the path below the host (`RepositoryNameTotalLengthMax` of distribution/reference). */
export const MAX_REPOSITORY = 255;

/** No canonical name is longer: host with port, slash, path. */
export const MAX_NAME = 253 + 6 + 1 + MAX_REPOSITORY;

/**
 * Reads a repository name without tag and digest, such as `ghcr.io/acme/app` or `nginx`.
 *
 * @throws NameError when the container runtime would refuse it or could read it in another way.
 */
export function parseRepositoryName(text: string): RepositoryName {
  if (text.length > MAX_NAME) {
    throw new NameError(`a repository name of ${text.length} characters is too long: host and path have at most ${MAX_NAME}`);
  }
  const { registry, repository } = splitRegistry(text);
  if (repository.length > MAX_REPOSITORY) {
    throw new NameError(`the path "${repository.slice(0, 32)}…" has ${repository.length} characters; a repository has at most ${MAX_REPOSITORY}`);
  }
  const wrong = repository.split('/').find((component) => !isPathComponent(component));
  if (wrong !== undefined) {
    throw new NameError(
      `"${wrong}" in "${text}" is not a path component: lower-case letters and digits, joined by ".", "_", "__" or hyphens`,
    );
  }
  return { registry, repository, name: `${registry}/${repository}` };
}

/** Splits a name or pattern at its registry, the way the runtime does; the path is not checked. */
export function splitRegistry(text: string): { registry: string; repository: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, slash);
  const registry = slash >= 0 && isRegistryHost(first) ? canonicalHost(first) : undefined;
  const path = registry === undefined ? text : text.slice(slash + 1);
  return (registry ?? DOCKER_HUB) === DOCKER_HUB && !path.includes('/')
    ? { registry: DOCKER_HUB, repository: `library/${path}` }
    : { registry: registry ?? DOCKER_HUB, repository: path };
}

/**
 * Whether a text is one component of a repository path: runs of `[a-z0-9]` with one `.`, `_`, `__` or any number of hyphens between them.
 *
 * Scanned by hand: the grammar's regular expression repeats a repetition.
 */
export function isPathComponent(text: string): boolean {
  let separator = '';
  let afterRun = false;
  for (const character of text) {
    if (isLowerAlphanumeric(character)) {
      if (separator !== '' && !(afterRun && isSeparator(separator))) {
        return false;
      }
      separator = '';
      afterRun = true;
    } else {
      separator += character;
    }
  }
  return afterRun && separator === '';
}

function isLowerAlphanumeric(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

function isSeparator(text: string): boolean {
  return text === '.' || text === '_' || text === '__' || /^-+$/.test(text);
}
