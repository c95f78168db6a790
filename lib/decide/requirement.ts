import { anchorOf } from '../policy/anchor';
import { canonicalJson } from '../policy/canonical-json';
import { NormalAttestor, NormalPolicy, NormalRequirement } from '../policy/normal';
import { annotationChecks } from './annotations';
import { Check, Checked, CLOSENESS, runChecks, Shortfall } from './check';
import { CHECKS } from './check-names';
import { Evidence, SignerFact } from './evidence';
import { Examined } from './examined';
import { claimOf, identityChecks } from './identity';
import { Candidate, distinctParties, Vouched } from './parties';
import { provenanceChecks } from './provenance';
import { Reason } from './reason';
import { plain, show } from './show';
import { signingTimeCheck } from './signing-time';
import { subjectCheck } from './subject';
import { RequirementProof } from './verdict';

/** Whether a requirement holds: the attestors that vouch, and why the others do not. */
export interface RequirementOutcome {
  readonly proof: readonly RequirementProof[];
  /** Empty when the requirement holds. */
  readonly reasons: readonly Reason[];
}

export interface RequirementInput {
  readonly policy: NormalPolicy;
  readonly requirement: NormalRequirement;
  readonly digest: string;
  readonly pieces: readonly Evidence[];
  readonly now: number;
}

/**
 * Judges one requirement: `threshold` *different* attestors must each vouch with a piece on which every check holds.
 *
 * Attestors that are the same party by another name count once. Pieces that do not do change nothing, nor does the order of pieces.
 */
export function judgeRequirement(input: RequirementInput): RequirementOutcome {
  const { policy, requirement } = input;
  const candidates: Candidate[] = [];
  const reasons: Reason[] = [];
  for (const name of requirement.attestors) {
    const attestor = Object.hasOwn(policy.attestors, name) ? policy.attestors[name] : undefined;
    if (attestor === undefined) {
      continue;
    }
    const { vouched, shortfall, evidence } = judgeAttestor(input, attestor);
    if (vouched.size > 0) {
      candidates.push({ attestor: name, vouched });
    } else {
      reasons.push({ ...reasonOf(shortfall, input, name), ...(evidence === undefined ? {} : { evidence }) });
    }
  }
  const counted = distinctParties(candidates);
  if (counted.length >= requirement.threshold && counted.length > 0) {
    return {
      proof: counted.map(({ attestor, evidence, held }) => ({ type: 'requirement', policy: policy.name, requirement: requirement.name, attestor, evidence, checks: held })),
      reasons: [],
    };
  }
  if (requirement.threshold > 1 || reasons.length === 0) {
    reasons.unshift({
      code: 'BELOW_THRESHOLD',
      policy: policy.name,
      requirement: requirement.name,
      message: `expected ${requirement.threshold} different attestors of ${requirement.attestors.map(show).join(', ')} to vouch, found ${counted.length}`,
    });
  }
  return { proof: [], reasons };
}

interface JudgedAttestor {
  readonly vouched: ReadonlyMap<string, Vouched>;
  /** Of the piece that came closest; nobody's when one vouched. */
  readonly shortfall: Shortfall;
  readonly evidence?: string;
}

/** Every party that vouches as this attestor, and the closest miss; where one party is enough, looks no further than the first. */
function judgeAttestor({ requirement, digest, pieces, now }: RequirementInput, attestor: NormalAttestor): JudgedAttestor {
  const nothing: Shortfall = requirement.type === 'signature'
    ? { code: 'NO_SIGNATURE', closeness: CLOSENESS.nothing, message: 'expected a signature of this digest, found none' }
    : { code: 'NO_ATTESTATION', closeness: CLOSENESS.nothing, message: `expected an attestation ${show(requirement.predicateType)} of this digest, found none` };
  let best: Pick<JudgedAttestor, 'shortfall' | 'evidence'> = { shortfall: nothing };
  const vouched = new Map<string, Vouched>();
  const checks = checksOf(requirement, attestor);
  for (const piece of pieces) {
    const { held, shortfall, signer } = judgePiece(piece, requirement, attestor, checks, digest, now);
    if (shortfall === undefined && signer !== undefined) {
      const party = partyOf(signer);
      vouched.set(party, vouched.get(party) ?? { evidence: piece.digest, held });
      if (requirement.threshold === 1) {
        break;
      }
    } else if (shortfall !== undefined && shortfall.closeness > best.shortfall.closeness) {
      best = { evidence: piece.digest, shortfall };
    }
  }
  return { vouched, ...best };
}

interface JudgedPiece extends Checked {
  readonly signer?: SignerFact['signer'];
}

function judgePiece(piece: Evidence, requirement: NormalRequirement, attestor: NormalAttestor, checks: readonly Check<Examined>[], digest: string, now: number): JudgedPiece {
  const { statement, facts } = piece;
  if (!statement.readable) {
    const closeness = statement.code === 'UNSUPPORTED' ? CLOSENESS.unsupported : CLOSENESS.unreadable;
    return { held: [], shortfall: { code: statement.code, closeness, message: plain(statement.message) } };
  }
  const isSignature = requirement.type === 'signature';
  if (statement.says !== requirement.type) {
    // The other kind of statement: as far as this requirement goes, nothing is there.
    return { held: [], shortfall: { code: isSignature ? 'NO_SIGNATURE' : 'NO_ATTESTATION', closeness: CLOSENESS.nothing, message: '' } };
  }
  if (!isSignature && statement.predicateType !== requirement.predicateType) {
    const message = `expected the predicate type ${show(requirement.predicateType)}, found ${show(statement.predicateType)}`;
    return { held: [], shortfall: { code: 'WRONG_PREDICATE', closeness: CLOSENESS.otherPredicate, message } };
  }
  const anchor = anchorOf(attestor);
  const fact = Object.hasOwn(facts, anchor) ? facts[anchor] : undefined;
  if (fact?.verified !== true) {
    const unchecked = { code: 'INTERNAL', message: 'this evidence was not checked for this attestor' } as const;
    const { code, message } = fact ?? unchecked;
    return { held: [], shortfall: { code, closeness: CLOSENESS.unverified, message: plain(message) } };
  }
  const { held, shortfall } = runChecks(checks, { statement, fact, digest, now });
  const before = [CHECKS.statementKind, ...(isSignature ? [] : [CHECKS.predicateType]), CHECKS.cryptography, ...fact.checks];
  return { held: [...before, ...held], signer: fact.signer, ...(shortfall === undefined ? {} : { shortfall }) };
}

function checksOf(requirement: NormalRequirement, attestor: NormalAttestor): Check<Examined>[] {
  const predicate = requirement.type === 'attestation' && requirement.checks !== undefined ? provenanceChecks(requirement.checks) : [];
  const annotations = requirement.type === 'signature' ? annotationChecks(requirement.annotations ?? {}) : [];
  return [signingTimeCheck(attestor), subjectCheck, ...identityChecks(attestor), ...annotations, ...predicate];
}

/**
 * Who really signed: attestors that the same signer meets under several names are one party.
 *
 * A reusable workflow signs for many callers under one subject; they are told apart by the repository that the certificate names.
 */
function partyOf(signer: SignerFact['signer']): string {
  return signer.type === 'key' ? signer.fingerprint : canonicalJson([signer.issuer, signer.subject, claimOf(signer, 'sourceRepositoryUri') ?? null]);
}

function reasonOf({ code, message }: Shortfall, { policy, requirement }: RequirementInput, attestor: string): Reason {
  return { code, message, policy: policy.name, requirement: requirement.name, attestor };
}
