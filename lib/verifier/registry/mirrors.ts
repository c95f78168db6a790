import { ImageReference } from '../../kubernetes/reference';
import { NameError } from '../../policy/name-error';
import { canonicalHost } from '../../policy/registry-host';
import { isPathComponent } from '../../policy/repository-name';

/** Where another registry holds what a registry has: everything below a path, under the same names. */
export interface Mirror {
  /** Canonical host of the registry that holds it. */
  readonly registry: string;
  /** Path in front of each repository. @default - none */
  readonly path?: string;
}

/**
 * Reads `host[:port][/path]`.
 *
 * @throws NameError
 */
export function parseMirror(text: string): Mirror {
  const [host = '', ...path] = text.split('/');
  const wrong = path.find((component) => !isPathComponent(component));
  if (wrong !== undefined) {
    throw new NameError(`"${wrong}" in "${text}" is no part of a repository: write host, host:port or host/path, without scheme and without a slash at the end`);
  }
  const registry = canonicalHost(host);
  return path.length === 0 ? { registry } : { registry, path: path.join('/') };
}

/** The same image in a mirror. */
export function inMirror({ registry, path }: Mirror, reference: ImageReference): ImageReference {
  const repository = path === undefined ? reference.repository : `${path}/${reference.repository}`;
  return { ...reference, registry, repository, name: `${registry}/${repository}` };
}
