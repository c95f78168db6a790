import { CertificateClaims } from '../policy/document';
import { certificateSubjectKind } from '../policy/certificate-subject';
import { NormalAttestor, NormalCertificateAttestor, NormalKey, NormalKeyAttestor, NormalKeylessAttestor } from '../policy/normal';
import { matchesRef } from '../policy/ref-pattern';
import { Check, CLOSENESS, runChecks, Shortfall } from './check';
import { CHECKS } from './check-names';
import { CertificateSigner, SignerFact } from './evidence';
import { keyFingerprint } from './key-fingerprint';
import { hasPeriod, isWithin, showPeriod } from './period';
import { show } from './show';

type Signer = SignerFact['signer'];

/** Whoever signed, whatever it was. */
interface Signed {
  readonly fact: Pick<SignerFact, 'signer' | 'times'>;
}

/** The signer is the attestor: the very key, a certificate of its own authority for exactly this subject, or one with exactly this issuer, subject and these claims. */
export function identityChecks(attestor: NormalAttestor): Check<Signed>[] {
  if (attestor.type === 'key') {
    return [keyCheck(attestor), keyPeriodCheck(attestor)];
  }
  if (attestor.type === 'certificate') {
    return [ownSubjectCheck(attestor)];
  }
  const claims = Object.entries<string>({ ...attestor.certificate }).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    issuerCheck(attestor),
    subjectCheck(attestor),
    ...(attestor.topLevel === 'required' ? [topLevelCheck()] : []),
    ...claims.map(([claim, expected]) => claimCheck(claim as keyof CertificateClaims, expected)),
  ];
}

/** Whether a signer with a certificate is the attestor: what the checks say, before it is known that the certificate is genuine. */
export function isAttestor(attestor: Exclude<NormalAttestor, NormalKeyAttestor>, signer: Signer): boolean {
  return runChecks(identityChecks(attestor), { fact: { signer, times: [] } }).shortfall === undefined;
}

function keyCheck(attestor: NormalKeyAttestor): Check<Signed> {
  const expected = attestor.keys.map(({ publicKey }) => keyFingerprint(publicKey));
  return {
    name: CHECKS.key,
    shortfall: ({ fact: { signer } }) => (signer.type === 'key' && expected.includes(signer.fingerprint)
      ? undefined
      : other('WRONG_IDENTITY', CLOSENESS.otherSigner, `expected the key ${listed(expected)}, found ${describeSigner(signer)}`)),
  };
}

/** The key that signed was one to sign with at every trusted time of the signature. */
function keyPeriodCheck({ keys }: NormalKeyAttestor): Check<Signed> {
  const periods = new Map(keys.map((key) => [keyFingerprint(key.publicKey), key]));
  const periodOf = ({ fact: { signer } }: Signed): NormalKey | undefined => (signer.type === 'key' ? periods.get(signer.fingerprint) : undefined);
  return {
    name: CHECKS.keyPeriod,
    applies: (examined) => hasPeriod(periodOf(examined)),
    shortfall: (examined) => {
      const key = periodOf(examined);
      const { times } = examined.fact;
      if (times.length === 0) {
        return other('NO_TRUSTED_TIME', CLOSENESS.unverified, 'expected a signature with a trusted time, since its key is valid for a period only; found one without');
      }
      const outside = times.find((time) => !isWithin(time, key));
      return outside === undefined ? undefined : other('KEY_NOT_VALID', CLOSENESS.otherTime,
        `expected a signature by ${describeSigner(examined.fact.signer)} made ${showPeriod(key)}, found one of ${new Date(outside).toISOString()}`);
    },
  };
}

function ownSubjectCheck({ subject }: NormalCertificateAttestor): Check<Signed> {
  return {
    name: CHECKS.subject,
    shortfall: ({ fact: { signer } }) => (signer.type === 'own-certificate' && signer.subject === subject && signer.subjectType === certificateSubjectKind(subject)
      ? undefined
      : other('WRONG_IDENTITY', CLOSENESS.otherSigner, `expected the signer ${show(subject)}, found ${describeSigner(signer)}`)),
  };
}

function issuerCheck(attestor: NormalKeylessAttestor): Check<Signed> {
  return {
    name: CHECKS.issuer,
    shortfall: ({ fact: { signer } }) => {
      if (signer.type === 'certificate' && signer.issuer === attestor.issuer) {
        return undefined;
      }
      // Only the issuer is wrong: then that is the news. Else somebody else altogether has signed.
      return signer.type === 'certificate' && isSubject(attestor, signer)
        ? other('WRONG_ISSUER', CLOSENESS.halfSigner, `expected the issuer ${show(attestor.issuer)}, found ${show(signer.issuer)}`)
        : other('WRONG_IDENTITY', CLOSENESS.otherSigner, `expected ${expectedSigner(attestor)} of the issuer ${show(attestor.issuer)}, found ${describeSigner(signer)}`);
    },
  };
}

