/** A piece on which every check held. */
export interface Vouched {
  readonly evidence: string;
  readonly held: readonly string[];
}

/** An attestor, and for each party that vouches as this attestor the piece by which it does. */
export interface Candidate {
  readonly attestor: string;
  readonly vouched: ReadonlyMap<string, Vouched>;
}

/** An attestor with the piece that counts for it. */
export interface Counted extends Vouched {
  readonly attestor: string;
}

/**
 * As many attestors as possible, each with another party: a maximum bipartite matching by augmenting paths.
 *
 * Taking the first party of each would depend on the order of the pieces: one party can meet two attestors, and a further signature of it
 * could then hide another party.
 */
export function distinctParties(candidates: readonly Candidate[]): Counted[] {
  const standsFor = new Map<string, Candidate>();
  candidates.forEach((candidate) => assign(candidate, standsFor, new Set()));
  const counted = [...standsFor].flatMap(([party, { attestor, vouched }]): Counted[] => {
    const piece = vouched.get(party);
    return piece === undefined ? [] : [{ attestor, ...piece }];
  });
  return counted.sort((a, b) => (a.attestor < b.attestor ? -1 : 1));
}

/** Finds a party for the candidate, moving others to another of theirs where that makes room. */
function assign(candidate: Candidate, standsFor: Map<string, Candidate>, tried: Set<string>): boolean {
  for (const party of candidate.vouched.keys()) {
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
