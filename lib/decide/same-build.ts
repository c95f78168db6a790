import { canonicalJson } from '../policy/canonical-json';
import { compare } from '../policy/canonical-order';
import { BuildRule } from '../policy/document';
import { Evidence, SignerFact } from './evidence';
import { claimOf } from './identity';

/**
 * Evidence by the build that its certificate names, in one order; without what names none.
 *
 * A commit is one of a repository, as two of them may hold the same one.
 */
export function piecesByBuild(pieces: readonly Evidence[], rule: BuildRule): ReadonlyMap<string, readonly Evidence[]> {
  const builds = new Map<string, Evidence[]>();
  for (const piece of pieces) {
    const named = Object.values(piece.facts).flatMap((fact) => (fact.verified ? buildOf(fact.signer, rule) ?? [] : []));
    new Set(named).forEach((build) => builds.set(build, [...builds.get(build) ?? [], piece]));
  }
  return new Map([...builds].sort(([a], [b]) => compare(a, b)));
}

function buildOf(signer: SignerFact['signer'], rule: BuildRule): string | undefined {
  const claims = CLAIMS[rule].map((claim) => claimOf(signer, claim));
  return claims.some((value) => value === undefined) ? undefined : canonicalJson(claims);
}

const CLAIMS = {
  commit: ['sourceRepositoryUri', 'sourceRepositoryDigest'],
  run: ['runInvocationUri'],
} as const;
