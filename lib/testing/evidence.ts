import { Evidence, Statement } from '../decide/evidence';
import { anchorOf } from '../policy/anchor';
import { canonicalJson } from '../policy/canonical-json';
import { Attestor } from '../policy/document';
import { parseInstant } from '../policy/instant';
import { NormalAttestor } from '../policy/normal';
import { COSIGN_SIGN } from '../policy/predicate-types';
import { textDigest } from '../policy/sha256';
import { SbomFormat } from '../authoring/sbom';
import { factUnder, Witnesses } from './facts';
import { attestorOf, Signer } from './identities';
import { Attesting, Predicate, provenance, ProvenanceContent, sayable, sbom, scan, ScanContent, summary, SummaryContent } from './predicates';
import { signerOf, SigningMaterial } from './signer';

/** What evidence is made for. */
export interface EvidenceContext {
  /** Digest of the image, `sha256:…`. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * What lies beside an image: what one or several signers vouch for. What is not said is not there.
 *
 * @example
 *
 * const evidence: ImageEvidence = signedBy(release).withProvenance().and(signedBy(auditor));
 */
export abstract class ImageEvidence {
  /** This and more: what both say lies beside the image. */
  public and(other: ImageEvidence): ImageEvidence {
    return new AllEvidence([this, other]);
  }

  /**
   * Whether nobody answers who knows.
   * @internal
   */
  public get _unanswered(): boolean {
    return false;
  }

  /** @internal */
  public abstract _pieces(context: EvidenceContext, attestors: readonly NormalAttestor[]): Evidence[];

  /** @internal */
  public abstract _describe(): string[];
}

class AllEvidence extends ImageEvidence {
  constructor(private readonly parts: readonly ImageEvidence[]) {
    super();
  }

  public override get _unanswered(): boolean {
    return this.parts.some((part) => part._unanswered);
  }

  public override _pieces(context: EvidenceContext, attestors: readonly NormalAttestor[]): Evidence[] {
    return this.parts.flatMap((part) => part._pieces(context, attestors));
  }

  public override _describe(): string[] {
    return this.parts.flatMap((part) => part._describe());
  }
}

/**
 * Nothing: an image that nobody signed and nobody vouches for.
 *
 * @example
 *
 * expect(chart).toRefuse('ghcr.io/acme/payments/api:v1', 'NO_SIGNATURE', unsigned());
 */
export function unsigned(): ImageEvidence {
  return new AllEvidence([]);
}

class UnreadableEvidence extends ImageEvidence {
  public override _pieces({ digest }: EvidenceContext): Evidence[] {
    return [{ digest: textDigest(`unreadable beside ${digest}`), statement: { readable: false, code: 'MALFORMED', message: 'the bundle cannot be read' }, facts: {} }];
  }

  public override _describe(): string[] {
    return ['something that cannot be read'];
  }
}

/**
 * Something lies beside the image that cannot be read, such as a damaged bundle: it proves nothing.
 *
 * @example
 *
 * expect(chart).toRefuse('ghcr.io/acme/payments/api:v1', 'MALFORMED', unreadable());
 */
export function unreadable(): ImageEvidence {
  return new UnreadableEvidence();
}

class UnansweredEvidence extends ImageEvidence {
  public override get _unanswered(): boolean {
    return true;
  }

  public override _pieces(): Evidence[] {
    return [];
  }

