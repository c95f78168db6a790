import { PolicySet } from '../../policy/normal';
import { readPublicKey } from '../sigstore';

/** Keys of policies with which nothing can be verified; one line for each. */
export class UnusableKeyError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'UnusableKeyError';
  }
}

/**
 * Every public key that a policy names is one: a point of its curve, a modulus. Without this, a mistyped key would show as evidence
 * that does not hold.
 *
 * @throws UnusableKeyError
 */
export function checkPublicKeys({ policies }: PolicySet): void {
  const problems = policies.flatMap(({ name, attestors }) => Object.entries(attestors).flatMap(([attestor, spec]) => {
    const problem = spec.type === 'key' ? problemOf(spec.publicKey) : undefined;
    return problem === undefined ? [] : [`policy ${name}, attestor ${attestor}: the public key ${problem}; compare it with what "cosign public-key" or "openssl pkey -pubout" prints`];
  }));
  if (problems.length > 0) {
    throw new UnusableKeyError(problems);
  }
}

function problemOf(pem: string): string | undefined {
  try {
    readPublicKey(pem);
    return undefined;
  } catch (error) {
    return `cannot be used (${error instanceof Error ? error.message : String(error)})`;
  }
}
