import fc from 'fast-check';
import { canonicalJson, isPlainObject } from '../../lib/policy/canonical-json';
import { Attestor, KeyAttestor, KeylessAttestor, PolicyDocument, Transparency } from '../../lib/policy/document';
import { NormalDocument, NormalPolicy } from '../../lib/policy/normal';
import { normalize } from '../../lib/policy/normalize';
import { policySet } from '../../lib/policy/policy-set';
import { validateDocument } from '../../lib/policy/validate';
import { DIGEST, exemption, fullPolicy, key, keyless, OTHER_DIGEST, OTHER_PUBLIC_KEY, PUBLIC_KEY, put, smallPolicy, without } from './documents';

/** A normal form written as a document again. */
function asDocument(normal: NormalDocument): PolicyDocument {
  const { kind, name, ...rest } = normal;
  const spec = normal.kind === 'ImagePolicy'
    ? { ...rest, attestors: withoutEmptyReasons(normal.attestors), requirements: withoutEmptyLists(normal) }
    : rest;
  return { apiVersion: 'proofgate.dev/v1', kind, metadata: { name }, spec } as unknown as PolicyDocument;
}

/** In the normal form an empty reason or list says that nothing was written. */
function withoutEmptyReasons(attestors: NormalPolicy['attestors']): object {
  return Object.fromEntries(Object.entries(attestors).map(([name, attestor]) => {
    const { reason, ...demands } = attestor.transparency;
    return [name, { ...attestor, transparency: reason === '' ? demands : attestor.transparency }];
  }));
}

function withoutEmptyLists({ requirements }: NormalPolicy): object[] {
  return requirements.map((requirement) => (requirement.type === 'signature' || requirement.checks === undefined ? requirement : {
    ...requirement, checks: Object.fromEntries(Object.entries(requirement.checks).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
  }));
}

const transparencies: fc.Arbitrary<Transparency | undefined> = fc.constantFrom<(Transparency | undefined)[]>(
  undefined, {}, { log: 'required' }, { timestamp: 'required', reason: 'nothing is relaxed' },
  { log: 'notRequired', timestamp: 'required', reason: 'private' },
);

const workflow = { workflow: 'https://github.com/acme/x/y.yml', refs: ['refs/tags/v*', 'refs/heads/main'] };

const attestors = fc.tuple(
  fc.boolean(), transparencies, fc.constantFrom('sigstore', 'company'), fc.boolean(),
).map(([withKey, transparency, trustRoot, rich]): Attestor => {
  const extra = transparency === undefined ? {} : { transparency };
  if (withKey) {
    return { ...key, publicKey: rich ? OTHER_PUBLIC_KEY : PUBLIC_KEY, ...(trustRoot === 'sigstore' ? {} : { trustRoot }), ...extra };
  }
  return rich
    ? { ...keyless, trustRoot, subject: workflow, certificate: { buildTrigger: 'push', sourceRepositoryId: '1' }, ...extra }
    : { ...keyless, trustRoot, ...extra };
});

const namespaces = fc.constantFrom(
  undefined, { except: ['kube-system'] }, { except: [] }, { names: ['b', 'a'] }, { labels: { tier: 'prod', team: 'x' } },
);

const until = fc.constantFrom('2030-01-31', '2030-01-31T00:00:00Z', '2030-01-31T01:00:00+01:00', '2030-01-31T12:00:00.250Z');

const checks = fc.record({
  type: fc.constant('slsa-provenance' as const),
  source: fc.constant('https://github.com/acme/x'),
  sourceRefs: fc.constant(['refs/heads/main', 'refs/tags/v*']),
  builderIds: fc.constant(['https://b/2', 'https://b/1']),
  buildTypes: fc.constantFrom(['https://actions.github.io/buildtypes/workflow/v1'], ['https://b/t', 'https://a/t']),
  level: fc.constantFrom(1 as const, 2 as const, 3 as const),
  externalParameters: fc.dictionary(
    fc.stringMatching(/^[a-z]{1,5}$/), fc.constantFrom<(number | object)[]>(1, { b: [1, 2], a: 'x' }), { maxKeys: 3 },
  ),
}, { requiredKeys: ['type', 'source'] });

const policies = fc.tuple(
  fc.subarray(['ghcr.io/acme/**', 'REG.test:5000/x/*', 'nginx', 'docker.io/library/*', 'index.docker.io/acme/app'], { minLength: 1 }),
  namespaces,
  fc.option(fc.oneof(fc.constant({ type: 'Deny' }), until.map((date) => ({ type: 'Audit', reason: 'r', owner: 'o', until: date })))),
  fc.constantFrom(undefined, 'pin', 'deny'),
  fc.array(attestors, { minLength: 1, maxLength: 3 }),
  fc.array(fc.option(checks), { minLength: 1, maxLength: 3 }),
).map(([images, selection, action, tags, parties, predicates]) => {
  const names = parties.map((_, index) => `party-${index}`);
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'generated' },
    spec: {
      images,
      ...(selection === undefined ? {} : { namespaces: selection }),
      ...(action === null ? {} : { action }),
      ...(tags === undefined ? {} : { tags }),
      attestors: Object.fromEntries(parties.map((party, index) => [`party-${index}`, party])),
      requirements: [
        { type: 'signature', name: 'signature', attestors: names },
        ...predicates.map((predicate, index) => ({
          type: 'attestation',
          name: `provenance-${index}`,
          attestors: names,
          predicateType: 'https://slsa.dev/provenance/v1',
          // A key names neither builder nor build type: the document has to.
          ...(predicate === null ? {} : { checks: { ...(parties.some(({ type }) => type === 'key') ? { builderIds: ['https://b/1'], buildTypes: ['https://b/t'] } : {}), ...predicate } }),
        })),
      ],
    },
  } as unknown as PolicyDocument;
});

