import { ImageContent, UNREAD } from '../../lib/decide/content';
import { decide } from '../../lib/decide/decide';
import { CertificateSigner, Evidence, EvidenceReport, KeySigner, OwnCertificateSigner, SignerFact, Statement, Unreadable, Unverified } from '../../lib/decide/evidence';
import { keyFingerprint } from '../../lib/decide/key-fingerprint';
import { Verdict } from '../../lib/decide/verdict';
import { parseReference } from '../../lib/kubernetes/reference';
import { anchorOf } from '../../lib/policy/anchor';
import { Attestor, CertificateAttestor, ImagePolicy, ImagePolicySpec, KeyAttestor, KeylessAttestor, PolicyDocument } from '../../lib/policy/document';
import { NamespaceContext, NormalAttestor, NormalPolicy } from '../../lib/policy/normal';
import { normalize } from '../../lib/policy/normalize';
import { policySet } from '../../lib/policy/policy-set';
import { sha256Hex, utf8 } from '../../lib/policy/sha256';
import { parseDocument } from '../../lib/policy/validate';
import { AUTHORITY, OTHER_PUBLIC_KEY, PUBLIC_KEY } from '../policy/documents';

export const NOW = Date.UTC(2026, 5, 1);
export const NAME = 'ghcr.io/acme/payments/api';
export const DIGEST = digestOf('the image');
export const OTHER_DIGEST = digestOf('another image');
export const WORKFLOW = 'https://github.com/acme/payments/.github/workflows/release.yml';
export const SUBJECT = `${WORKFLOW}@refs/heads/main`;
export const ISSUER = 'https://token.actions.githubusercontent.com';
export const SOURCE = 'https://github.com/acme/payments';

export const release: KeylessAttestor = { type: 'keyless', issuer: ISSUER, subject: SUBJECT, trustRoot: 'sigstore' };
export const auditor: KeylessAttestor = { type: 'keyless', issuer: 'https://accounts.google.com', subject: 'auditor@acme.test', trustRoot: 'sigstore' };
export const vault: KeyAttestor = { type: 'key', publicKey: PUBLIC_KEY };
export const spare: KeyAttestor = { type: 'key', publicKey: OTHER_PUBLIC_KEY };
export const factory: CertificateAttestor = { type: 'certificate', authority: AUTHORITY, subject: 'https://ci.acme.test/release' };

/** A policy that wants a signature by `release`, where nothing else is said. */
export function policy(spec: Partial<ImagePolicySpec> = {}, name = 'payments'): ImagePolicy {
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name },
    spec: {
      images: ['ghcr.io/acme/payments/**'],
      attestors: { release },
      requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }],
      ...spec,
    },
  };
}

const anchors = new Map<Attestor, string>();

/** The name under which facts about an attestor's cryptography are kept. */
export function anchorFor(attestor: Attestor): string {
  const known = anchors.get(attestor) ?? newAnchor(attestor);
  anchors.set(attestor, known);
  return known;
}

function newAnchor(attestor: Attestor): string {
  const spec = { attestors: { it: attestor }, requirements: [{ type: 'signature' as const, name: 'it', attestors: ['it'] }] };
  const { attestors } = normalize(policy(spec)) as NormalPolicy;
  return anchorOf(attestors['it'] as NormalAttestor);
}

export const COMMIT = 'c0'.repeat(20);
export const CLAIMS = {
  buildSignerUri: SUBJECT,
  buildConfigUri: SUBJECT,
  buildTrigger: 'push',
  runInvocationUri: `${SOURCE}/actions/runs/7/attempts/1`,
  runnerEnvironment: 'github-hosted',
  sourceRepositoryDigest: COMMIT,
  sourceRepositoryId: '123',
  sourceRepositoryOwnerId: '45',
  sourceRepositoryRef: 'refs/heads/main',
  sourceRepositoryUri: SOURCE,
};

/** What the certificate of an ordinary push to main says. */
export function certificate(changes: Partial<CertificateSigner> = {}): CertificateSigner {
  return { type: 'certificate', subject: SUBJECT, subjectType: 'uri', issuer: ISSUER, fingerprints: [digestOf('a certificate')], key: digestOf('a key of a certificate'), claims: CLAIMS, ...changes };
}

export const auditorCertificate = certificate({ subject: 'auditor@acme.test', subjectType: 'email', issuer: 'https://accounts.google.com', claims: {} });

export function keySigner(attestor: KeyAttestor = vault): KeySigner {
  return { type: 'key', fingerprint: keyFingerprint(attestor.publicKey) };
}

/** Valid for an hour around now. */
export function ownCertificate(changes: Partial<OwnCertificateSigner> = {}): OwnCertificateSigner {
  return { type: 'own-certificate', subject: factory.subject, subjectType: 'uri', fingerprints: [digestOf('own certificate')], key: digestOf('a key of one\'s own certificate'), validFrom: NOW - 1_800_000, validUntil: NOW + 1_800_000, ...changes };
}

export const signed: Statement = {
  readable: true, says: 'signature', predicateType: 'https://sigstore.dev/cosign/sign/v1', predicate: {}, subjects: [{ digest: { sha256: DIGEST.slice(7) } }],
};

/** One piece of evidence; the facts hold under the anchors of the given attestors. */
export interface PieceOptions {
  readonly label?: string;
  readonly statement?: Statement | Unreadable;
  readonly signer?: SignerFact['signer'];
  readonly times?: readonly number[];
  readonly checks?: SignerFact['checks'];
  /** Instead of a signer: why the cryptography does not hold. */
  readonly unverified?: Unverified;
  readonly under?: readonly Attestor[];
}

export function piece(options: PieceOptions = {}): Evidence {
  const { label = 'a signature', statement = signed, signer = certificate(), times = [NOW - 1000], checks = ['certificate-chain'], under = [release] } = options;
  const fact = options.unverified ?? { verified: true as const, signer, times, checks };
  return { digest: digestOf(label), statement, facts: Object.fromEntries(under.map((attestor) => [anchorFor(attestor), fact])) };
}

export interface JudgeOptions {
  readonly reference?: string;
  readonly digest?: string;
  readonly namespace?: NamespaceContext;
  readonly now?: number;
  readonly evidence?: EvidenceReport;
  readonly content?: ImageContent;
}

/** The verdict over the image in the namespace `shop`, unless something else is said. */
export function judge(documents: readonly PolicyDocument[], pieces: readonly Evidence[], options: JudgeOptions = {}): Verdict {
  const { reference = `${NAME}@${DIGEST}`, digest = DIGEST, namespace = { name: 'shop' }, now = NOW, content = UNREAD } = options;
  const evidence = options.evidence ?? { status: 'found' as const, pieces };
  return decide({ set: policySet(documents.map(parseDocument)), reference: parseReference(reference), digest, namespace, evidence, content, now });
}

/** `allowed`, or the codes of the reasons in order. */
export function outcome(verdict: Verdict): 'allowed' | readonly string[] {
  return verdict.allowed ? 'allowed' : verdict.reasons.map(({ code }) => code);
}

export function digestOf(label: string): string {
  return `sha256:${sha256Hex(utf8(label))}`;
}
