/**
 * The policy document: plain data that every front end writes and every engine and the verifier read.
 *
 * These types are the source of the JSON schema. No functions, no regular expressions, no secrets.
 */

/** API version of every document. */
export type ApiVersion = 'proofgate.dev/v1';

/** A document: a rule about images, a dated exemption from all rules, or what is denied whatever they say. */
export type PolicyDocument = ImagePolicy | ImageExemption | ImageDenyList;

/** "Images that match run only with this proof." All policies that match an image must hold. */
export interface ImagePolicy {
  readonly apiVersion: ApiVersion;
  readonly kind: 'ImagePolicy';
  readonly metadata: Metadata;
  readonly spec: ImagePolicySpec;
}

/**
 * "Exactly these digests may run without proof until a date."
 *
 * An exempted digest needs no other policy; after `until` the document has no effect and what is left decides.
 */
export interface ImageExemption {
  readonly apiVersion: ApiVersion;
  readonly kind: 'ImageExemption';
  readonly metadata: Metadata;
  readonly spec: ImageExemptionSpec;
}

/**
 * "These images, and what these signers vouch for, run nowhere." It wins over every policy, exemption and audit window.
 *
 * It acts when an image is asked for anew: what runs already is not stopped.
 */
export interface ImageDenyList {
  readonly apiVersion: ApiVersion;
  readonly kind: 'ImageDenyList';
  readonly metadata: Metadata;
  readonly spec: ImageDenyListSpec;
}

/** What identifies a document within its policy set. */
export interface Metadata {
  /** DNS-1123 label; unique per kind within a policy set. */
  readonly name: string;
}

export interface ImagePolicySpec {
  /**
   * Patterns over the fully qualified repository, for example `ghcr.io/acme/payments/**`.
   *
   * `**` stands for one or more whole path segments, `*` for any characters within one segment; the host is written out,
   * without wildcards.
   *
   * @minItems 1
   */
  readonly images: string[];

  /**
   * Where the policy holds.
   *
   * @default - every namespace except `kube-system`
   */
  readonly namespaces?: NamespaceSelection;

  /**
   * What a violation does.
   *
   * @default - Deny
   */
  readonly action?: Action;

  /**
   * What a tag in place of a digest means: `pin` pins Pods to the digest that was verified and verifies what a
   * workload template's tag points to now; `deny` refuses tags everywhere.
   *
   * @default pin
   */
  readonly tags?: TagRule;

  /**
   * Everything that counts was signed by one and the same build: of one `commit` of one repository, or by one `run` of one workflow, as the
   * certificates say. Needs keyless attestors, and more than one signer or requirement.
   *
   * @default - what is required may come from different builds
   */
  readonly sameBuild?: BuildRule;

  /** Who can vouch, by name. Every attestor must be used by a requirement. */
  readonly attestors: { readonly [name: string]: Attestor };

  /**
   * What must be proven; all of them must hold.
   *
   * @minItems 1
   */
  readonly requirements: Requirement[];
}

export type TagRule = 'pin' | 'deny';

/** What makes evidence that of one build: Fulcio's extensions .12 and .13 (repository and commit), or .21 (run invocation). */
export type BuildRule = 'commit' | 'run';

/** Exactly one way of selecting namespaces. */
export type NamespaceSelection = NamespacesExcept | NamespacesByName | NamespacesByLabel;

/** Every namespace but these. */
export interface NamespacesExcept {
  /** Names, each a DNS-1123 label; may be empty. */
  readonly except: string[];
}

/** Only these namespaces. */
export interface NamespacesByName {
  /** @minItems 1 */
  readonly names: string[];
}

/** Namespaces that carry all of these labels; the verifier reads the labels from the API server, never from the request. */
export interface NamespacesByLabel {
  /** @minProperties 1 */
  readonly labels: { readonly [key: string]: string };
}

/** What happens to a violation. */
export type Action = DenyAction | AuditAction;

/** A violation is refused. */
export interface DenyAction {
  readonly type: 'Deny';
}

/** A violation is admitted with a warning until a date, and refused from then on. */
export interface AuditAction extends Accountability {
  readonly type: 'Audit';
}

/** Who accepts that something is weaker than it could be, and why. */
export interface Acknowledgement {
  /** Why. @minLength 1 */
  readonly reason: string;
  /** Who answers for it: a person, a team or an address. @minLength 1 */
  readonly owner: string;
}

/** Who relaxed a rule, why, and until when. */
export interface Accountability extends Acknowledgement {
  /** From this instant on it has no effect. `YYYY-MM-DD` (start of that day in UTC) or an RFC 3339 date-time with offset. */
  readonly until: string;
}

