import * as fc from 'fast-check';
import { policyControllerEngine } from '../../../lib/engines/policy-controller';
import { configurationGuard, CONFIGURATION_DATA, namespaceGuard } from '../../../lib/kubernetes/policy-controller/guards';
import { floorPolicy } from '../../../lib/kubernetes/policy-controller/floor';
import { Authority, clusterImagePolicy } from '../../../lib/kubernetes/policy-controller/image-policy';
import { ImagePolicy, Requirement, Subject } from '../../../lib/policy/document';
import { policySet } from '../../../lib/policy/policy-set';
import { Asked, denials } from '../../kubernetes/admission-policy';
import { DIGEST, key, keyless, smallPolicy } from '../../policy/documents';

const saying = (spec: Partial<ImagePolicy['spec']>): ImagePolicy => ({ ...smallPolicy, spec: { ...smallPolicy.spec, ...spec } });
const requirements: Requirement[] = [
  { type: 'signature', name: 'signature', attestors: ['release', 'second'], threshold: 2 },
  { type: 'attestation', name: 'sbom', attestors: ['second'], predicateType: 'https://cyclonedx.org/bom', checks: { type: 'sbom' } },
];
const both = saying({ attestors: { release: keyless, second: { ...keyless, subject: 'https://acme.test/second' } }, requirements });

function specs(document: ImagePolicy): Array<ReturnType<typeof clusterImagePolicy>> {
  const [policy] = policySet([document]).policies;
  return policy === undefined ? [] : policy.requirements.map((requirement) => clusterImagePolicy(policy, requirement));
}

describe('a requirement', () => {
  test('is a ClusterImagePolicy that enforces, with one identity for each authority', () => {
    const [sbom, signature] = specs(both);
    expect([signature, sbom].map((spec) => spec?.mode)).toEqual(['enforce', 'enforce']);
    const typesOf = ({ attestations }: Authority): string[] => attestations.map(({ predicateType }) => predicateType);
    expect(signature?.authorities.map((one) => [one.name, one.signatureFormat, one.keyless.identities, typesOf(one)])).toEqual([
      ['release', 'bundle', [{ issuer: keyless.issuer, subject: keyless.subject }], ['https://sigstore.dev/cosign/sign/v1']],
      ['second', 'bundle', [{ issuer: keyless.issuer, subject: 'https://acme.test/second' }], ['https://sigstore.dev/cosign/sign/v1']],
    ]);
    expect(sbom?.authorities.map((one) => [one.name, typesOf(one)])).toEqual([['second', ['https://cyclonedx.org/bom']]]);
  });

  test('counts its attestors where one is not enough', () => {
    const [sbom, signature] = specs(both);
    expect([signature?.policy?.data, sbom?.policy]).toEqual([expect.stringContaining('  count(input.authorityMatches) >= 2\n'), undefined]);
  });

  test('of a workflow at patterns of refs compares with an expression that is anchored and escaped', () => {
    const subject = { workflow: 'https://github.com/acme/payments/.github/workflows/release.yml', refs: ['refs/heads/main', 'refs/tags/v*'] };
    const [spec] = specs(saying({ attestors: { release: { ...keyless, subject } } }));
    const [identity] = spec?.authorities[0]?.keyless.identities ?? [];
    expect(identity).toEqual({ issuer: keyless.issuer, subjectRegExp: '^https://github\\.com/acme/payments/\\.github/workflows/release\\.yml@(?:refs/heads/main|refs/tags/v[^/]*)$' });
  });

  test('with a timestamp in place of the log, and without the proof that a certificate was logged, says so', () => {
    const [loose] = specs(saying({ attestors: { release: { ...keyless, transparency: { log: 'notRequired', timestamp: 'required', sct: 'notRequired', reason: 'r' } } } }));
    const [strict] = specs(smallPolicy);
    expect([loose, strict].map((spec) => [spec?.authorities[0]?.rfc3161timestamp, spec?.authorities[0]?.keyless.insecureIgnoreSCT])).toEqual([[{}, true], [undefined, undefined]]);
  });

  test('that policy-controller cannot express is not rendered', () => {
    expect(() => specs(saying({ attestors: { release: key } }))).toThrow('the attestor release is no identity');
  });
});