const exemptions = fc.tuple(namespaces, until, fc.constantFrom([DIGEST], [OTHER_DIGEST, DIGEST])).map(([selection, date, digests]) => ({
  ...exemption,
  spec: { image: 'nginx', digests, reason: 'r', owner: 'o', until: date, ...(selection === undefined ? {} : { namespaces: selection }) },
} as unknown as PolicyDocument));

const documents = fc.oneof(policies, exemptions);

/** Lists whose order, and repetition, says nothing. */
const SETS = new Set(['images', 'refs', 'sourceRefs', 'builderIds', 'buildTypes', 'except', 'names', 'digests', 'requirements']);

/** The same document with keys and sets in another order, driven by numbers. */
function shuffled(value: unknown, next: () => number, name = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, next));
    return SETS.has(name) || name === 'attestors' ? order(items, next) : items;
  }
  if (!isPlainObject(value)) {
    return value;
  }
  const inside = name === 'externalParameters' ? '' : undefined;
  return Object.fromEntries(order(Object.entries(value), next).map(([field, item]) => [field, shuffled(item, next, inside ?? field)]));
}

function order<T>(items: readonly T[], next: () => number): T[] {
  return items.map((item) => [next(), item] as const).sort(([a], [b]) => a - b).map(([, item]) => item);
}

const digestOf = (document: unknown) => policySet([document as PolicyDocument]).digest;

test('generated documents are valid, or the properties below say nothing', () => {
  fc.assert(fc.property(documents, (document) => {
    expect(validateDocument(document)).toEqual([]);
  }));
});

test('the normal form of a normal form is itself', () => {
  fc.assert(fc.property(documents, (document) => {
    const normal = normalize(document);
    const again = asDocument(normal);
    expect(validateDocument(again)).toEqual([]);
    expect(normalize(again)).toEqual(normal);
  }));
});

test('the order of keys and of sets makes no difference', () => {
  fc.assert(fc.property(documents, fc.infiniteStream(fc.integer()), (document, numbers) => {
    const other = shuffled(document, () => numbers.next().value as number);
    expect(normalize(other as PolicyDocument)).toEqual(normalize(document));
    expect(digestOf(other)).toBe(digestOf(document));
  }));
});

const withKey = (attestor: KeyAttestor) => put(smallPolicy, 'spec.attestors.release', attestor);

function onShortLines(pem: string): string {
  const body = pem.split('\n').slice(1, -2).join('');
  return ['-----BEGIN PUBLIC KEY-----', ...(body.match(/.{1,40}/g) ?? []), '-----END PUBLIC KEY-----', ''].join('\n');
}