function subjectCheck(attestor: NormalKeylessAttestor): Check<Signed> {
  return {
    name: CHECKS.subject,
    shortfall: ({ fact: { signer } }) => (signer.type === 'certificate' && isSubject(attestor, signer)
      ? undefined
      : other('WRONG_IDENTITY', CLOSENESS.halfSigner, `expected ${expectedSigner(attestor)}, found ${describeSigner(signer)}`)),
  };
}

function claimCheck(claim: keyof CertificateClaims, expected: string): Check<Signed> {
  return {
    name: CHECKS.claim(claim),
    shortfall: ({ fact: { signer } }) => {
      const found = claimOf(signer, claim);
      // The one claim that is a pattern.
      const holds = found !== undefined && (claim === 'sourceRepositoryRef' ? matchesRef(expected, found) : found === expected);
      return holds ? undefined : other('WRONG_CLAIM', CLOSENESS.otherClaim,
        `expected the certificate's ${claim} to be ${show(expected)}, found ${found === undefined ? 'none' : show(found)}`);
    },
  };
}

/**
 * No other workflow called the subject: whoever may write a workflow at any ref of a repository can call another one of it, which then signs.
 *
 * Fulcio's .18 is the workflow that was started, .9 the one that signed, .14 the ref of the run.
 */
function topLevelCheck(): Check<Signed> {
  return {
    name: CHECKS.topLevel,
    shortfall: ({ fact: { signer } }) => {
      const subject = signer.type === 'certificate' ? signer.subject : undefined;
      const wrong = ['buildSignerUri', 'buildConfigUri'].find((claim) => subject === undefined || claimOf(signer, claim) !== subject)
        ?? (subject?.endsWith(`@${claimOf(signer, 'sourceRepositoryRef') ?? ''}`) === true ? undefined : 'sourceRepositoryRef');
      if (wrong === undefined) {
        return undefined;
      }
      const found = claimOf(signer, wrong);
      return other('WRONG_CLAIM', CLOSENESS.otherClaim,
        `expected a run that no other workflow called, so that the certificate's ${wrong} agrees with its subject; found ${found === undefined ? 'none' : show(found)} beside ${describeSigner(signer)}`);
    },
  };
}

/** A claim that the signer's certificate carries. */
export function claimOf(signer: Signer, claim: string): string | undefined {
  return signer.type === 'certificate' && Object.hasOwn(signer.claims, claim) ? signer.claims[claim] : undefined;
}

/** The whole subject, byte for byte; of a workflow at several refs the workflow exactly, and the rest is a ref. */
function isSubject(attestor: NormalKeylessAttestor, signer: CertificateSigner): boolean {
  const { subject } = attestor;
  if (typeof subject === 'string') {
    return signer.subject === subject && signer.subjectType === kindOfSubject(subject);
  }
  const start = `${subject.workflow}@`;
  const ref = signer.subject.slice(start.length);
  return signer.subjectType === 'uri' && signer.subject.startsWith(start) && subject.refs.some((pattern) => matchesRef(pattern, ref));
}

/**
 * Which general name a configured subject means, so that an e-mail address that spells a URI is not taken for it.
 *
 * Fulcio's user names have the form `name!domain`.
 */
export function kindOfSubject(subject: string): CertificateSigner['subjectType'] {
  if (subject.includes('://')) {
    return 'uri';
  }
  if (subject.slice(subject.lastIndexOf('@') + 1).includes('!')) {
    return 'username';
  }
  return subject.includes('@') ? 'email' : 'uri';
}

function expectedSigner({ subject }: NormalKeylessAttestor): string {
  return typeof subject === 'string'
    ? `the signer ${show(subject)}`
    : `the signer ${show(subject.workflow)} at ${subject.refs.slice(0, 3).map(show).join(' or ')}${subject.refs.length > 3 ? ' or others' : ''}`;
}

/** A signer, for people. */
export function describeSigner(signer: Signer): string {
  switch (signer.type) {
    case 'key': return `the key ${show(signer.fingerprint)}`;
    case 'own-certificate': return `the ${signer.subjectType} ${show(signer.subject)}`;
    case 'certificate': return `the ${signer.subjectType} ${show(signer.subject)} of ${show(signer.issuer)}`;
  }
}

function listed(texts: readonly string[]): string {
  return `${texts.slice(0, 3).join(' or ')}${texts.length > 3 ? ' or others' : ''}`;
}

function other(code: Shortfall['code'], closeness: number, message: string): Shortfall {
  return { code, closeness, message };
}
