import { canonicalJson } from '../policy/canonical-json';
import { compare } from '../policy/canonical-order';
import { BuildRule } from '../policy/document';
import { Evidence, SignerFact } from './evidence';
import { claimOf } from './identity';
import { KnownImage, withPieces } from './multi-platform';

/**
 * What is known of an image by the word of one build, for each build that a certificate names, in one order.
 *
 * A commit is one of a repository, as two of them may hold the same one. Evidence whose certificate names no build is of none.
 */
export function imagesByBuild(image: KnownImage, rule: BuildRule): KnownImage[] {
  const builds = new Map<string, Set<Evidence>>();
  withPieces(image, (pieces) => {
    pieces.forEach((piece) => buildsOf(piece, rule).forEach((build) => builds.set(build, (builds.get(build) ?? new Set()).add(piece))));
    return pieces;
  });
  return [...builds].sort(([a], [b]) => compare(a, b)).map(([, ofBuild]) => withPieces(image, (pieces) => pieces.filter((piece) => ofBuild.has(piece))));
}

/** One, or none: the facts of a piece are about one certificate. */
function buildsOf(piece: Evidence, rule: BuildRule): string[] {
  return Object.values(piece.facts).flatMap((fact) => (fact.verified ? buildOf(fact.signer, rule) ?? [] : []));
}

function buildOf(signer: SignerFact['signer'], rule: BuildRule): string | undefined {
  const claims = CLAIMS[rule].map((claim) => claimOf(signer, claim));
  return claims.some((value) => value === undefined) ? undefined : canonicalJson(claims);
}

const CLAIMS = {
  commit: ['sourceRepositoryUri', 'sourceRepositoryDigest'],
  run: ['runInvocationUri'],
} as const;
