import { Capabilities, rendered } from './capability';

/** The bundled verifier reads the documents themselves: what they say is what it holds. */
export const webhook: Capabilities = {
  ImagePolicy: { apiVersion: rendered, kind: rendered, metadata: rendered, spec: rendered },
  ImageExemption: { apiVersion: rendered, kind: rendered, metadata: rendered, spec: rendered },
  ImageDenyList: { apiVersion: rendered, kind: rendered, metadata: rendered, spec: rendered },
  Metadata: { name: rendered },
  ImagePolicySpec: { images: rendered, namespaces: rendered, action: rendered, tags: rendered, attestors: rendered, requirements: rendered, sameBuild: rendered },
  ImageExemptionSpec: { image: rendered, digests: rendered, namespaces: rendered, reason: rendered, owner: rendered, until: rendered },
  ImageDenyListSpec: {
    reason: rendered, owner: rendered, digests: rendered, signers: rendered, certificates: rendered, keys: rendered, namespaces: rendered,
  },
  NamespacesExcept: { except: rendered },
  NamespacesByName: { names: rendered },
  NamespacesByLabel: { labels: rendered },
  DenyAction: { type: rendered },
  AuditAction: { type: rendered, reason: rendered, owner: rendered, until: rendered },
  KeylessAttestor: { type: rendered, issuer: rendered, subject: rendered, certificate: rendered, topLevel: rendered, trustRoot: rendered, transparency: rendered },
  WorkflowSubject: { workflow: rendered, refs: rendered },
  CertificateClaims: {
    buildSignerUri: rendered, buildSignerDigest: rendered, runnerEnvironment: rendered, sourceRepositoryUri: rendered, sourceRepositoryDigest: rendered,
    sourceRepositoryRef: rendered, sourceRepositoryId: rendered, sourceRepositoryOwnerUri: rendered, sourceRepositoryOwnerId: rendered,
    buildConfigUri: rendered, buildConfigDigest: rendered, buildTrigger: rendered, sourceRepositoryVisibility: rendered, workflowName: rendered,
  },
  Transparency: { log: rendered, timestamp: rendered, sct: rendered, reason: rendered, untimed: rendered },
  Acknowledgement: { reason: rendered, owner: rendered },
  KeyAttestor: { type: rendered, publicKey: rendered, trustRoot: rendered, transparency: rendered },
  RotatedKeyAttestor: { type: rendered, keys: rendered, trustRoot: rendered, transparency: rendered },
  RotatedKey: { publicKey: rendered, validFor: rendered },
  KeyPeriod: { from: rendered, until: rendered },
  CertificateAttestor: { type: rendered, authority: rendered, subject: rendered, trustRoot: rendered, transparency: rendered },
  SignatureRequirement: { type: rendered, name: rendered, attestors: rendered, threshold: rendered, annotations: rendered, multiPlatform: rendered, repository: rendered },
  AttestationRequirement: {
    type: rendered, name: rendered, attestors: rendered, threshold: rendered, predicateType: rendered, checks: rendered, conditions: rendered,
    multiPlatform: rendered, repository: rendered,
  },
  SlsaProvenanceChecks: {
    type: rendered, source: rendered, sourceRefs: rendered, builderIds: rendered, buildTypes: rendered, level: rendered, externalParameters: rendered,
  },
  VerificationSummaryChecks: { type: rendered, verifierId: rendered, resourceUris: rendered, levels: rendered, policyDigest: rendered, maxAge: rendered },
  SbomChecks: { type: rendered },
  VulnerabilityScanChecks: { type: rendered, maxSeverity: rendered, maxAge: rendered, maxDatabaseAge: rendered, ignored: rendered },
  IgnoredVulnerability: { id: rendered, reason: rendered, owner: rendered, until: rendered },
  PredicateCondition: { expression: rendered, message: rendered },
  DeniedSigner: { subject: rendered, issuer: rendered, signed: rendered },
};
