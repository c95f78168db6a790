import { CertificateClaims } from '../policy/document';
import { certificateSubjectKind } from '../policy/certificate-subject';
import { NormalAttestor, NormalCertificateAttestor, NormalKey, NormalKeyAttestor, NormalKeylessAttestor } from '../policy/normal';
import { matchesRef } from '../policy/ref-pattern';
import { Check, CLOSENESS, Shortfall } from './check';
import { CHECKS } from './check-names';
import { CertificateSigner, SignerFact } from './evidence';
import { Examined } from './examined';
import { keyFingerprint } from './key-fingerprint';
import { hasPeriod, isWithin, showPeriod } from './period';
import { show } from './show';

type Signer = SignerFact['signer'];

/** The signer is the attestor: the very key, a certificate of its own authority for exactly this subject, or one with exactly this issuer, subject and these claims. */
export function identityChecks(attestor: NormalAttestor): Check<Examined>[] {
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
    ...claims.map(([claim, expected]) => claimCheck(claim as keyof CertificateClaims, expected)),
  ];
}

function keyCheck(attestor: NormalKeyAttestor): Check<Examined> {
  const expected = attestor.keys.map(({ publicKey }) => keyFingerprint(publicKey));
  return {
    name: CHECKS.key,
    shortfall: ({ fact: { signer } }) => (signer.type === 'key' && expected.includes(signer.fingerprint)
      ? undefined
      : other('WRONG_IDENTITY', CLOSENESS.otherSigner, `expected the key ${listed(expected)}, found ${describe(signer)}`)),
  };
}

/** The key that signed was one to sign with at every trusted time of the signature. */
function keyPeriodCheck({ keys }: NormalKeyAttestor): Check<Examined> {
  const periods = new Map(keys.map((key) => [keyFingerprint(key.publicKey), key]));
  const periodOf = ({ fact: { signer } }: Examined): NormalKey | undefined => (signer.type === 'key' ? periods.get(signer.fingerprint) : undefined);
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
        `expected a signature by ${describe(examined.fact.signer)} made ${showPeriod(key)}, found one of ${new Date(outside).toISOString()}`);
    },
  };
}

function ownSubjectCheck({ subject }: NormalCertificateAttestor): Check<Examined> {
  return {
    name: CHECKS.subject,
    shortfall: ({ fact: { signer } }) => (signer.type === 'own-certificate' && signer.subject === subject && signer.subjectType === certificateSubjectKind(subject)
      ? undefined
      : other('WRONG_IDENTITY', CLOSENESS.otherSigner, `expected the signer ${show(subject)}, found ${describe(signer)}`)),
  };
}

function issuerCheck(attestor: NormalKeylessAttestor): Check<Examined> {
  return {
    name: CHECKS.issuer,
    shortfall: ({ fact: { signer } }) => {
      if (signer.type === 'certificate' && signer.issuer === attestor.issuer) {
        return undefined;
      }
      // Only the issuer is wrong: then that is the news. Else somebody else altogether has signed.
      return signer.type === 'certificate' && isSubject(attestor, signer)
        ? other('WRONG_ISSUER', CLOSENESS.halfSigner, `expected the issuer ${show(attestor.issuer)}, found ${show(signer.issuer)}`)
        : other('WRONG_IDENTITY', CLOSENESS.otherSigner, `expected ${expectedSigner(attestor)} of the issuer ${show(attestor.issuer)}, found ${describe(signer)}`);
    },
  };
}

function subjectCheck(attestor: NormalKeylessAttestor): Check<Examined> {
  return {
    name: CHECKS.subject,
    shortfall: ({ fact: { signer } }) => (signer.type === 'certificate' && isSubject(attestor, signer)
      ? undefined
      : other('WRONG_IDENTITY', CLOSENESS.halfSigner, `expected ${expectedSigner(attestor)}, found ${describe(signer)}`)),
  };
}

function claimCheck(claim: keyof CertificateClaims, expected: string): Check<Examined> {
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
function kindOfSubject(subject: string): CertificateSigner['subjectType'] {
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

function describe(signer: Signer): string {
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
