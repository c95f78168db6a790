import { anchorOf } from '../policy/anchor';
import { canonicalJson } from '../policy/canonical-json';
import { CelBudget } from '../policy/cel/cost';
import { NormalAttestor, NormalDenyList, NormalPolicy, NormalRequirement } from '../policy/normal';
import { annotationChecks } from './annotations';
import { Check, Checked, CLOSENESS, runChecks, Shortfall } from './check';
import { CheckName, CHECKS } from './check-names';
import { denyListCheck } from './deny-list';
import { Evidence, SignerFact } from './evidence';
import { Examined } from './examined';
import { claimOf, identityChecks } from './identity';
import { keyFingerprint } from './key-fingerprint';
import { Newest, newestOf } from './newest';
import { Candidate, distinctParties, Vouched } from './parties';
import { predicateJudgement } from './predicate-checks';
import { Reason } from './reason';
import { repositoryCheck } from './repository';
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
  /** Canonical name of the repository that the image is asked for from. */
  readonly repository: string;
  readonly pieces: readonly Evidence[];
  /** Those that hold in the namespace. */
  readonly denyLists: readonly NormalDenyList[];
  readonly now: number;
  readonly budget: CelBudget;
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
  let [heldAt, failedAt] = [-Infinity, -Infinity];
  for (const name of requirement.attestors) {
    const attestor = Object.hasOwn(policy.attestors, name) ? policy.attestors[name] : undefined;
    if (attestor === undefined) {
      continue;
    }
    const { vouched, shortfall, evidence, latest } = judgeAttestor(input, attestor);
    if (vouched.length > 0) {
      candidates.push({ attestor: name, vouched });
      heldAt = Math.max(heldAt, latest ?? heldAt);
    } else {
      reasons.push({ ...reasonOf(shortfall, input, name), ...(evidence === undefined ? {} : { evidence }) });
      failedAt = Math.max(failedAt, latest ?? failedAt);
    }
  }
  const counted = distinctParties(candidates);
  // What the newest statement of one attestor says is not undone by an older one of another.
  if (counted.length >= requirement.threshold && counted.length > 0 && (failedAt === -Infinity || failedAt < heldAt)) {
    return {
      proof: counted.map(({ attestor, evidence, held }) => ({ type: 'requirement', policy: policy.name, requirement: requirement.name, attestor, evidence, checks: held })),
      reasons: [],
    };
  }
  if (counted.length < requirement.threshold && (requirement.threshold > 1 || reasons.length === 0)) {
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
  /** One piece for each signer. */
  readonly vouched: readonly Vouched[];
  /** Of the piece that came closest; nobody's when one vouched. */
  readonly shortfall: Shortfall;
  readonly evidence?: string;
  /** Where the newest piece decides, the trusted time of that. */
  readonly latest?: number;
}

function judgeAttestor(input: RequirementInput, attestor: NormalAttestor): JudgedAttestor {
  const { requirement } = input;
  const newest = requirement.type === 'attestation' ? predicateJudgement(requirement).newest : undefined;
  return newest === undefined ? judgePieces(input, attestor) : judgeNewest(input, attestor, newest);
}

/** As `judgePieces`, but of what is signed as it must be only the newest counts, and all of that has to hold. */
function judgeNewest(input: RequirementInput, attestor: NormalAttestor, newest: Newest): JudgedAttestor {
  const signer = signerChecks(input, attestor);
  const signed = input.pieces.flatMap((piece) => {
    const opened = openPiece(piece, input, attestor);
    return 'examined' in opened && runChecks(signer, opened.examined).shortfall === undefined ? [{ piece, examined: opened.examined }] : [];
  });
  const deciding = newestOf(newest, signed);
  const judged = deciding.map(({ piece }) => judgePieces({ ...input, pieces: [piece] }, attestor, [CHECKS.newest]));
  const latest = Math.max(...deciding.map(({ examined }) => examined.fact.times[0] ?? -Infinity));
  const failed = judged.find(({ vouched }) => vouched.length === 0);
  if (failed !== undefined || deciding.length === 0) {
    const { shortfall, evidence } = failed ?? judgePieces(input, attestor);
    return { vouched: [], shortfall, latest, ...(evidence === undefined ? {} : { evidence }) };
  }
  return { ...(judged[0] as JudgedAttestor), vouched: judged.flatMap(({ vouched }) => vouched), latest };
}

/** Every party that vouches as this attestor, and the closest miss; where one party is enough, looks no further than the first. */
function judgePieces(input: RequirementInput, attestor: NormalAttestor, ranked: readonly CheckName[] = []): JudgedAttestor {
  const { requirement, pieces } = input;
  const nothing: Shortfall = requirement.type === 'signature'
    ? { code: 'NO_SIGNATURE', closeness: CLOSENESS.nothing, message: `expected a signature of this digest, found none; ${signerOf(attestor)} has to sign` }
    : { code: 'NO_ATTESTATION', closeness: CLOSENESS.nothing, message: `expected an attestation ${show(requirement.predicateType)} of this digest, found none; ${signerOf(attestor)} has to sign` };
  let best: Pick<JudgedAttestor, 'shortfall' | 'evidence'> = { shortfall: nothing };
  const vouched = new Map<string, Vouched>();
  const checks = checksOf(input, attestor);
  for (const piece of pieces) {
    const { held, shortfall, signer } = judgePiece(piece, input, attestor, checks);
    if (shortfall === undefined && signer !== undefined) {
      const names = namesOf(signer, attestor);
      const signedAs = canonicalJson(names);
      vouched.set(signedAs, vouched.get(signedAs) ?? { evidence: piece.digest, held: [...held, ...ranked], names });
      if (requirement.threshold === 1) {
        break;
      }
    } else if (shortfall !== undefined && shortfall.closeness > best.shortfall.closeness) {
      best = { evidence: piece.digest, shortfall };
    }
  }
  return { vouched: [...vouched.values()], ...best };
}

