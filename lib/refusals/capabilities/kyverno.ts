import { UNASKED } from '../../kubernetes/kyverno/floor';
import { AttestationRequirement, NamespaceSelection, Requirement } from '../../policy/document';
import { isSlsa } from '../../policy/predicate-types';
import { areDistinct, attestorsOf } from './attestors';
import { Capabilities, Limited, limited, refused, rendered, renderedBut } from './capability';

const exempts = refused('it pins and verifies every image that a policy names, and has no way to leave out one');
const denyLists = refused('it knows neither who signed nor how a statement was signed, so that nothing can be revoked');
const claims = refused('of a certificate it compares issuer and subject alone');
const trusted = refused('it compares no trusted time of signing');
const windows = refused('its policies have one action for all, and no date from which on they refuse');
const newest = refused('it does not know which of several statements is the newest, so that an old one would count');
const conditions = refused('its CEL reads numbers and missing fields in another way, so that a condition could mean something else');
const authorities = refused('it does not compare the subject of a certificate of one\'s own authority');
const rotated = refused('an attestor has one key there, and a signature no time');
const ofOtherBuildType = 'of provenance it reads version 1, and of that no workflow of GitHub, whose certificate would have to agree';

/** Build types whose predicate is not read as SLSA says of all of them. */
const OF_WORKFLOWS = ['https://actions.github.io/buildtypes/workflow/v1'];

