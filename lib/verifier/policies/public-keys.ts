import { NormalAttestor, PolicySet } from '../../policy/normal';
import { OwnAuthority, readPublicKey } from '../sigstore';

/** Keys and authorities of policies with which nothing can be verified; one line for each. */
export class UnusableKeyError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'UnusableKeyError';
  }
}

/**
 * Every public key that a policy names is one: a point of its curve, a modulus; and every authority is one whose certificates its root
 * signed. Without this, a mistyped one would show as evidence that does not hold.
 *
 * @throws UnusableKeyError
 */
export function checkPublicKeys({ policies }: PolicySet): void {
  const problems = policies.flatMap(({ name, attestors }) => Object.entries(attestors).flatMap(([attestor, spec]) => {
    const problem = problemOf(spec);
    return problem === undefined ? [] : [`policy ${name}, attestor ${attestor}: ${problem}`];
  }));
  if (problems.length > 0) {
    throw new UnusableKeyError(problems);
  }
}

function problemOf(attestor: NormalAttestor): string | undefined {
  switch (attestor.type) {
    case 'keyless': return undefined;
    case 'key': return unusable(() => attestor.keys.forEach(({ publicKey }) => readPublicKey(publicKey)), 'the public key',
      'compare it with what "cosign public-key" or "openssl pkey -pubout" prints');
    case 'certificate': return unusable(() => OwnAuthority.of(attestor.authority), 'the authority', 'compare its certificates with what "openssl x509 -text" prints');
  }
}

function unusable(read: () => unknown, what: string, remedy: string): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return `${what} cannot be used (${error instanceof Error ? error.message : String(error)}); ${remedy}`;
  }
}
