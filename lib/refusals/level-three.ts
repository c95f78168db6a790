import { Attestor } from '../policy/document';
import { isSlsa } from '../policy/predicate-types';
import { Subject } from './rule';

/** An attestor that a policy takes for a level 3 builder. */
export interface LevelThreeBuilder {
  /** Object that holds the policy. */
  readonly object: string;
  /** The requirement. */
  readonly path: string;
  readonly name: string;
  /** `undefined` for a name that the policy does not declare, which another check tells. */
  readonly attestor: Attestor | undefined;
  readonly source: string;
}

/** Every attestor of every requirement of build level 3. */
export function levelThreeBuilders({ documents }: Subject): LevelThreeBuilder[] {
  return documents.flatMap(({ object, document }) => (document.kind !== 'ImagePolicy' ? [] : document.spec.requirements.flatMap((requirement, index) => {
    if (requirement.type !== 'attestation' || requirement.checks === undefined || !isSlsa(requirement.checks) || requirement.checks.level !== 3) {
      return [];
    }
    const { source } = requirement.checks;
    return requirement.attestors.map((name) => ({ object, path: `spec.requirements[${index}]`, name, attestor: document.spec.attestors[name], source }));
  })));
}
