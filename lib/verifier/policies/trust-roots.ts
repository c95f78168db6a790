import { PolicySet } from '../../policy/normal';

/** Policies that name a trust root which nobody supplies; one line for each. */
export class MissingTrustRootError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'MissingTrustRootError';
  }
}

/**
 * Every trust root that a policy names is there. Without this, a forgotten file would show as evidence that does not hold.
 *
 * @param names - the roots that ship, came along in manifests or were given
 * @throws MissingTrustRootError
 */
export function checkTrustRoots({ policies }: PolicySet, names: readonly string[]): void {
  const missing = policies.flatMap((policy) => rootsOf(policy).filter((name) => !names.includes(name)).map((name) => ({ policy: policy.name, name })));
  if (missing.length > 0) {
    throw new MissingTrustRootError(missing.map(({ policy, name }) => `policy ${policy} names the trust root ${name}: pass --trust-root ${name}=FILE`));
  }
}

/**
 * One line for each given root that no policy names. That is allowed, since one list of roots may serve several sets of policies, but worth
 * saying: under a misspelt name the root that was meant is not used.
 */
export function unusedTrustRoots({ policies }: PolicySet, given: readonly string[]): string[] {
  const named = new Set(policies.flatMap(rootsOf));
  return given.filter((name) => !named.has(name)).map((name) => `no policy names the trust root ${name}, so it is not used; is it spelt as in the policy?`);
}

function rootsOf({ attestors }: PolicySet['policies'][number]): string[] {
  return [...new Set(Object.values(attestors).map(({ trustRoot }) => trustRoot))];
}