/** One party that can vouch for an image. */
export type Attestor = KeylessAttestor | KeyAttestor | RotatedKeyAttestor | CertificateAttestor;

/** A short-lived certificate of a Fulcio instance for one exact identity. */
export interface KeylessAttestor {
  readonly type: 'keyless';
  /** The OIDC issuer, compared byte for byte with the certificate. */
  readonly issuer: string;
  /** The subject alternative name. */
  readonly subject: Subject;
  /** Further claims of the certificate that must be exactly these. */
  readonly certificate?: CertificateClaims;
  /**
   * Whether the subject must be the top-level workflow of its run, which no other workflow called: `buildSignerUri` and `buildConfigUri` of the certificate
   * are then its subject, and `sourceRepositoryRef` is the subject's ref.
   *
   * @default notRequired
   */
  readonly topLevel?: Demand;
  /** Name of the trust root: `sigstore` (public good), `github`, or one that the verifier was given. */
  readonly trustRoot: string;
  /** @default - log and SCT required */
  readonly transparency?: Transparency;
}

/** The certificate's subject alternative name: exactly this string, or a workflow at one of several refs. */
export type Subject = string | WorkflowSubject;

/**
 * `<workflow>@<ref>`, where the workflow is exact and the ref matches one of the patterns.
 *
 * The form of the identity that GitHub and GitLab put into certificates.
 */
export interface WorkflowSubject {
  /** Exact, for example `https://github.com/acme/app/.github/workflows/release.yml`. */
  readonly workflow: string;
  /**
   * Full refs such as `refs/heads/main` or `refs/tags/v*`; `*` stands for any characters but `/`, after `refs/heads/` or `refs/tags/`.
   *
   * @minItems 1
   */
  readonly refs: string[];
}

/**
 * Exact values of Fulcio's certificate extensions (1.3.6.1.4.1.57264.1.x); a claim that is named must be there and equal.
 */
export interface CertificateClaims {
  /** .9 */
  readonly buildSignerUri?: string;
  /** .10 */
  readonly buildSignerDigest?: string;
  /** .11, for example `github-hosted` */
  readonly runnerEnvironment?: string;
  /** .12, for example `https://github.com/acme/app` */
  readonly sourceRepositoryUri?: string;
  /** .13, the commit */
  readonly sourceRepositoryDigest?: string;
  /** .14; a pattern as in `WorkflowSubject.refs` */
  readonly sourceRepositoryRef?: string;
  /** .15, numeric id as a string */
  readonly sourceRepositoryId?: string;
  /** .16 */
  readonly sourceRepositoryOwnerUri?: string;
  /** .17, numeric id as a string */
  readonly sourceRepositoryOwnerId?: string;
  /** .18, the calling workflow `repo/path@ref` */
  readonly buildConfigUri?: string;
  /** .19 */
  readonly buildConfigDigest?: string;
  /** .20, for example `push` */
  readonly buildTrigger?: string;
  /** .22 */
  readonly sourceRepositoryVisibility?: string;
  /** .4, the workflow's display name */
  readonly workflowName?: string;
}

/** A public key. */
export interface KeyAttestor {
  readonly type: 'key';
  /** PEM, SubjectPublicKeyInfo: P-256, P-384, P-521, RSA of at least 2048 bits, or Ed25519. */
  readonly publicKey: string;
  /** Trust root of the log and timestamp authority. @default sigstore */
  readonly trustRoot?: string;
  /** @default - log required */
  readonly transparency?: Transparency;
}

/** Several keys of one party, of which each may sign for a time of its own; however many sign, they are one attestor. */
export interface RotatedKeyAttestor {
  readonly type: 'key';
  /**
   * In any order; each key once.
   *
   * @minItems 1
   */
  readonly keys: RotatedKey[];
  /** Trust root of the log and timestamp authority. @default sigstore */
  readonly trustRoot?: string;
  /** @default - log required */
  readonly transparency?: Transparency;
}

/** One of a party's keys. */
export interface RotatedKey {
  /** PEM, as in `KeyAttestor.publicKey`. */
  readonly publicKey: string;
  /** Compared with every trusted time of signing; a signature without one does not count. @default - always */
  readonly validFor?: KeyPeriod;
}

/** A period with at least one of its ends. Both are written as `Accountability.until`. */
export interface KeyPeriod {
  /** From this instant on. @default - since ever */
  readonly from?: string;
  /** Until, and not including, this instant. @default - for ever */
  readonly until?: string;
}

