import { CheckName } from './check-names';

/** A piece on which every check held. */
export interface Vouched {
  readonly evidence: string;
  readonly held: readonly CheckName[];
  /** By what its signer is known; whoever shares a name is the same party. */
  readonly names: readonly [string, ...string[]];
}

/** An attestor, and for each signer that vouches as this attestor the piece by which it does. */
export interface Candidate {
  readonly attestor: string;
  readonly vouched: readonly Vouched[];
}

/** An attestor with the piece that counts for it. */
export interface Counted extends Vouched {
  readonly attestor: string;
}

/** The same with signers made parties, each with its first piece. */
interface Candidacy {
  readonly attestor: string;
  readonly parties: ReadonlyMap<string, Vouched>;
}

/**
 * As many attestors as possible, each with another party: a maximum bipartite matching by augmenting paths.
 *
 * Taking the first party of each would depend on the order of the pieces: one party can meet two attestors, and a further signature of it
 * could then hide another party.
 */
export function distinctParties(candidates: readonly Candidate[]): Counted[] {
  const standsFor = new Map<string, Candidacy>();
  unite(candidates).forEach((candidate) => assign(candidate, standsFor, new Set()));
  const counted = [...standsFor].flatMap(([party, { attestor, parties }]): Counted[] => {
    const piece = parties.get(party);
    return piece === undefined ? [] : [{ attestor, ...piece }];
  });
  return counted.sort((a, b) => (a.attestor < b.attestor ? -1 : 1));
}

/** Signers that are known by a common name, or each by one that a third shares with both, are one party. */
function unite(candidates: readonly Candidate[]): Candidacy[] {
  const above = new Map<string, string>();
  const top = (name: string): string => {
    const next = above.get(name);
    return next === undefined ? name : top(next);
  };
  for (const { names: [first, ...others] } of candidates.flatMap(({ vouched }) => vouched)) {
    for (const other of others) {
      if (top(other) !== top(first)) {
        above.set(top(other), top(first));
      }
    }
  }
  return candidates.map(({ attestor, vouched }) => {
    const parties = new Map<string, Vouched>();
    vouched.forEach((piece) => parties.set(top(piece.names[0]), parties.get(top(piece.names[0])) ?? piece));
    return { attestor, parties };
  });
}

/** Finds a party for the candidate, moving others to another of theirs where that makes room. */
function assign(candidate: Candidacy, standsFor: Map<string, Candidacy>, tried: Set<string>): boolean {
  for (const party of candidate.parties.keys()) {
    if (tried.has(party)) {
      continue;
    }
    tried.add(party);
    const holder = standsFor.get(party);
    if (holder === undefined || assign(holder, standsFor, tried)) {
      standsFor.set(party, candidate);
      return true;
    }
  }
  return false;
}
