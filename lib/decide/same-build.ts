import { canonicalJson } from '../policy/canonical-json';
import { compare } from '../policy/canonical-order';
import { BuildRule } from '../policy/document';
import { Evidence, SignerFact } from './evidence';
import { claimOf } from './identity';
import { KnownImage } from './multi-platform';

/**
 * What is known of an image by the word of one build, for each build that a certificate names, in one order.
 *
 * A commit is one of a repository, as two of them may hold the same one. Evidence whose certificate names no build is of none.
 */
export function imagesByBuild(image: KnownImage, rule: BuildRule): KnownImage[] {
  const { evidence, content } = image;
  const pieces = [
    ...(evidence.status === 'found' ? evidence.pieces : []),
    ...(content.status === 'index' ? content.children.flatMap((child) => child.pieces) : []),
  ];
  return [...new Set(pieces.flatMap((piece) => buildsOf(piece, rule)))].sort(compare).map((build) => {
    const ofBuild = (some: readonly Evidence[]): readonly Evidence[] => some.filter((piece) => buildsOf(piece, rule).includes(build));
    return {
      evidence: evidence.status === 'found' ? { ...evidence, pieces: ofBuild(evidence.pieces) } : evidence,
      content: content.status === 'index' ? { ...content, children: content.children.map((child) => ({ ...child, pieces: ofBuild(child.pieces) })) } : content,
    };
  });
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