test('nothing that a document says stands in a module of Rego', () => {
  const ofAuthority = ({ attestations }: Authority): string[] => attestations.map(({ policy }) => policy.data);
  const modules = (document: ImagePolicy): unknown => specs(document).map(({ policy, authorities }) => [policy?.data, authorities.flatMap(ofAuthority)]);
  const hostile = (issuer: string, subject: Subject, predicateType: string): ImagePolicy => saying({
    attestors: { release: { ...keyless, issuer, subject }, second: { ...keyless, issuer, subject } },
    requirements: [
      { type: 'signature', name: 'signature', attestors: ['release', 'second'], threshold: 2 }, { type: 'attestation', name: 'sbom', attestors: ['second'], predicateType },
    ],
  });
  const plain = modules(hostile('https://a.test', 'https://a.test/b', 'https://acme.test/x'));
  fc.assert(fc.property(fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom('"', '\\', '\n', '}', '`')) }), (text) => {
    expect(modules(hostile(text, `${text}" } isCompliant { true`, text))).toEqual(plain);
    expect(modules(hostile(text, { workflow: text, refs: [text] }, text))).toEqual(plain);
  }));
});

const image = `ghcr.io/acme/payments/api@${DIGEST}`;
const pod = (spec: object, metadata: object = {}): object => ({ kind: 'Pod', metadata: { name: 'x', ...metadata }, spec });
const containers = [{ name: 'main', image }];
const INCLUDED = { 'policy.sigstore.dev/include': 'true' };

function asked(object: object, changes: Partial<Asked> = {}): Asked {
  return { operation: 'CREATE', object, namespaceLabels: INCLUDED, userInfo: { username: 'ada' }, rights: [], ...changes };
}

describe('the floor', () => {
  const floor = (request: Asked): string[] => denials(floorPolicy([smallPolicy]), request).map((message) => /^\[\w+\] [\w-]+ \w+/.exec(message)?.[0] ?? message);
  const other = `ghcr.io/other/api@${DIGEST}`;

  test('refuses images that no policy names, and tags of Pods', () => {
    expect(floor(asked(pod({ containers })))).toEqual([]);
    expect(denials(floorPolicy([smallPolicy]), asked(pod({ containers: [{ name: 'main', image: other }] })))[0]).toContain('[UNMATCHED_IMAGE]');
    expect(denials(floorPolicy([smallPolicy]), asked(pod({ containers: [{ name: 'main', image: 'ghcr.io/acme/payments/api:v1' }] })))[0]).toContain('[TAG_NOT_PINNED]');
  });

  test.each([[{}], [{ 'policy.sigstore.dev/include': 'false' }], [{ 'policy.sigstore.dev/include': '' }]])('refuses everything where the label is %j', (namespaceLabels) => {
    expect(floor(asked(pod({ containers }), { namespaceLabels }))).toEqual(['[UNSUPPORTED] The namespace']);
  });

  test('lets an update through that adds no image, also where the label is missing', () => {
    expect(floor(asked(pod({ containers }, { labels: { a: 'b' } }), { operation: 'UPDATE', oldObject: pod({ containers }), namespaceLabels: {} }))).toEqual([]);
    expect(floor(asked(pod({ containers }), { operation: 'UPDATE', oldObject: pod({ containers: [] }), namespaceLabels: {} }))).toEqual(['[UNSUPPORTED] The namespace']);
  });

  test('refuses images of volumes, which nobody would look at', () => {
    const volume = { name: 'data', image: { reference: image } };
    expect([floor(asked(pod({ containers, volumes: [volume] }))), floor(asked(pod({ containers, volumes: [{ name: 'data', emptyDir: {} }] })))]).toEqual([['[UNSUPPORTED] policy-controller does'], []]);
    expect(floor(asked(pod({ containers, volumes: [volume] }), { operation: 'UPDATE', oldObject: pod({ containers, volumes: [volume] }) }))).toEqual([]);
  });

  test('refuses an image for what is being deleted, at which nobody would look', () => {
    const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    const update = (metadata: object, old: object[]): string[] => floor(asked(pod({ containers }, metadata), { operation: 'UPDATE', oldObject: pod({ containers: old }, metadata) }));
    expect([update(deleted, []), update({}, []), update(deleted, containers)]).toEqual([['[UNSUPPORTED] policy-controller does'], [], []]);
  });
});

