import * as document from '../../policy/document';

/** The types of which documents consist, each under its name in the schema. */
export interface Definitions {
  readonly ImagePolicy: document.ImagePolicy;
  readonly ImageExemption: document.ImageExemption;
  readonly ImageDenyList: document.ImageDenyList;
  readonly Metadata: document.Metadata;
  readonly ImagePolicySpec: document.ImagePolicySpec;
  readonly ImageExemptionSpec: document.ImageExemptionSpec;
  readonly ImageDenyListSpec: document.ImageDenyListSpec;
  readonly NamespacesExcept: document.NamespacesExcept;
  readonly NamespacesByName: document.NamespacesByName;
  readonly NamespacesByLabel: document.NamespacesByLabel;
  readonly DenyAction: document.DenyAction;
  readonly AuditAction: document.AuditAction;
  readonly KeylessAttestor: document.KeylessAttestor;
  readonly WorkflowSubject: document.WorkflowSubject;
  readonly CertificateClaims: document.CertificateClaims;
  readonly Transparency: document.Transparency;
  readonly Acknowledgement: document.Acknowledgement;
  readonly KeyAttestor: document.KeyAttestor;
  readonly RotatedKeyAttestor: document.RotatedKeyAttestor;
  readonly RotatedKey: document.RotatedKey;
  readonly KeyPeriod: document.KeyPeriod;
  readonly CertificateAttestor: document.CertificateAttestor;
  readonly SignatureRequirement: document.SignatureRequirement;
  readonly AttestationRequirement: document.AttestationRequirement;
  readonly SlsaProvenanceChecks: document.SlsaProvenanceChecks;
  readonly VerificationSummaryChecks: document.VerificationSummaryChecks;
  readonly SbomChecks: document.SbomChecks;
  readonly VulnerabilityScanChecks: document.VulnerabilityScanChecks;
  readonly IgnoredVulnerability: document.IgnoredVulnerability;
  readonly PredicateCondition: document.PredicateCondition;
  readonly DeniedSigner: document.DeniedSigner;
}

export type DefinitionName = keyof Definitions;

export type FieldName<D extends DefinitionName> = keyof Definitions[D] & string;