/** Who an attestor is, in a bounded number of characters, so that a developer knows whose signature is missed. */
function signerOf(attestor: NormalAttestor): string {
  switch (attestor.type) {
    case 'keyless': {
      const { subject, issuer } = attestor;
      return `${show(typeof subject === 'string' ? subject : subject.workflow)} of ${show(issuer)}`;
    }
    case 'key': return `the key ${attestor.keys.slice(0, 2).map(({ publicKey }) => keyFingerprint(publicKey)).join(' or ')}${attestor.keys.length > 2 ? ` or ${attestor.keys.length - 2} more` : ''}`;
    case 'certificate': return `${show(attestor.subject)} by a certificate`;
  }
}

interface JudgedPiece extends Checked {
  readonly signer?: SignerFact['signer'];
}

function judgePiece(piece: Evidence, input: RequirementInput, attestor: NormalAttestor, checks: readonly Check<Examined>[]): JudgedPiece {
  const opened = openPiece(piece, input, attestor);
  if ('shortfall' in opened) {
    return { held: [], shortfall: opened.shortfall };
  }
  const { fact } = opened.examined;
  const { held, shortfall } = runChecks(checks, opened.examined);
  const before: CheckName[] = [CHECKS.statementKind, ...(input.requirement.type === 'signature' ? [] : [CHECKS.predicateType]), CHECKS.cryptography, ...fact.checks];
  return { held: [...before, ...held], signer: fact.signer, ...(shortfall === undefined ? {} : { shortfall }) };
}

/** A piece of the kind that is required whose cryptography holds, or why it is none. */
function openPiece({ statement, facts }: Evidence, input: RequirementInput, attestor: NormalAttestor): { examined: Examined } | { shortfall: Shortfall } {
  const { requirement, digest, repository, now, budget } = input;
  if (!statement.readable) {
    const closeness = statement.code === 'UNSUPPORTED' ? CLOSENESS.unsupported : CLOSENESS.unreadable;
    return { shortfall: { code: statement.code, closeness, message: plain(statement.message) } };
  }
  const isSignature = requirement.type === 'signature';
  if (statement.says !== requirement.type) {
    // The other kind of statement: as far as this requirement goes, nothing is there.
    return { shortfall: { code: isSignature ? 'NO_SIGNATURE' : 'NO_ATTESTATION', closeness: CLOSENESS.nothing, message: '' } };
  }
  if (!isSignature && statement.predicateType !== requirement.predicateType) {
    const message = `expected the predicate type ${show(requirement.predicateType)}, found ${show(statement.predicateType)}`;
    return { shortfall: { code: 'WRONG_PREDICATE', closeness: CLOSENESS.otherPredicate, message } };
  }
  const anchor = anchorOf(attestor);
  const fact = Object.hasOwn(facts, anchor) ? facts[anchor] : undefined;
  if (fact?.verified !== true) {
    const unchecked = { code: 'INTERNAL', message: 'this evidence was not checked for this attestor' } as const;
    const { code, message } = fact ?? unchecked;
    return { shortfall: { code, closeness: CLOSENESS.unverified, message: plain(message) } };
  }
  return { examined: { statement, fact, digest, repository, now, budget } };
}

/** That the attestor signed a statement about this digest, at a time that counts, and is on no deny list. */
function signerChecks({ denyLists }: RequirementInput, attestor: NormalAttestor): Check<Examined>[] {
  return [signingTimeCheck(attestor), subjectCheck, ...identityChecks(attestor), denyListCheck(denyLists)];
}

function checksOf(input: RequirementInput, attestor: NormalAttestor): Check<Examined>[] {
  const { requirement } = input;
  const predicate = requirement.type === 'attestation' ? predicateJudgement(requirement).checks : [];
  const annotations = requirement.type === 'signature' ? annotationChecks(requirement.annotations ?? {}) : [];
  const repository = requirement.repository === 'required' ? [repositoryCheck] : [];
  return [...signerChecks(input, attestor), ...repository, ...annotations, ...predicate];
}

/**
 * By what it is known who really signed: attestors that share one of these are one party.
 *
 * All keys of an attestor are one party's, and so is a key and a certificate for it. A reusable workflow signs for many callers under one
 * subject; they are told apart by the repository that the certificate names.
 */
function namesOf(signer: SignerFact['signer'], attestor: NormalAttestor): Vouched['names'] {
  switch (signer.type) {
    case 'key': return [signer.fingerprint, ...(attestor.type === 'key' ? attestor.keys.map(({ publicKey }) => keyFingerprint(publicKey)) : [])];
    case 'own-certificate': return [canonicalJson([signer.subject]), signer.key];
    case 'certificate': return [canonicalJson([signer.issuer, signer.subject, claimOf(signer, 'sourceRepositoryUri') ?? null])];
  }
}

function reasonOf({ code, message }: Shortfall, { policy, requirement }: RequirementInput, attestor: string): Reason {
  return { code, message, policy: policy.name, requirement: requirement.name, attestor };
}