describe('documents that mean the same', () => {
  test.each<[string, object, object]>([
    ['the default namespaces written out', smallPolicy, put(smallPolicy, 'spec.namespaces', { except: ['kube-system'] })],
    ['the default action written out', smallPolicy, put(smallPolicy, 'spec.action', { type: 'Deny' })],
    ['the default tag rule written out', smallPolicy, put(smallPolicy, 'spec.tags', 'pin')],
    ['what is signed of an index written out', smallPolicy, put(smallPolicy, 'spec.requirements.0.multiPlatform', 'index')],
    ['that any repository will do written out', smallPolicy, put(smallPolicy, 'spec.requirements.0.repository', 'notRequired')],
    ['the default threshold written out', smallPolicy, put(smallPolicy, 'spec.requirements.0.threshold', 1)],
    ['no claims written out', smallPolicy, put(smallPolicy, 'spec.attestors.release.certificate', {})],
    ['the default transparency written out', smallPolicy,
      put(smallPolicy, 'spec.attestors.release.transparency', { log: 'required', timestamp: 'notRequired', sct: 'required' })],
    ['a reason for nothing', smallPolicy, put(smallPolicy, 'spec.attestors.release.transparency', { reason: 'everything is required' })],
    ['the default trust root of a key written out', withKey(key), withKey({ ...key, trustRoot: 'sigstore' })],
    ['the SCT that a key cannot have', withKey(key), withKey({ ...key, transparency: { sct: 'notRequired' } })],
    ['the host in another case', smallPolicy, put(smallPolicy, 'spec.images.0', 'GHCR.IO/acme/payments/**')],
    ['Docker Hub under another name', put(smallPolicy, 'spec.images.0', 'nginx'), put(smallPolicy, 'spec.images.0', 'index.docker.io/library/nginx')],
    ['a pattern twice', smallPolicy, put(smallPolicy, 'spec.images', ['ghcr.io/acme/payments/**', 'GHCR.io/acme/payments/**'])],
    ['the key with other line ends', withKey(key), withKey({ ...key, publicKey: `\n${PUBLIC_KEY.replaceAll('\n', '\r\n')}\r\n` })],
    ['the key on lines of another length', withKey(key), withKey({ ...key, publicKey: onShortLines(PUBLIC_KEY) })],
    ['a date as the start of that day', exemption, put(exemption, 'spec.until', '2030-06-30T10:00:00Z')],
    ['digests in another order, one twice', exemption, put(exemption, 'spec.digests', [OTHER_DIGEST, DIGEST, OTHER_DIGEST])],
    ['namespaces in another order', exemption, put(exemption, 'spec.namespaces', { names: ['staging', 'broker'] })],
    ['the defaults of provenance written out',
      put(fullPolicy, 'spec.requirements.1.checks', { type: 'slsa-provenance', source: 'https://github.com/acme/payments' }),
      put(fullPolicy, 'spec.requirements.1.checks', {
        type: 'slsa-provenance',
        source: 'https://github.com/acme/payments',
        level: 2,
        buildTypes: ['https://actions.github.io/buildtypes/workflow/v1'],
        externalParameters: {},
      })],
    ['requirements in another order', fullPolicy, put(fullPolicy, 'spec.requirements', [...fullPolicy.spec.requirements].reverse())],
  ])('%s', (_, one, other) => {
    expect(validateDocument(one)).toEqual([]);
    expect(validateDocument(other)).toEqual([]);
    expect(normalize(other as PolicyDocument)).toEqual(normalize(one as PolicyDocument));
    expect(digestOf(other)).toBe(digestOf(one));
  });
});

