import { textDigest } from '../../policy/sha256';
import type { NamedTrustRoot } from './load';

/** What a verifier was rendered with, as `sha256:…`: of the set of policies, and of the text of every other file. */
export interface ConfigurationDigests {
  readonly policies: string;
  /** By the name of the trust root. */
  readonly trustRoots: ReadonlyMap<string, string>;
  /** @default - there is no registry configuration */
  readonly registryConfig?: string;
}

/** What the files hold. */
export interface FoundConfiguration {
  /** Digest of the set of policies. */
  readonly policies: string;
  /** Those of files and of manifests. */
  readonly trustRoots: readonly NamedTrustRoot[];
  /** Text of the registry configuration. */
  readonly registryConfig?: string;
}

/** The configuration is another one than the verifier was rendered for; one line for each part. */
export class ConfigurationError extends Error {
  constructor(lines: readonly string[]) {
    super(`${lines.join('\n')}\nA ConfigMap can be deleted and made again under its name: apply what the synthesis wrote, ConfigMaps and Deployment`);
    this.name = 'ConfigurationError';
  }
}

/**
 * Refuses a configuration that differs from the one that was said in any part: another content, a part that nobody spoke of, one that is missing.
 *
 * A trust root may also come in the file of a policy, where it would be no part of the digest of the policies.
 *
 * @throws ConfigurationError
 */
export function requireDigests(said: ConfigurationDigests, found: FoundConfiguration): void {
  const roots = new Map(found.trustRoots.map(({ name, json }) => [name, textDigest(json)]));
  const problems = [
    differs('the policies', '--policy-digest', said.policies, found.policies),
    ...[...new Set([...said.trustRoots.keys(), ...roots.keys()])].map((name) => differs(`the trust root ${name}`, '--trust-root-digest', said.trustRoots.get(name), roots.get(name))),
    differs('the registry configuration', '--registry-config-digest', said.registryConfig, found.registryConfig === undefined ? undefined : textDigest(found.registryConfig)),
  ].flatMap((problem) => problem ?? []);
  if (problems.length > 0) {
    throw new ConfigurationError(problems);
  }
}

function differs(what: string, option: string, said: string | undefined, found: string | undefined): string | undefined {
  return said === found ? undefined : `${what}: not what this verifier was rendered for; ${option} says ${said ?? 'nothing of it'}, the files hold ${found ?? 'none'}`;
}
