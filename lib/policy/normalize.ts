import { asSet, compare, sortedRecord } from './canonical-order';
import {
  Action, Attestor, ImageDenyList, ImagePolicySpec, KeyPeriod, NamespaceSelection, PolicyDocument, Requirement, RotatedKey, Subject, Transparency,
} from './document';
import { canonicalJson } from './canonical-json';
import { canonicalAuthority } from './certificate-authority';
import { parseImagePattern } from './image-pattern';
import { formatInstant, parseInstant } from './instant';
import { DEFAULT_NAMESPACES } from './namespaces';
import {
  NormalAttestor, NormalDeniedSigner, NormalDenyList, NormalDocument, NormalExemption, NormalKey, NormalPolicy, NormalRequirement, NormalTransparency,
} from './normal';
import { normalChecks, normalConditions } from './normalize-checks';
import { canonicalPublicKey } from './public-key';
import { parseRepositoryName } from './repository-name';

/** The trust root of log and timestamps when none is named. */
const PUBLIC_GOOD = 'sigstore';

/**
 * The normal form of a valid document: every default written out, one spelling of every name, date and key, lists that are sets sorted.
 *
 * @throws NameError, InstantError, PublicKeyError, AuthorityError for a document that `validateDocument` would refuse
 */
export function normalize(document: PolicyDocument): NormalDocument {
  switch (document.kind) {
    case 'ImagePolicy': return normalPolicy(document.metadata.name, document.spec);
    case 'ImageExemption': return normalExemption(document);
    case 'ImageDenyList': return normalDenyList(document);
  }
}

function normalPolicy(name: string, spec: ImagePolicySpec): NormalPolicy {
  return {
    kind: 'ImagePolicy',
    name,
    images: asSet(spec.images.map((pattern) => parseImagePattern(pattern).text)),
    namespaces: normalNamespaces(spec.namespaces),
    action: normalAction(spec.action),
    tags: spec.tags ?? 'pin',
    ...(spec.sameBuild === undefined ? {} : { sameBuild: spec.sameBuild }),
    attestors: sortedRecord(spec.attestors, normalAttestor),
    requirements: spec.requirements.map(normalRequirement).sort((a, b) => compare(a.name, b.name)),
  };
}

function normalExemption(document: PolicyDocument & { kind: 'ImageExemption' }): NormalExemption {
  const { spec } = document;
  return {
    kind: 'ImageExemption',
    name: document.metadata.name,
    image: parseRepositoryName(spec.image).name,
    digests: asSet(spec.digests),
    namespaces: normalNamespaces(spec.namespaces),
    reason: spec.reason,
    owner: spec.owner,
    until: formatInstant(parseInstant(spec.until)),
  };
}

function normalDenyList({ metadata: { name }, spec }: ImageDenyList): NormalDenyList {
  const signers = (spec.signers ?? []).map(({ subject, issuer, signed }): NormalDeniedSigner => ({
    subject, ...(issuer === undefined ? {} : { issuer }), ...normalPeriod(signed),
  }));
  return {
    kind: 'ImageDenyList',
    name,
    reason: spec.reason,
    owner: spec.owner,
    digests: asSet(spec.digests ?? []),
    signers: [...new Map(signers.map((signer) => [canonicalJson(signer), signer]))].sort(([a], [b]) => compare(a, b)).map(([, signer]) => signer),
    certificates: asSet(spec.certificates ?? []),
    keys: asSet(spec.keys ?? []),
    namespaces: normalNamespaces(spec.namespaces),
  };
}

function normalPeriod({ from, until }: KeyPeriod = {}): { from?: string; until?: string } {
  return {
    ...(from === undefined ? {} : { from: formatInstant(parseInstant(from)) }),
    ...(until === undefined ? {} : { until: formatInstant(parseInstant(until)) }),
  };
}

function normalNamespaces(selection: NamespaceSelection = DEFAULT_NAMESPACES): NamespaceSelection {
  if ('except' in selection) {
    return { except: asSet(selection.except) };
  }
  return 'names' in selection ? { names: asSet(selection.names) } : { labels: sortedRecord(selection.labels, (value) => value) };
}

function normalAction(action: Action = { type: 'Deny' }): Action {
  return action.type === 'Deny'
    ? { type: 'Deny' }
    : { type: 'Audit', reason: action.reason, owner: action.owner, until: formatInstant(parseInstant(action.until)) };
}

function normalAttestor(attestor: Attestor): NormalAttestor {
  if (attestor.type === 'key') {
    return {
      type: 'key',
      keys: ('keys' in attestor ? attestor.keys : [attestor]).map(normalKey).sort((a, b) => compare(a.publicKey, b.publicKey)),
      trustRoot: attestor.trustRoot ?? PUBLIC_GOOD,
      transparency: withoutSct(attestor.transparency),
    };
  }
  if (attestor.type === 'certificate') {
    return {
      type: 'certificate',
      authority: canonicalAuthority(attestor.authority),
      subject: attestor.subject,
      trustRoot: attestor.trustRoot ?? PUBLIC_GOOD,
      transparency: withoutSct(attestor.transparency),
    };
  }
  const { log, sct } = attestor.transparency ?? {};
  return {
    type: 'keyless',
    issuer: attestor.issuer,
    subject: normalSubject(attestor.subject),
    certificate: sortedRecord({ ...attestor.certificate }, (value) => value),
    ...(attestor.topLevel === 'required' ? { topLevel: attestor.topLevel } : {}),
    trustRoot: attestor.trustRoot,
    transparency: normalTransparency(attestor.transparency, log === 'notRequired' || sct === 'notRequired'),
  };
}

function normalSubject(subject: Subject): Subject {
  return typeof subject === 'string' ? subject : { workflow: subject.workflow, refs: asSet(subject.refs) };
}

function normalKey({ publicKey, validFor }: RotatedKey): NormalKey {
  return { publicKey: canonicalPublicKey(publicKey), ...normalPeriod(validFor) };
}

function withoutSct(transparency: Transparency | undefined): NormalTransparency {
  return normalTransparency({ ...transparency, sct: 'notRequired' }, transparency?.log === 'notRequired');
}

function normalTransparency(transparency: Transparency = {}, relaxed: boolean): NormalTransparency {
  return {
    log: transparency.log ?? 'required',
    timestamp: transparency.timestamp ?? 'notRequired',
    sct: transparency.sct ?? 'required',
    reason: relaxed ? transparency.reason ?? '' : '',
    ...(transparency.untimed === undefined ? {} : { untimed: { reason: transparency.untimed.reason, owner: transparency.untimed.owner } }),
  };
}

function normalRequirement(requirement: Requirement): NormalRequirement {
  const { name, threshold = 1, multiPlatform = 'index', repository = 'notRequired' } = requirement;
  const common = {
    name, attestors: asSet(requirement.attestors), threshold,
    ...(multiPlatform === 'index' ? {} : { multiPlatform }),
    ...(repository === 'notRequired' ? {} : { repository }),
  };
  if (requirement.type === 'signature') {
    const { annotations } = requirement;
    return { type: 'signature', ...common, ...(annotations === undefined ? {} : { annotations: sortedRecord(annotations, (value) => value) }) };
  }
  const { predicateType, checks, conditions } = requirement;
  return {
    type: 'attestation', ...common, predicateType,
    ...(checks === undefined ? {} : { checks: normalChecks(checks) }),
    ...(conditions === undefined ? {} : { conditions: normalConditions(conditions) }),
  };
}