  public override _describe(): string[] {
    return ['a registry that does not answer'];
  }
}

/**
 * The registry does not answer, so that nobody knows what lies beside the image. Nor does anybody know what a tag of it points to.
 *
 * @example
 *
 * const pinned = `ghcr.io/acme/payments/api@sha256:${'a1'.repeat(32)}`;
 * expect(chart).toRefuse(pinned, 'REGISTRY_UNAVAILABLE', unanswered());
 */
export function unanswered(): ImageEvidence {
  return new UnansweredEvidence();
}

/**
 * How an image was signed.
 *
 * @example
 *
 * signedBy(release, { annotations: { env: 'prod' } });
 */
export interface SigningOptions {
  /** What the signature is annotated with (`cosign sign -a name=value`). @default - nothing */
  readonly annotations?: { readonly [name: string]: string };
  /** `sha256:…` of the certificate that signed, for deny lists. @default - one that no list can name */
  readonly certificate?: string;
  /** `sha256:…` of the key in that certificate, for deny lists. @default - one that no list can name */
  readonly key?: string;
}

/**
 * An image that somebody signed: the very attestor that a policy names, or an identity that the test spells out (`githubWorkflow`, `email`, …).
 *
 * The signature is genuine, about this image, made a minute ago and listed in the log of the signer's Sigstore instance, without a timestamp by an
 * authority; in an instance that has no log, as GitHub's own, it is the other way round. There is no attestation beside it until one is said.
 *
 * Where an attestor leaves open who exactly signs, the signer is what a policy must not rely on: a self-hosted runner, started by hand. Spell the
 * identity out to say more.
 *
 * @example
 *
 * expect(chart).toAdmit('ghcr.io/acme/payments/api:v1', signedBy(githubWorkflow({
 *   repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
 * })).withProvenance());
 */
export function signedBy(signer: Signer, options: SigningOptions = {}): SignerEvidence {
  const { annotations, ...material } = options;
  const signature: Described = { words: 'a signature', statement: () => ({ readable: true, says: 'signature', predicateType: COSIGN_SIGN, predicate: {}, subjects: [], annotations: annotations ?? {} }) };
  return new SignerEvidence({ attestor: attestorOf(signer), ordinary: ordinaryWitnesses(signer), material, said: [signature] });
}

/**
 * Somebody's attestations without a signature: neither a provenance nor a bill of materials says "signed".
 *
 * @example
 *
 * expect(chart).toRefuse('ghcr.io/acme/payments/api:v1', 'NO_SIGNATURE', attestedBy(release).withProvenance());
 */
export function attestedBy(signer: Signer, options: Omit<SigningOptions, 'annotations'> = {}): SignerEvidence {
  return new SignerEvidence({ attestor: attestorOf(signer), ordinary: ordinaryWitnesses(signer), material: options, said: [] });
}

/** One statement of a signer. */
interface Described {
  readonly words: string;
  /** Without its subject. */
  readonly statement: (by: Attesting) => Statement;
}

interface SignerParts {
  readonly attestor: Attestor;
  readonly material: SigningMaterial;
  readonly said: readonly Described[];
  readonly ordinary: Witnesses;
  readonly witnesses?: Partial<Witnesses>;
  /** Milliseconds since the epoch. @default - a minute before it is judged */
  readonly time?: number;
  readonly another?: true;
  readonly name?: string;
}

/**
 * What one signer vouches for; each method gives evidence that says one thing more.
 *
 * @example
 *
 * const evidence: SignerEvidence = signedBy(release).withProvenance().withSbom(SbomFormat.SPDX_2_3);
 */
export class SignerEvidence extends ImageEvidence {
  /** @internal */
  constructor(private readonly parts: SignerParts) {
    super();
  }

  /**
   * A SLSA provenance; without content what GitHub's attest actions write in a run of the signer's workflow.
   *
   * For a signer that is no workflow of GitHub, say everything that a policy asks for: there is nothing that it could be taken from.
   */
  public withProvenance(content: ProvenanceContent = {}): SignerEvidence {
    return this.saying('a SLSA provenance', (by) => provenance(content, by));
  }

  /** A bill of materials in a format. */
  public withSbom(format: SbomFormat): SignerEvidence {
    return this.saying(`a bill of materials (${format})`, () => sbom(format));
  }

  /** The result of a vulnerability scan. */
  public withScan(content: ScanContent): SignerEvidence {
    const found = content.found.map(({ id, severity }) => `${id} ${severity}`).join(', ');
    return this.saying(`a scan that found ${found === '' ? 'nothing' : found}`, (by) => scan(content, by));
  }

