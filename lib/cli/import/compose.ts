import { ImagePolicy, NamespaceSelection, Requirement, TagRule } from '../../policy/document';
import { COSIGN_SIGN } from '../../policy/predicate-types';
import { named, unused, Voter } from './voters';

/** Something that must be proven, before its voters have names. */
export interface Demand {
  /** @default - a signature */
  readonly predicateType?: string;
  readonly voters: readonly Voter[];
  readonly threshold: number;
  readonly annotations?: { readonly [name: string]: string };
}

/** What a policy says, in the terms of documents. */
export interface Draft {
  /** As the policy is called, perhaps not yet as a document may be. */
  readonly name: string;
  readonly images: readonly string[];
  /** @default - those of a document that does not say */
  readonly namespaces?: NamespaceSelection;
  readonly tags?: TagRule;
  /** All of them must hold. */
  readonly demands: readonly Demand[];
}

/** The document of a draft; what is demanded twice stands in it once. */
export function compose({ name, images, namespaces, tags, demands }: Draft): ImagePolicy {
  const { attestors, nameOf } = named(demands.flatMap(({ voters }) => voters));
  const seen = new Set<string>();
  const requirements = demands.map((demand) => requirementOf(demand, nameOf)).filter((requirement) => {
    const text = JSON.stringify(requirement);
    const again = seen.has(text);
    seen.add(text);
    return !again;
  });
  const names = new Set<string>();
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name },
    spec: {
      images: [...images],
      ...namespaces && { namespaces },
      ...tags && { tags },
      attestors,
      requirements: requirements.map((requirement) => {
        const free = unused(requirement.type, (text) => names.has(text));
        names.add(free);
        return { ...requirement, name: free };
      }),
    },
  };
}

function requirementOf({ predicateType, voters, threshold, annotations }: Demand, nameOf: (voter: Voter) => string): Requirement {
  const common = { name: '', attestors: [...new Set(voters.map(nameOf))], ...threshold === 1 ? {} : { threshold } };
  return predicateType === undefined || predicateType === COSIGN_SIGN
    ? { type: 'signature', ...common, ...annotations && { annotations } }
    : { type: 'attestation', ...common, predicateType };
}
