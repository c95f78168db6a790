import { ImageExemptionSpec } from '../../policy/document';
import { Capabilities, limited, refused, rendered, renderedBut } from './capability';

const sees = refused('an admission policy of the API server asks no registry, so that it sees neither signatures nor attestations');
const clock = refused('an admission policy of the API server has no clock, so that a window would never end');

/** ValidatingAdmissionPolicy: what can be said of an image by its name alone. */
export const native: Capabilities = {
  ImagePolicy: { apiVersion: rendered, kind: rendered, metadata: rendered, spec: rendered },
  ImageExemption: {
    apiVersion: rendered,
    kind: rendered,
    metadata: rendered,
    spec: limited('nothing but its digests runs where it holds, which without `namespaces` is every namespace but kube-system: say which, as NamespaceSelection.names(\'agents\')',
      (spec) => (spec as ImageExemptionSpec).namespaces !== undefined),
  },
  ImageDenyList: { apiVersion: rendered, kind: rendered, metadata: rendered, spec: rendered },
  Metadata: { name: rendered },
  ImagePolicySpec: {
    images: rendered,
    namespaces: rendered,
    action: rendered,
    tags: refused('nothing pins tags, so that each image has to be named by digest'),
    attestors: sees,
    requirements: sees,
    sameBuild: sees,
  },
  ImageExemptionSpec: {
    image: rendered,
    digests: renderedBut('a tag is refused in templates, too: nothing looks up what it points to'),
    namespaces: renderedBut('here an exemption closes its namespaces, to every tag and every other digest; the bundled verifier only opens what a policy closes'),
    reason: rendered,
    owner: rendered,
    until: renderedBut('compared when a Pod is created; a Pod that exists gets no exempted image that it did not have, and templates may name one after its end, from which no Pod is created any more'),
  },
  ImageDenyListSpec: { reason: rendered, owner: rendered, digests: rendered, signers: sees, certificates: sees, keys: sees, namespaces: renderedBut('every tag is refused in its namespaces, since nobody looks up what it points to') },
  NamespacesExcept: { except: rendered },
  NamespacesByName: { names: rendered },
  NamespacesByLabel: { labels: renderedBut('no guard keeps these labels: whoever may label a namespace takes it out of the policies, or into others') },
  DenyAction: { type: rendered },
  AuditAction: { type: clock, reason: clock, owner: clock, until: clock },
  KeylessAttestor: { type: sees, issuer: sees, subject: sees, certificate: sees, topLevel: sees, trustRoot: sees, transparency: sees },
  WorkflowSubject: { workflow: sees, refs: sees },
  CertificateClaims: {
    buildSignerUri: sees, buildSignerDigest: sees, runnerEnvironment: sees, sourceRepositoryUri: sees, sourceRepositoryDigest: sees, sourceRepositoryRef: sees,
    sourceRepositoryId: sees, sourceRepositoryOwnerUri: sees, sourceRepositoryOwnerId: sees, buildConfigUri: sees, buildConfigDigest: sees, buildTrigger: sees,
    sourceRepositoryVisibility: sees, workflowName: sees,
  },
  Transparency: { log: sees, timestamp: sees, sct: sees, reason: sees, untimed: sees },
  Acknowledgement: { reason: sees, owner: sees },
  KeyAttestor: { type: sees, publicKey: sees, trustRoot: sees, transparency: sees },
  RotatedKeyAttestor: { type: sees, keys: sees, trustRoot: sees, transparency: sees },
  RotatedKey: { publicKey: sees, validFor: sees },
  KeyPeriod: { from: sees, until: sees },
  CertificateAttestor: { type: sees, authority: sees, subject: sees, trustRoot: sees, transparency: sees },
  SignatureRequirement: { type: sees, name: sees, attestors: sees, threshold: sees, annotations: sees, multiPlatform: sees, repository: sees },
  AttestationRequirement: {
    type: sees, name: sees, attestors: sees, threshold: sees, predicateType: sees, checks: sees, conditions: sees, multiPlatform: sees, repository: sees,
  },
  SlsaProvenanceChecks: { type: sees, source: sees, sourceRefs: sees, builderIds: sees, buildTypes: sees, level: sees, externalParameters: sees },
  VerificationSummaryChecks: { type: sees, verifierId: sees, resourceUris: sees, levels: sees, policyDigest: sees, maxAge: sees },
  SbomChecks: { type: sees },
  VulnerabilityScanChecks: { type: sees, maxSeverity: sees, maxAge: sees, maxDatabaseAge: sees, ignored: sees },
  IgnoredVulnerability: { id: sees, reason: sees, owner: sees, until: sees },
  PredicateCondition: { expression: sees, message: sees },
  DeniedSigner: { subject: sees, issuer: sees, signed: sees },
};