/** ImageValidatingPolicy of Kyverno. */
export const kyverno: Capabilities = {
  ImagePolicy: { apiVersion: rendered, kind: rendered, metadata: rendered, spec: rendered },
  ImageExemption: { apiVersion: exempts, kind: exempts, metadata: exempts, spec: exempts },
  ImageDenyList: { apiVersion: denyLists, kind: denyLists, metadata: denyLists, spec: denyLists },
  Metadata: { name: rendered },
  ImagePolicySpec: {
    images: renderedBut('a reference that is not written out as its pattern is (host in lower case, no port that goes without saying) is refused, unless Kyverno pins it and so writes it out'),
    namespaces: namespaces(),
    action: renderedBut('only Pods are verified, not the workload kinds they are made from; an update that brings an image is verified as a whole'),
    tags: limited('it pins tags wherever it can, so that none is refused', (value) => value !== 'deny'),
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
  NamespacesByLabel: { labels: renderedBut('no guard keeps these labels: whoever may label a namespace takes it out of the policies, or into others') },
  DenyAction: { type: rendered },
  AuditAction: { type: windows, reason: windows, owner: windows, until: windows },
  KeylessAttestor: { type: rendered, issuer: rendered, subject: rendered, certificate: claims, topLevel: limited('of a certificate it compares issuer and subject alone', (value) => value !== 'required'), trustRoot: trustRoot(), transparency: rendered },
  WorkflowSubject: { workflow: rendered, refs: renderedBut('written as a regular expression that is anchored and escaped') },
  CertificateClaims: {
    buildSignerUri: claims, buildSignerDigest: claims, runnerEnvironment: claims, sourceRepositoryUri: claims, sourceRepositoryDigest: claims,
    sourceRepositoryRef: claims, sourceRepositoryId: claims, sourceRepositoryOwnerUri: claims, sourceRepositoryOwnerId: claims,
    buildConfigUri: claims, buildConfigDigest: claims, buildTrigger: claims, sourceRepositoryVisibility: claims, workflowName: claims,
  },
  Transparency: {
    log: rendered,
    timestamp: limited('a timestamp takes the place of the log there, and both cannot be asked for', (value) => value !== 'required'),
    sct: limited('the proof that a certificate was logged is left out together with the log', (value) => value !== 'notRequired'),
    reason: rendered,
    untimed: rendered,
  },
  KeyAttestor: {
    type: rendered,
    publicKey: limited('it hashes with SHA-256 whatever the key is, so that of elliptic curves it verifies P-256 alone, and no Ed25519',
      (value) => typeof value === 'string' && /-----BEGIN PUBLIC KEY-----\s*MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE|BgkqhkiG9w0BAQEF/.test(value.replace(/(?<=[A-Za-z0-9+/])\r?\n/g, ''))),
    trustRoot: trustRoot(),
    transparency: rendered,
  },
  RotatedKeyAttestor: { type: rotated, keys: rotated, trustRoot: rotated, transparency: rotated },
  RotatedKey: { publicKey: rotated, validFor: trusted },
  KeyPeriod: { from: trusted, until: trusted },
  Acknowledgement: { reason: rendered, owner: rendered },
  CertificateAttestor: { type: authorities, authority: authorities, subject: authorities, trustRoot: authorities, transparency: authorities },
  SignatureRequirement: {
    type: renderedBut('only signatures in bundles (cosign 3) count: of older ones Kyverno does not tell a signature from an attestation once there is a bundle beside'),
    name: rendered,
    attestors: rendered,
    threshold: rendered,
    annotations: refused('it does not see annotations of signatures in bundles'),
    multiPlatform: ofIndexAlone(),
    repository: anyRepository(),
  },
  AttestationRequirement: {
    type: renderedBut('of several statements of one attestor the last that it finds counts, and has to hold'),
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
    type: limited(ofOtherBuildType, (value) => value === 'slsa-provenance'),
    source: rendered,
    sourceRefs: rendered,
    builderIds: rendered,
    buildTypes: limited(ofOtherBuildType, (value) => Array.isArray(value) && !OF_WORKFLOWS.some((type) => value.includes(type))),
    level: rendered,
    externalParameters: rendered,
  },
  VerificationSummaryChecks: { type: newest, verifierId: newest, resourceUris: newest, levels: newest, policyDigest: newest, maxAge: newest },
  SbomChecks: { type: renderedBut('an SPDX document that cosign attached as text is refused') },
  VulnerabilityScanChecks: { type: newest, maxSeverity: newest, maxAge: newest, maxDatabaseAge: newest, ignored: newest },
  IgnoredVulnerability: { id: newest, reason: newest, owner: newest, until: newest },
  PredicateCondition: { expression: conditions, message: conditions },
  DeniedSigner: { subject: denyLists, issuer: denyLists, signed: denyLists },
};

function namespaces(): Limited {
  return limited('it admits whatever comes to kube-system, kube-public and kube-node-lease, unless its own configuration is changed', (value) => {
    const selection = value as NamespaceSelection;
    return 'names' in selection ? !selection.names.some((name) => UNASKED.includes(name)) : !('except' in selection) || selection.except.includes('kube-system');
  }, 'no image runs in kube-system, kube-public and kube-node-lease where a policy holds there');
}

/** Beside what the fields of a requirement say of themselves. */
function requirements(): Limited {
  return limited('with a certificate every part of a provenance takes the certificate\'s word, of which it sees issuer and subject alone;'
    + ' and several attestors that one signer could meet would count it several times', (value, document) => {
    const requirement = value as Requirement;
    const attestors = attestorsOf(document, requirement);
    return (requirement.type === 'signature' || !isProvenance(requirement) || attestors.every(({ type }) => type === 'key')) && ((requirement.threshold ?? 1) === 1 || areDistinct(attestors));
  });
}

function ofIndexAlone(): Limited {
  return limited('it looks at what was made for the digest that is named, and into no index', (value) => value === 'index');
}

function anyRepository(): Limited {
  return limited('cosign names no repository in what it signs for Kyverno to compare', (value) => value === 'notRequired');
}

function isProvenance({ checks }: AttestationRequirement): boolean {
  return checks !== undefined && isSlsa(checks);
}

function trustRoot(): Limited {
  return limited('GitHub runs no mirror of The Update Framework, from which alone it takes trust roots', (value) => value !== 'github');
}