/** A certificate for signing code that an authority of one's own issued to one exact subject. */
export interface CertificateAttestor {
  readonly type: 'certificate';
  /** PEM, one or more `CERTIFICATE` blocks in any order: the authority's root, and its intermediates as far as bundles do not bring them. */
  readonly authority: string;
  /** The certificate's first subject alternative name, compared byte for byte: a URI, an e-mail address or a DNS name. */
  readonly subject: string;
  /** Trust root of the log and timestamp authority; its certificate authorities do not count. @default sigstore */
  readonly trustRoot?: string;
  /** @default - log required */
  readonly transparency?: Transparency;
}

/**
 * What ties a signature to public view and to a moment.
 *
 * Everything is required unless it is named here; whatever is not required needs a reason.
 */
export interface Transparency {
  /** An entry in a transparency log of the trust root. @default required */
  readonly log?: Demand;
  /** A timestamp by an authority of the trust root; a keyless attestor without log always needs it, another one that or `untimed`. @default notRequired */
  readonly timestamp?: Demand;
  /** The certificate's proof of its own logging (keyless only). @default required */
  readonly sct?: Demand;
  /** Why log or SCT are not required; of `untimed`, that says it. */
  readonly reason?: string;
  /**
   * Accepts that nothing trusted says when a signature was made: of a key, or a certificate of one's own authority, of which neither log nor timestamp is
   * required. Whoever gets hold of the key can then sign as if it had been long ago. There and only there it must be written.
   */
  readonly untimed?: Acknowledgement;
}

export type Demand = 'required' | 'notRequired';

/** One thing that must be proven about an image. */
export type Requirement = SignatureRequirement | AttestationRequirement;

interface RequirementBase {
  /** DNS-1123 label, unique within the policy. */
  readonly name: string;
  /**
   * Names of attestors of this policy whose word counts.
   *
   * @minItems 1
   */
  readonly attestors: string[];
  /**
   * How many *different* attestors must vouch for the image's digest.
   *
   * @default 1
   * @minimum 1
   * @asType integer
   */
  readonly threshold?: number;
  /** What must be vouched for where the image that is named is an index of images for several platforms. @default index */
  readonly multiPlatform?: MultiPlatform;
  /**
   * Whether what is signed must name the repository that the image is asked for from, so that what was signed for another one does not count.
   *
   * @default notRequired
   */
  readonly repository?: Demand;
}

/**
 * Of an index of images for several platforms: `index`, the digest that is named; `child`, every image in it that a node could run, each by
 * itself; `either`, the one or the other.
 *
 * Where one image is named, it is always that image: nothing leads from it to an index.
 */
export type MultiPlatform = 'index' | 'child' | 'either';

/** A statement that says "signed"; an SBOM or a provenance by the same signer is not one. */
export interface SignatureRequirement extends RequirementBase {
  readonly type: 'signature';
  /**
   * What one and the same signature must be annotated with (`cosign sign -a name=value`), each exactly equal; further annotations do not matter.
   *
   * @default - annotations do not matter
   * @minProperties 1
   */
  readonly annotations?: { readonly [name: string]: string };
}

/** A statement of one predicate type whose checks all hold on one and the same attestation. */
export interface AttestationRequirement extends RequirementBase {
  readonly type: 'attestation';
  /** Compared byte for byte. */
  readonly predicateType: string;
  /** What the predicate must say. @default - its presence is enough */
  readonly checks?: PredicateChecks;
  /**
   * What must moreover be true of the predicate, on the same attestation as `checks`; all of them.
   *
   * @default - nothing
   * @minItems 1
   */
  readonly conditions?: PredicateCondition[];
}

/** A condition in CEL over `predicate`; an error, and anything but true, is a refusal. */
export interface PredicateCondition {
  /** For example `predicate.reviewers.exists(r, r.team == "security")`; which part of CEL there is, is in docs/requirements.md. */
  readonly expression: string;
  /** What to say when it does not hold. @default - the expression itself */
  readonly message?: string;
}

/** What a predicate must say; which of them goes with which predicate type is in `predicate-types.ts`. */
export type PredicateChecks = SlsaProvenanceChecks | VerificationSummaryChecks | SbomChecks | VulnerabilityScanChecks;

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** SLSA provenance: what was built, from where, by whom; certificate and predicate must agree. */
export interface SlsaProvenanceChecks {
  /** `slsa-provenance` reads predicates of v1, `slsa-provenance-v0.2` those of v0.2; neither reads the other. */
  readonly type: SlsaChecksType;
  /** Repository the source came from, exact, for example `https://github.com/acme/app`. */
  readonly source: string;
  /**
   * Refs the source may come from, as patterns like `WorkflowSubject.refs`.
   *
   * @default - whatever the attestor's certificate vouches for
   * @minItems 1
   */
  readonly sourceRefs?: string[];
  /**
   * Exact builder ids; required beside a key and a certificate of one's own authority. @default - the signer's own identity (certificate's build signer, else subject)
   * @minItems 1
   */
  readonly builderIds?: string[];
  /**
   * Exact build types; required beside an attestor that is no workflow of GitHub.
   *
   * @default - `https://actions.github.io/buildtypes/workflow/v1`; for v0.2 the two of slsa-github-generator, `container@v1` and `generic@v1`
   * @minItems 1
   */
  readonly buildTypes?: string[];
  /** SLSA build level that signer and builder must reach. @default 2 */
  readonly level?: SlsaLevel;
  /**
   * External parameters (v0.2: `invocation.parameters`) beyond the build type's own, by key, each exactly equal; one that is not named here is
   * refused.
   */
  readonly externalParameters?: { readonly [name: string]: Json };
}