describe('the label of a namespace', () => {
  const named = (name: string, labels: object = INCLUDED, further: object = {}): object => ({ kind: 'Namespace', metadata: { name, labels, ...further } });
  test.each<[string, object, object, number]>([
    ['is not taken away', named('shop'), named('shop', {}), 1],
    ['is not changed', named('shop'), named('shop', { 'policy.sigstore.dev/include': 'false' }), 1],
    ['stays beside others', named('shop'), named('shop', { ...INCLUDED, a: 'b' }), 0],
    ['is not taken away with all others', named('shop'), { kind: 'Namespace', metadata: { name: 'shop' } }, 1],
    ['is not taken away after the label by which a policy selected the namespace', named('x', { ...INCLUDED, team: 'other' }), named('x', { team: 'other' }), 1],
    ['may come later', named('shop', {}), named('shop', { a: 'b' }), 0],
    ['may go with the namespace', named('shop', INCLUDED, { deletionTimestamp: '2026-01-01T00:00:00Z' }), named('shop', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), 0],
  ])('%s', (_, before, after, refused) => {
    expect(denials({ ...namespaceGuard(), variables: [] }, asked(after, { operation: 'UPDATE', oldObject: before })).length).toBe(refused);
  });
});

describe('the configuration', () => {
  const guard = (name: string, data?: object): number => denials({ ...configurationGuard('cosign-system'), variables: [] }, asked({ kind: 'ConfigMap', metadata: { name }, ...data === undefined ? {} : { data } })).length;

  test.each<[string, object | undefined, number]>([
    ['what is rendered', CONFIGURATION_DATA, 0],
    ['nothing', undefined, 0],
    ['something else', { _example: 'no-match-policy: allow' }, 0],
    ['that what no policy matches runs', { 'no-match-policy': 'allow' }, 1],
    ['that what no policy matches runs with a warning', { 'no-match-policy': 'warn' }, 1],
    ['that policies need no authorities', { 'fail-on-empty-authorities': 'false' }, 1],
    ['that attestations are taken without their signatures', { 'enable-oci11': 'true' }, 1],
  ])('may say %s: %j', (_, data, refused) => {
    expect(guard('config-policy-controller', data)).toBe(refused);
  });

  test('of others is nobody\'s business here', () => {
    expect(guard('other', { 'no-match-policy': 'allow' })).toBe(0);
  });
});

describe('everything together', () => {
  const render = (...documents: ImagePolicy[]): ReturnType<ReturnType<typeof policyControllerEngine>['render']> => (
    policyControllerEngine({ name: 'images', version: '0.15.1', namespace: 'cosign-system', trustRoot: 'sigstore' }).render({ documents, trustRoots: [] })
  );

  test('is one ClusterImagePolicy for each requirement, the configuration, and admission policies with their bindings', () => {
    expect(render(both).map(({ kind, metadata: { name, namespace } }) => [kind, ...namespace === undefined ? [] : [namespace], name].join(' '))).toEqual([
      'ValidatingAdmissionPolicy images-configuration', 'ValidatingAdmissionPolicyBinding images-configuration', 'ConfigMap cosign-system config-policy-controller',
      'ValidatingAdmissionPolicy images-namespaces', 'ValidatingAdmissionPolicyBinding images-namespaces',
      'ClusterImagePolicy images.payments.sbom', 'ClusterImagePolicy images.payments.signature',
      'ValidatingAdmissionPolicy images-floor', 'ValidatingAdmissionPolicyBinding images-floor-all',
    ]);
  });

  test('is the same in whatever order documents come', () => {
    const other = { ...smallPolicy, metadata: { name: 'other' } };
    expect(render(both, other)).toEqual(render(other, both));
  });

  test('is no larger than what is kept of it', () => {
    const many = (count: number): ImagePolicy => saying({ images: Array.from({ length: count }, (_, index) => `ghcr.io/acme/${String(index).padStart(150, '0')}`) });
    expect(() => render(many(100))).not.toThrow();
    expect(() => render(many(1500))).toThrow(/^the policies of images have \d+ bytes, more than an annotation holds/);
    expect(() => render({ ...many(1000), spec: { ...many(1000).spec, requirements: Array.from({ length: 5 }, (_, index) => ({ type: 'signature' as const, name: `s${index}`, attestors: ['release'] })) } }))
      .toThrow(/^the ClusterImagePolicies of images have \d+ bytes, more than policy-controller keeps/);
  });
});
