import { X509Certificate as NativeCertificate } from 'node:crypto';
import { checkAuthority } from './certificate';
import { EvidenceFailure } from './failure';
import { Certificate, readCertificate } from './read-certificate';
import { hashesFor } from './signature';

/** Signature algorithms of certificates: ECDSA and RSA PKCS#1 v1.5 with SHA-256, SHA-384 or SHA-512, and Ed25519. */
const ALGORITHMS = new Set([
  '1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4',
  '1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13',
  '1.3.101.112',
]);

/** Authorities between leaf and root. */
const MAX_INTERMEDIATES = 4;

/** More ways from one leaf to the root are not looked at. */
const MAX_PATHS = 32;

/** When a leaf and everything above it on one way to a root are valid, in milliseconds since the epoch. */
export interface PathValidity {
  readonly from: number;
  readonly until: number;
}

/**
 * An authority of one's own: the roots that a policy names, and the intermediates below them.
 *
 * Certificate paths as far as a policy needs them (RFC 5280, section 6.1): names chain byte for byte, signatures hold, authorities are
 * authorities, path lengths are kept, nothing critical is ignored. Name constraints and policies are not understood, so that an authority
 * with them is refused.
 */
export class OwnAuthority {
  private static readonly known = new Map<string, OwnAuthority>();

  /**
   * The authority that a policy writes as PEM, read once.
   *
   * @throws EvidenceFailure UNTRUSTED_CERTIFICATE, MALFORMED with what makes it unusable
   */
  static of(pem: string): OwnAuthority {
    const authority = OwnAuthority.known.get(pem) ?? new OwnAuthority(pem);
    OwnAuthority.known.set(pem, authority);
    return authority;
  }

  private readonly roots: readonly Certificate[];
  private readonly trusted: readonly Certificate[];

  private constructor(pem: string) {
    const certificates = (pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []).map((block) => readCertificate(new NativeCertificate(block).raw));
    certificates.forEach(checkAuthority);
    this.roots = certificates.filter((certificate) => isIssuer(certificate, certificate));
    this.trusted = accepted(this.roots, certificates);
    if (this.roots.length === 0 || this.trusted.length < certificates.length) {
      throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', 'the authority has a certificate that no root of it signed');
    }
  }

  /**
   * Every way from a leaf to a root, through the authority's own intermediates and those that a bundle brings and one of them signed.
   *
   * @param leaf - DER
   * @param brought - DER of certificates that came with the leaf, which prove nothing by themselves
   * @throws EvidenceFailure UNTRUSTED_CERTIFICATE when there is none, MALFORMED when the leaf cannot be read in one way
   */
  paths(leaf: Buffer, brought: readonly Buffer[]): readonly PathValidity[] {
    const pool = accepted(this.trusted, brought.flatMap(tryRead));
    const found: PathValidity[] = [];
    this.collect([readCertificate(leaf)], pool, found);
    if (found.length === 0) {
      throw new EvidenceFailure('UNTRUSTED_CERTIFICATE', 'expected a certificate that the authority of the policy issued, found one that it did not');
    }
    return found;
  }

  /** Depth first, the way so far from the leaf upwards. */
  private collect(path: readonly Certificate[], pool: readonly Certificate[], found: PathValidity[]): void {
    const last = path.at(-1);
    for (const issuer of pool) {
      if (last === undefined || found.length >= MAX_PATHS || path.includes(issuer) || !allowsLength(issuer, path.length - 1) || !isIssuer(issuer, last)) {
        continue;
      }
      if (this.roots.includes(issuer)) {
        found.push(validityOf([...path, issuer]));
      } else if (path.length <= MAX_INTERMEDIATES) {
        this.collect([...path, issuer], pool, found);
      }
    }
  }
}

/** What is trusted, and of the candidates those that it, or a candidate that was accepted, signed. */
function accepted(trusted: readonly Certificate[], candidates: readonly Certificate[]): readonly Certificate[] {
  const all = [...trusted];
  let open = candidates.filter((candidate) => !trusted.includes(candidate));
  // Grows while it is walked: what was accepted may have signed others.
  for (const issuer of all) {
    const signed = open.filter((candidate) => isIssuer(issuer, candidate));
    open = open.filter((candidate) => !signed.includes(candidate));
    all.push(...signed);
  }
  return all;
}

function isIssuer(issuer: Certificate, subject: Certificate): boolean {
  if (!subject.parsed.issuer.equals(issuer.parsed.subject) || !subject.native.checkIssued(issuer.native)) {
    return false;
  }
  const algorithm = subject.parsed.root.subs[1]?.subs[0]?.toOID() ?? '';
  const key = issuer.native.publicKey;
  return ALGORITHMS.has(algorithm) && hashesFor(key).length > 0 && subject.native.verify(key);
}

/** How many authorities may be between this one and the leaf (RFC 5280, section 4.2.1.9). */
function allowsLength({ parsed }: Certificate, below: number): boolean {
  const limit = parsed.extBasicConstraints?.pathLenConstraint;
  return limit === undefined || limit >= BigInt(below);
}

function validityOf(path: readonly Certificate[]): PathValidity {
  return {
    from: Math.max(...path.map(({ parsed }) => parsed.notBefore.getTime())),
    until: Math.min(...path.map(({ parsed }) => parsed.notAfter.getTime())),
  };
}

/** A certificate that cannot be read, or is no authority's, is of no use and does no harm. */
function tryRead(der: Buffer): Certificate[] {
  try {
    const certificate = readCertificate(der);
    checkAuthority(certificate);
    return [certificate];
  } catch {
    return [];
  }
}