  /** A verification summary. */
  public withVerificationSummary(content: SummaryContent): SignerEvidence {
    return this.saying(`a verification summary (${content.result})`, (by) => summary(content, by));
  }

  /** An attestation of any predicate type. */
  public withAttestation(predicateType: string, predicate: unknown): SignerEvidence {
    const content = sayable(predicate);
    return this.saying(`an attestation ${predicateType}`, () => ({ predicateType, predicate: content }));
  }

  /** What stands beside all that this signer signed. */
  public withWitnesses(witnesses: Partial<Witnesses>): SignerEvidence {
    return new SignerEvidence({ ...this.parts, witnesses: { ...this.parts.witnesses, ...witnesses } });
  }

  /** When all of it was signed: a date (`YYYY-MM-DD`, start of that day in UTC), an RFC 3339 date-time, or a Date. */
  public signedAt(instant: string | Date): SignerEvidence {
    return new SignerEvidence({ ...this.parts, time: typeof instant === 'string' ? parseInstant(instant) : instant.getTime() });
  }

  /** What all of it calls the image, for policies that want the repository named; without it, nothing. */
  public naming(repository: string): SignerEvidence {
    return new SignerEvidence({ ...this.parts, name: repository });
  }

  /** All of it is about another image, and was only put beside this one. */
  public aboutAnotherImage(): SignerEvidence {
    return new SignerEvidence({ ...this.parts, another: true });
  }

  /** @internal */
  public override _pieces({ digest, now }: EvidenceContext, attestors: readonly NormalAttestor[]): Evidence[] {
    const { attestor, material, said, another, name } = this.parts;
    const time = this.parts.time ?? now - 60_000;
    const described = { ...signerOf(attestor, time, material), time };
    const signature = { ...described, ...this.parts.ordinary, ...this.parts.witnesses };
    const facts = Object.fromEntries(attestors.map((each) => [anchorOf(each), factUnder(each, signature)]));
    const sha256 = (another === true ? textDigest(`another image than ${digest}`) : digest).replace(/^sha256:/, '');
    const subject = { ...(name === undefined ? {} : { name }), digest: { sha256 } };
    return said.map(({ statement }, index) => {
      const made: Statement = { ...statement(described), subjects: [subject] };
      return { digest: textDigest(canonicalJson([sayable(made), sayable(signature), index])), statement: made, facts };
    });
  }

  /** @internal */
  public override _describe(): string[] {
    const { attestor, said, another } = this.parts;
    return said.map(({ words }) => `${words}${another === true ? ' of another image' : ''} by ${nameOf(attestor)}`);
  }

  private saying(words: string, predicate: (by: Attesting) => Predicate): SignerEvidence {
    return new SignerEvidence({ ...this.parts, said: [...this.parts.said, { words, statement: (by) => ({ readable: true, says: 'attestation', subjects: [], ...predicate(by) }) }] });
  }
}

/** What the tools leave beside a signature: of an instance of your own no more than its trust root names. */
function ordinaryWitnesses({ _document: { trustRoot }, _trustRoot: root }: Signer): Witnesses {
  if (root?._file !== undefined) {
    const { tlogs, ctlogs, timestampAuthorities } = JSON.parse(root._file.json) as { readonly [list: string]: unknown };
    const log = isList(tlogs);
    return { log, timestamp: !log && isList(timestampAuthorities), sct: isList(ctlogs) };
  }
  return trustRoot === 'github' ? { log: false, timestamp: true, sct: false } : { log: true, timestamp: false, sct: true };
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function nameOf(attestor: Attestor): string {
  switch (attestor.type) {
    case 'keyless': return typeof attestor.subject === 'string' ? attestor.subject : `${attestor.subject.workflow} at ${attestor.subject.refs[0] ?? ''}`;
    case 'key': return 'a key';
    case 'certificate': return attestor.subject;
  }
}
