import { Requirement } from '../../policy/document';
import { areDistinct, attestorsOf } from './attestors';
import { Capabilities, Limited, limited, refused, rendered, renderedBut } from './capability';

const exempts = refused('every policy that names an image has to hold there, and none can be left out for a digest');
const denyLists = refused('it compares no signer with those whose word counts no more, so that nothing can be revoked');
const claims = refused('of the certificate of a bundle it compares issuer and subject alone');
const keys = refused('of bundles it verifies those of identities alone');
const windows = refused('its mode "warn" has no date from which on it refuses');
const newest = refused('it does not know which of several statements is the newest, so that an old one would count');
const conditions = refused('its modules are Rego and CUE, so that a condition in CEL could mean something else');
const provenance = refused('with a certificate every part of a provenance takes the certificate\'s word, of which it sees issuer and subject alone');

/** ClusterImagePolicy of the Sigstore policy-controller. */
export const policyController: Capabilities = {
  ImagePolicy: { apiVersion: rendered, kind: rendered, metadata: rendered, spec: rendered },
  ImageExemption: { apiVersion: exempts, kind: exempts, metadata: exempts, spec: exempts },
  ImageDenyList: { apiVersion: denyLists, kind: denyLists, metadata: denyLists, spec: denyLists },
  Metadata: { name: rendered },
  ImagePolicySpec: {
    images: limited('its patterns have no letter for a literal IPv6 address as the host', (value) => Array.isArray(value) && value.every((pattern) => typeof pattern === 'string' && !pattern.includes('[')),
      'a reference that is not written as its pattern is (host in lower case, no port that goes without saying) is refused; images of volumes are refused, since it does not look at them'),
    namespaces: renderedBut('a namespace without the label policy.sigstore.dev/include admits no image; where a policy names an image it has to hold in every namespace with the label, also in one that it does not cover'),
    action: renderedBut('every update is verified again, whether it brings an image or not; what is being deleted gets no image; of ReplicationControllers and PodTemplates only the Pods are verified'),
    tags: limited('it pins tags wherever it can, so that none is refused', (value) => value !== 'deny', 'tags of workload templates are pinned, too'),
    attestors: rendered,
    requirements: requirements(),
    sameBuild: claims,
  },
  ImageExemptionSpec: { image: exempts, digests: exempts, namespaces: exempts, reason: exempts, owner: exempts, until: exempts },
  ImageDenyListSpec: {
    reason: denyLists, owner: denyLists, digests: denyLists, signers: denyLists, certificates: denyLists, keys: denyLists, namespaces: denyLists,
  },
  NamespacesExcept: { except: rendered },
  NamespacesByName: { names: rendered },
  NamespacesByLabel: { labels: rendered },
  DenyAction: { type: rendered },
  AuditAction: { type: windows, reason: windows, owner: windows, until: windows },
  KeylessAttestor: {
    type: rendered, issuer: rendered, subject: rendered, certificate: claims,
    topLevel: limited('of the certificate of a bundle it compares issuer and subject alone', (value) => value !== 'required'),
    trustRoot: renderedBut('the one that it was started with; any other is refused'),
    transparency: rendered,
  },
  WorkflowSubject: { workflow: rendered, refs: renderedBut('written as a regular expression that is anchored and escaped') },
  CertificateClaims: {
    buildSignerUri: claims, buildSignerDigest: claims, runnerEnvironment: claims, sourceRepositoryUri: claims, sourceRepositoryDigest: claims,
    sourceRepositoryRef: claims, sourceRepositoryId: claims, sourceRepositoryOwnerUri: claims, sourceRepositoryOwnerId: claims,
    buildConfigUri: claims, buildConfigDigest: claims, buildTrigger: claims, sourceRepositoryVisibility: claims, workflowName: claims,
  },
  Transparency: {
    log: rendered,
    timestamp: limited('a timestamp takes the place of the log there, and both cannot be asked for', (value, document) => value !== 'required' || document.kind !== 'ImagePolicy'
      || Object.values(document.spec.attestors).every(({ transparency }) => transparency?.timestamp !== 'required' || transparency.log === 'notRequired')),
    sct: rendered,
    reason: rendered,
    untimed: refused('without a log it wants a timestamp'),
  },
  Acknowledgement: { reason: rendered, owner: rendered },
  KeyAttestor: { type: keys, publicKey: keys, trustRoot: keys, transparency: keys },
  RotatedKeyAttestor: { type: keys, keys, trustRoot: keys, transparency: keys },
  RotatedKey: { publicKey: keys, validFor: keys },
  KeyPeriod: { from: keys, until: keys },
  CertificateAttestor: { type: keys, authority: keys, subject: keys, trustRoot: keys, transparency: keys },
  SignatureRequirement: {
    type: renderedBut('only signatures in bundles (cosign 3) count'),
    name: rendered,
    attestors: rendered,
    threshold: rendered,
    annotations: refused('it does not see annotations of signatures in bundles'),
    multiPlatform: ofIndexAlone(),
    repository: anyRepository(),
  },
  AttestationRequirement: {
    type: renderedBut('only attestations in bundles (cosign 3) count; each of several subjects has to be named by its sha256 alone'),
    name: rendered,
    attestors: rendered,
    threshold: rendered,
    predicateType: rendered,
    checks: rendered,
    conditions,
    multiPlatform: ofIndexAlone(),
    repository: anyRepository(),
  },
  SlsaProvenanceChecks: {
    type: provenance, source: provenance, sourceRefs: provenance, builderIds: provenance, buildTypes: provenance, level: provenance, externalParameters: provenance,
  },
  VerificationSummaryChecks: { type: newest, verifierId: newest, resourceUris: newest, levels: newest, policyDigest: newest, maxAge: newest },
  SbomChecks: { type: renderedBut('an SPDX document that cosign attached as text is refused') },
  VulnerabilityScanChecks: { type: newest, maxSeverity: newest, maxAge: newest, maxDatabaseAge: newest, ignored: newest },
  IgnoredVulnerability: { id: newest, reason: newest, owner: newest, until: newest },
  PredicateCondition: { expression: conditions, message: conditions },
  DeniedSigner: { subject: denyLists, issuer: denyLists, signed: denyLists },
};

/** Beside what the fields of a requirement say of themselves. */
function requirements(): Limited {
  return limited('several attestors that one signer could meet would count it several times', (value, document) => {
    const requirement = value as Requirement;
    return (requirement.threshold ?? 1) === 1 || areDistinct(attestorsOf(document, requirement));
  });
}

function ofIndexAlone(): Limited {
  return limited('it looks at what was made for the digest that is named, and into no index', (value) => value === 'index');
}

function anyRepository(): Limited {
  return limited('it compares no repository with what was signed', (value) => value === 'notRequired');
}