test('every difference in meaning is a difference in digest', () => {
  const claims = Object.keys((fullPolicy.spec.attestors['release'] as KeylessAttestor).certificate ?? {});
  // Of a run that nobody else called these are the workflow of the subject.
  const unclaimed = without(without(fullPolicy, 'spec.attestors.release.certificate.buildSignerUri'), 'spec.attestors.release.certificate.buildConfigUri');
  expect(claims).toHaveLength(14);
  const variants = [
    fullPolicy,
    put(fullPolicy, 'metadata.name', 'other'),
    put(fullPolicy, 'spec.requirements.0.annotations.env', 'dev'),
    without(fullPolicy, 'spec.requirements.0.annotations'),
    put(fullPolicy, 'spec.images.0', 'ghcr.io/acme/payments/*'),
    put(fullPolicy, 'spec.images', fullPolicy.spec.images.slice(1)),
    put(fullPolicy, 'spec.images', [...fullPolicy.spec.images, 'ghcr.io/acme/more']),
    without(fullPolicy, 'spec.namespaces'),
    put(fullPolicy, 'spec.namespaces', { labels: { team: 'payments' } }),
    put(fullPolicy, 'spec.namespaces', { names: ['payments'] }),
    put(fullPolicy, 'spec.namespaces', { except: ['payments'] }),
    without(fullPolicy, 'spec.action'),
    put(fullPolicy, 'spec.action.until', '2030-02-01'),
    put(fullPolicy, 'spec.action.reason', 'another'),
    put(fullPolicy, 'spec.action.owner', 'another'),
    put(fullPolicy, 'spec.tags', 'pin'),
    put(fullPolicy, 'spec.attestors.release.issuer', 'https://token.actions.githubusercontent.com/acme'),
    unclaimed,
    put(unclaimed, 'spec.attestors.release.subject.workflow', 'https://github.com/acme/payments/.github/workflows/other.yml'),
    put(fullPolicy, 'spec.attestors.release.subject.refs', ['refs/heads/main']),
    ...claims.map((claim) => without(fullPolicy, `spec.attestors.release.certificate.${claim}`)),
    put(fullPolicy, 'spec.attestors.release.trustRoot', 'company'),
    put(fullPolicy, 'spec.attestors.release.transparency.timestamp', 'required'),
    put(fullPolicy, 'spec.attestors.release.transparency', { sct: 'notRequired', reason: 'none' }),
    put(fullPolicy, 'spec.attestors.hardware.publicKey', OTHER_PUBLIC_KEY),
    put(fullPolicy, 'spec.attestors.hardware.trustRoot', 'sigstore'),
    put(fullPolicy, 'spec.attestors.hardware.transparency.reason', 'another'),
    put(fullPolicy, 'spec.attestors.hardware.transparency', { log: 'required', timestamp: 'notRequired' }),
    put(fullPolicy, 'spec.attestors.hardware.transparency.log', 'required'),
    put(fullPolicy, 'spec.attestors.hardware.transparency', { log: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } }),
    put(fullPolicy, 'spec.attestors.hardware.transparency', { log: 'notRequired', untimed: { reason: 'air-gapped', owner: 'another' } }),
    put(fullPolicy, 'spec.attestors.hardware.transparency', { log: 'notRequired', untimed: { reason: 'another', owner: 'platform' } }),
    put(fullPolicy, 'spec.requirements.0.threshold', 1),
    put(fullPolicy, 'spec.requirements.0.multiPlatform', 'child'),
    put(fullPolicy, 'spec.requirements.0.multiPlatform', 'index'),
    put(fullPolicy, 'spec.requirements.0.repository', 'notRequired'),
    put(fullPolicy, 'spec.requirements.0.name', 'other'),
    put(fullPolicy, 'spec.requirements.1.attestors.0', 'hardware'),
    without(fullPolicy, 'spec.requirements.1.checks'),
    put(without(fullPolicy, 'spec.attestors.release.certificate.sourceRepositoryUri'), 'spec.requirements.1.checks.source', 'https://github.com/acme/other'),
    put(fullPolicy, 'spec.requirements.1.checks.level', 1),
    without(fullPolicy, 'spec.requirements.1.checks.sourceRefs'),
    without(fullPolicy, 'spec.requirements.1.checks.builderIds'),
    put(fullPolicy, 'spec.requirements.1.checks.buildTypes.0', 'https://b/t'),
    without(fullPolicy, 'spec.requirements.1.checks.externalParameters'),
    put(fullPolicy, 'spec.requirements.1.checks.externalParameters.inputs.level', [true, 1, null, 'x']),
    exemption,
    put(exemption, 'metadata.name', 'other'),
    put(exemption, 'spec.image', 'reg.test/vendor/other'),
    put(exemption, 'spec.digests', [DIGEST]),
    put(exemption, 'spec.until', '2030-06-30T12:00:01+02:00'),
    put(exemption, 'spec.reason', 'another'),
    put(exemption, 'spec.owner', 'another'),
    without(exemption, 'spec.namespaces'),
  ];
  const both = put(put(smallPolicy, 'spec.attestors.other', { ...keyless, subject: 'other@acme.test' }), 'spec.requirements.0', { type: 'signature', name: 'both', attestors: ['release', 'other'], threshold: 2 });
  variants.push(both, put(both, 'spec.sameBuild', 'run'), put(both, 'spec.sameBuild', 'commit'));
  variants.forEach((variant) => expect(validateDocument(variant)).toEqual([]));
  expect(new Set(variants.map(digestOf)).size).toBe(variants.length);
});

test('the normal form of the smallest policy says everything', () => {
  expect(normalize(smallPolicy)).toEqual({
    kind: 'ImagePolicy',
    name: 'payments',
    images: ['ghcr.io/acme/payments/**'],
    namespaces: { except: ['kube-system'] },
    action: { type: 'Deny' },
    tags: 'pin',
    attestors: {
      release: {
        type: 'keyless',
        issuer: 'https://token.actions.githubusercontent.com',
        subject: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
        certificate: {},
        trustRoot: 'sigstore',
        transparency: { log: 'required', timestamp: 'notRequired', sct: 'required', reason: '' },
      },
    },
    requirements: [{ type: 'signature', name: 'signature', attestors: ['release'], threshold: 1 }],
  });
});

test('normalizing leaves the document as it was', () => {
  const before = canonicalJson(fullPolicy);
  normalize(fullPolicy);
  expect(canonicalJson(fullPolicy)).toBe(before);
});