export type SlsaChecksType = 'slsa-provenance' | 'slsa-provenance-v0.2';

export type SlsaLevel = 1 | 2 | 3;

/** A SLSA verification summary (VSA v1): a verifier judged the image under a policy of its own, and it passed. The newest one decides. */
export interface VerificationSummaryChecks {
  readonly type: 'verification-summary';
  /** `verifier.id`, exact: together with the attestor it says whose judgement counts. */
  readonly verifierId: string;
  /**
   * Exact values that `resourceUri` may have: what the verifier says it judged.
   *
   * @minItems 1
   */
  readonly resourceUris: string[];
  /**
   * Levels that `verifiedLevels` must reach; `SLSA_BUILD_LEVEL_3` stands for 2 and 1 as well, every other text for itself.
   *
   * @minItems 1
   */
  readonly levels: string[];
  /** `sha256:…` of the policy that the verifier applied. @default - whichever it applied */
  readonly policyDigest?: string;
  /** How long ago it may have been made, such as `12h` or `30d`, by trusted time and by its own `timeVerified`. */
  readonly maxAge: string;
}

/** A bill of materials in the format that the predicate type promises; what it lists is not looked at. */
export interface SbomChecks {
  readonly type: 'sbom';
}

/** The result of a vulnerability scan; the newest one decides. A severity that is not known counts as the worst. */
export interface VulnerabilityScanChecks {
  readonly type: 'vulnerability-scan';
  /** The worst severity that the image may have. */
  readonly maxSeverity: AllowedSeverity;
  /** How long ago the scan may have been made, such as `24h` or `7d`, by trusted time and by its own. */
  readonly maxAge: string;
  /** How long ago the scanner's database may have been updated; a scan that does not say so is refused. @default - not looked at */
  readonly maxDatabaseAge?: string;
  /**
   * Vulnerabilities that do not count, each until a date.
   *
   * @default - all count
   * @minItems 1
   */
  readonly ignored?: IgnoredVulnerability[];
}

export type AllowedSeverity = 'none' | 'low' | 'medium' | 'high';

/** A vulnerability that does not count until a date. */
export interface IgnoredVulnerability extends Accountability {
  /** Exactly as the scanner writes it, for example `CVE-2026-12345`. */
  readonly id: string;
}

export interface ImageExemptionSpec extends Accountability {
  /** One fully qualified repository, no wildcard. */
  readonly image: string;
  /**
   * `sha256:…`, exact.
   *
   * @minItems 1
   */
  readonly digests: string[];
  /** @default - every namespace except `kube-system` */
  readonly namespaces?: NamespaceSelection;
}

/** At least one of the four lists. */
export interface ImageDenyListSpec {
  /** Why. @minLength 1 */
  readonly reason: string;
  /** Who answers for it: a person, a team or an address. @minLength 1 */
  readonly owner: string;
  /**
   * Images, `sha256:…`, in whatever repository. Of an image for several platforms, the index and its children are images of their own.
   *
   * @minItems 1
   */
  readonly digests?: string[];
  /**
   * Whose word counts no more.
   *
   * @minItems 1
   */
  readonly signers?: DeniedSigner[];
  /**
   * Certificates that sign, each by the SHA-256 of its DER, `sha256:…`.
   *
   * @minItems 1
   */
  readonly certificates?: string[];
  /**
   * Keys, also those in certificates, each by the SHA-256 of its DER SubjectPublicKeyInfo, `sha256:…`.
   *
   * @minItems 1
   */
  readonly keys?: string[];
  /** @default - every namespace except `kube-system` */
  readonly namespaces?: NamespaceSelection;
}

/** An identity whose signatures count no more. */
export interface DeniedSigner {
  /** The subject alternative name, exactly. */
  readonly subject: string;
  /** @default - whoever issued it, an authority of one's own included */
  readonly issuer?: string;
  /**
   * Signatures with a trusted time in this period, and those without any.
   *
   * @default - all of them
   */
  readonly signed?: KeyPeriod;
}
