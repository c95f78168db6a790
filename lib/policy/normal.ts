import {
  Acknowledgement, Action, AllowedSeverity, BuildRule, CertificateClaims, Demand, IgnoredVulnerability, Json, MultiPlatform, NamespaceSelection, SlsaChecksType, SlsaLevel,
  Subject, TagRule,
} from './document';

/**
 * The normal form: what a document means with every default written out, names canonical, lists sorted where order says nothing.
 *
 * Two documents that mean the same have the same normal form and the same digest. Everything past parsing works on this.
 */
export type NormalDocument = NormalPolicy | NormalExemption | NormalDenyList;

export interface NormalPolicy {
  readonly kind: 'ImagePolicy';
  readonly name: string;
  /** Canonical patterns: lower-case host, Docker Hub as `docker.io/library/…`. */
  readonly images: readonly string[];
  readonly namespaces: NamespaceSelection;
  readonly action: Action;
  readonly tags: TagRule;
  /** Absent: what is required may come from different builds. */
  readonly sameBuild?: BuildRule;
  readonly attestors: { readonly [name: string]: NormalAttestor };
  readonly requirements: readonly NormalRequirement[];
}

export interface NormalExemption {
  readonly kind: 'ImageExemption';
  readonly name: string;
  /** Canonical repository name. */
  readonly image: string;
  readonly digests: readonly string[];
  readonly namespaces: NamespaceSelection;
  readonly reason: string;
  readonly owner: string;
  readonly until: string;
}

export interface NormalDenyList {
  readonly kind: 'ImageDenyList';
  readonly name: string;
  readonly reason: string;
  readonly owner: string;
  readonly digests: readonly string[];
  readonly signers: readonly NormalDeniedSigner[];
  readonly certificates: readonly string[];
  readonly keys: readonly string[];
  readonly namespaces: NamespaceSelection;
}

export interface NormalDeniedSigner {
  readonly subject: string;
  /** Absent: whoever issued it. */
  readonly issuer?: string;
  /** Signatures with a trusted time from here on, and before the end, are denied, and those without any. */
  readonly from?: string;
  readonly until?: string;
}

export type NormalAttestor = NormalKeylessAttestor | NormalKeyAttestor | NormalCertificateAttestor;

export interface NormalKeylessAttestor {
  readonly type: 'keyless';
  readonly issuer: string;
  readonly subject: Subject;
  readonly certificate: CertificateClaims;
  /** There only where it is required. */
  readonly topLevel?: 'required';
  readonly trustRoot: string;
  readonly transparency: NormalTransparency;
}

export interface NormalKeyAttestor {
  readonly type: 'key';
  /** Of one party; sorted by key, each once. */
  readonly keys: readonly NormalKey[];
  readonly trustRoot: string;
  readonly transparency: NormalTransparency;
}

export interface NormalKey {
  /** PEM with one newline after each line and none beside. */
  readonly publicKey: string;
  /** A signature counts only when every trusted time of it lies from here on. */
  readonly from?: string;
  /** And before this. */
  readonly until?: string;
}

export interface NormalCertificateAttestor {
  readonly type: 'certificate';
  /** PEM blocks, each certificate once, in one order and one spelling. */
  readonly authority: string;
  readonly subject: string;
  readonly trustRoot: string;
  readonly transparency: NormalTransparency;
}

export interface NormalTransparency {
  readonly log: Demand;
  readonly timestamp: Demand;
  /** Always `notRequired` for a key and for an authority of one's own. */
  readonly sct: Demand;
  /** Empty when everything is required, and where `untimed` says it. */
  readonly reason: string;
  /** There where neither log nor timestamp is required. */
  readonly untimed?: Acknowledgement;
}

export type NormalRequirement = NormalSignatureRequirement | NormalAttestationRequirement;

interface NormalRequirementBase {
  readonly name: string;
  readonly attestors: readonly string[];
  readonly threshold: number;
  /** Absent: the digest that is named. */
  readonly multiPlatform?: Exclude<MultiPlatform, 'index'>;
  /** Absent: any. */
  readonly repository?: 'required';
}

export interface NormalSignatureRequirement extends NormalRequirementBase {
  readonly type: 'signature';
  /** At least one. */
  readonly annotations?: { readonly [name: string]: string };
}

export interface NormalAttestationRequirement extends NormalRequirementBase {
  readonly type: 'attestation';
  readonly predicateType: string;
  readonly checks?: NormalPredicateChecks;
  /** By expression. */
  readonly conditions?: readonly NormalPredicateCondition[];
}

export interface NormalPredicateCondition {
  readonly expression: string;
  /** Empty: the expression itself. */
  readonly message: string;
}

export type NormalPredicateChecks = NormalSlsaProvenanceChecks | NormalVerificationSummaryChecks | NormalSbomChecks | NormalVulnerabilityScanChecks;

export interface NormalSlsaProvenanceChecks {
  readonly type: SlsaChecksType;
  readonly source: string;
  /** Empty: whatever the certificate vouches for. */
  readonly sourceRefs: readonly string[];
  /** Empty: the signer's own identity. */
  readonly builderIds: readonly string[];
  readonly buildTypes: readonly string[];
  readonly level: SlsaLevel;
  readonly externalParameters: { readonly [name: string]: Json };
}

export interface NormalVerificationSummaryChecks {
  readonly type: 'verification-summary';
  readonly verifierId: string;
  readonly resourceUris: readonly string[];
  readonly levels: readonly string[];
  /** Empty: whichever the verifier applied. */
  readonly policyDigest: string;
  /** As `formatAge` writes it. */
  readonly maxAge: string;
}

export interface NormalSbomChecks {
  readonly type: 'sbom';
}

export interface NormalVulnerabilityScanChecks {
  readonly type: 'vulnerability-scan';
  readonly maxSeverity: AllowedSeverity;
  /** As `formatAge` writes it. */
  readonly maxAge: string;
  /** Empty: not looked at. */
  readonly maxDatabaseAge: string;
  /** By id. */
  readonly ignored: readonly IgnoredVulnerability[];
}

/** Every document that one verifier enforces. */
export interface PolicySet {
  readonly policies: readonly NormalPolicy[];
  readonly exemptions: readonly NormalExemption[];
  readonly denyLists: readonly NormalDenyList[];
  /** `sha256:…` over the normal form of all documents, independent of their order. */
  readonly digest: string;
}

/** The namespace a request is about; labels are those of the API server, absent when they are not known. */
export interface NamespaceContext {
  readonly name: string;
  readonly labels?: { readonly [key: string]: string };
}
