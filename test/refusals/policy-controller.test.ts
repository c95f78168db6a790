import { judgedIn } from '../../lib/refusals/judge';
import { judgeManifests, judgeObject } from '../../lib/refusals';

const NOW = Date.UTC(2026, 0, 1);

type Spec = { [field: string]: unknown };

const issuer = 'https://issuer.acme.test';
const IDENTITY: Spec = { issuer, subject: 'https://acme.test/release' };
const KEYLESS: Spec = { name: 'release', keyless: { url: 'https://fulcio.sigstore.dev', identities: [IDENTITY] }, ctlog: { url: 'https://rekor.sigstore.dev' } };
const KEY = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n';
const KEYED: Spec = { name: 'vault', key: { data: KEY, hashAlgorithm: 'sha256' }, ctlog: { url: 'https://rekor.sigstore.dev' } };

/** What somebody writes by hand who knows the traps. */
const SOUND: Spec = { mode: 'enforce', images: [{ glob: 'ghcr.io/acme/**' }, { glob: 'index.docker.io/acme/app@*' }], authorities: [KEYLESS, KEYED] };

const object = (kind: string, spec: Spec, apiVersion = 'policy.sigstore.dev/v1alpha1'): object => ({ apiVersion, kind, metadata: { name: 'theirs' }, spec });

function found(spec: Spec, ...others: object[]): string[] {
  return judgeManifests([object('ClusterImagePolicy', { ...SOUND, ...spec }), ...others], NOW).map(({ code, path }) => `${code.replace('POLICY_CONTROLLER_', '')} ${path}`);
}

const authority = (changes: Spec, base = KEYLESS): Spec => ({ authorities: [{ ...base, ...changes }] });
const identity = (...identities: Spec[]): Spec => authority({ keyless: { identities } });
const glob = (...globs: unknown[]): Spec => ({ images: globs.map((one) => ({ glob: one })) });
const rego = { type: 'rego', data: 'package sigstore' };
const attested = (attestation: Spec): Spec => authority({ attestations: [{ name: 'sbom', predicateType: 'https://cyclonedx.org/bom', ...attestation }] });

test('a policy without any of the traps passes, in both versions', () => {
  expect(found({})).toEqual([]);
  expect(judgeManifests([object('ClusterImagePolicy', SOUND, 'policy.sigstore.dev/v1beta1')], NOW)).toEqual([]);
});

test('a kind of the same name that is somebody else\'s is not judged', () => {
  expect(judgeManifests([object('ClusterImagePolicy', {}, 'config.openshift.io/v1')], NOW)).toEqual([]);
});

test('a policy that somebody wrote is something to judge', () => {
  expect([judgedIn([object('ClusterImagePolicy', SOUND)]), judgedIn([object('Widget', {}, 'acme.test/v1')])]).toMatchObject([
    { enforcement: true, enforcing: true, documents: false }, { enforcement: false, enforcing: false, documents: false },
  ]);
});

/** What is wrong, what is found, and the twin that passes. */
const TRAPS: ReadonlyArray<readonly [what: string, finding: string, weak: Spec, sound: Spec]> = [
  ['a violation is only a warning', 'PERMISSIVE spec.mode', { mode: 'warn' }, { mode: undefined }],
  ['nobody is asked', 'PERMISSIVE spec.authorities', { authorities: [] }, {}],
  ['everything passes', 'PERMISSIVE spec.authorities[0].static', { authorities: [{ name: 'all', static: { action: 'pass' } }] }, { authorities: [{ name: 'none', static: { action: 'fail' } }] }],

  ['an expression that is not anchored', 'IDENTITY spec.authorities[0].keyless.identities[0].subjectRegExp', identity({ issuer, subjectRegExp: 'https://acme\\.test/.*' }), identity({ issuer, subjectRegExp: '^https://acme\\.test/[^/]*$' })],
  ['a dot for any character', 'IDENTITY spec.authorities[0].keyless.identities[0].issuerRegExp', identity({ issuerRegExp: '^https://issuer.acme.test$', subject: 'a' }), identity({ issuerRegExp: '^https://issuer\\.acme\\.test$', subject: 'a' })],
  ['alternatives of which the anchors are part', 'IDENTITY spec.authorities[0].keyless.identities[0].subjectRegExp', identity({ issuer, subjectRegExp: '^a|b$' }), identity({ issuer, subjectRegExp: '^(?:a|b)$' })],
  ['a key without a log', 'IDENTITY spec.authorities[0].ctlog', authority({ ctlog: undefined }, KEYED), authority({ ctlog: undefined, rfc3161timestamp: { trustRootRef: 'theirs' } }, KEYED)],
  ['a log without a place', 'IDENTITY spec.authorities[0].ctlog', authority({ ctlog: {} }, KEYED), authority({}, KEYED)],
  ['a trust root of one\'s own without a log', 'IDENTITY spec.authorities[0].ctlog', authority({ keyless: { identities: [IDENTITY], trustRootRef: 'theirs' }, ctlog: undefined }), authority({ ctlog: undefined })],
  ['a certificate that was not logged', 'IDENTITY spec.authorities[0].keyless.insecureIgnoreSCT', authority({ keyless: { identities: [IDENTITY], insecureIgnoreSCT: true } }), authority({ keyless: { identities: [IDENTITY], insecureIgnoreSCT: false } })],

  ['look-alikes', 'IMAGE_MATCH spec.images[0].glob', glob('ghcr.io/acme*'), glob('ghcr.io/acme/*@*')],
  ['a tag', 'IMAGE_MATCH spec.images[0].glob', glob('ghcr.io/acme/app:v1*'), glob('ghcr.io/acme/app*')],
  ['no place for a digest', 'IMAGE_MATCH spec.images[0].glob', glob('ghcr.io/acme/app'), glob('ghcr.io/acme/app@*')],
  ['Docker Hub by its other name', 'IMAGE_MATCH spec.images[0].glob', glob('docker.io/acme/**'), glob('index.docker.io/acme/**')],
  ['no host', 'IMAGE_MATCH spec.images[0].glob', glob('acme/app**'), glob('localhost/acme/app**')],
  ['only some kinds', 'IMAGE_MATCH spec.match[0]', { match: [{ group: '', version: 'v1', resource: 'pods' }] }, { match: [] }],
  ['labels decide', 'IMAGE_MATCH spec.match[0]', { match: [{ version: 'v1', resource: 'pods', selector: { matchLabels: { verify: 'yes' } } }] }, {}],

  ['a condition that what is missing meets', 'UNVERIFIED spec.authorities[0].attestations[0].policy.type', attested({ policy: { type: 'cue', data: 'predicate: 1' } }), attested({ policy: rego })],
  ['one of the whole policy', 'UNVERIFIED spec.policy.type', { policy: { type: 'cue', data: 'a: 1' } }, { policy: rego }],

  ['a trust root that is not there', 'TRUST_ROOT spec.authorities[0].keyless.trustRootRef', authority({ keyless: { identities: [IDENTITY], trustRootRef: 'missing' } }), authority({ keyless: { identities: [IDENTITY] } })],
  ['the trust root of a log that is not there', 'TRUST_ROOT spec.authorities[0].ctlog.trustRootRef', authority({ ctlog: { trustRootRef: 'missing' } }), {}],
  ['a trust root in which no bundle finds its log', 'TRUST_ROOT spec.authorities[0].keyless.trustRootRef', authority({ signatureFormat: 'bundle', keyless: { identities: [IDENTITY], trustRootRef: 'missing' } }), authority({ signatureFormat: 'bundle' })],

  ['no images', 'INVALID spec.images', { images: [] }, {}],
  ['a glob that is none', 'INVALID spec.images[0].glob', glob('ghcr.io/acme/[a-z]**'), glob('ghcr.io/acme/a-z**')],
  ['a glob that is no text', 'INVALID spec.images[0].glob', glob(undefined), {}],
  ['a mode that is none', 'INVALID spec.mode', { mode: 'audit' }, { mode: '' }],
  ['an authority of no kind', 'INVALID spec.authorities[0]', { authorities: [{ name: 'a' }] }, {}],
  ['an authority of two kinds', 'INVALID spec.authorities[0]', authority({ key: { data: KEY } }), {}],
  ['a key that is nowhere', 'INVALID spec.authorities[0].key', authority({ key: {} }, KEYED), authority({ key: { secretRef: { name: 'k' } } }, KEYED)],
  ['a key that is in two places', 'INVALID spec.authorities[0].key', authority({ key: { data: KEY, kms: 'awskms:///k' } }, KEYED), authority({ key: { kms: 'awskms:///k' } }, KEYED)],
  ['a key that is none', 'INVALID spec.authorities[0].key.data', authority({ key: { data: 'AAAA' } }, KEYED), authority({ key: { data: KEY } }, KEYED)],
  ['a key management that it does not know', 'INVALID spec.authorities[0].key.kms', authority({ key: { kms: 'acmekms://k' } }, KEYED), authority({ key: { kms: 'hashivault://k' } }, KEYED)],
  ['a hash that it does not know', 'INVALID spec.authorities[0].key.hashAlgorithm', authority({ key: { data: KEY, hashAlgorithm: 'md5' } }, KEYED), authority({ key: { data: KEY, hashAlgorithm: 'SHA512' } }, KEYED)],
  ['a bundle by a key', 'INVALID spec.authorities[0].signatureFormat', authority({ signatureFormat: 'bundle' }, KEYED), authority({ signatureFormat: 'legacy' }, KEYED)],
  ['a bundle by several', 'INVALID spec.authorities[0].keyless.identities', authority({ signatureFormat: 'bundle', keyless: { identities: [IDENTITY, IDENTITY] } }), authority({ keyless: { identities: [IDENTITY, IDENTITY] } })],
  ['two authorities of certificates', 'INVALID spec.authorities[0].keyless', authority({ keyless: { 'identities': [IDENTITY], 'url': 'https://a.test', 'ca-cert': { data: 'x' } } }), authority({ keyless: { 'identities': [IDENTITY], 'ca-cert': { data: 'x' } } })],
  ['nobody in particular', 'INVALID spec.authorities[0].keyless.identities', identity(), identity(IDENTITY)],
  ['half an identity', 'INVALID spec.authorities[0].keyless.identities[0]', identity({ issuer, subject: '' }), identity(IDENTITY)],
  ['an identity in two ways', 'INVALID spec.authorities[0].keyless.identities[0]', identity({ ...IDENTITY, issuerRegExp: '^a$' }), identity(IDENTITY)],
  ['an expression that looks ahead', 'INVALID spec.authorities[0].keyless.identities[0].subjectRegExp', identity({ issuer, subjectRegExp: '^(?!a)b$' }), identity({ issuer, subjectRegExp: '^(?i)(?P<who>b)$' })],
  ['an expression that does not end', 'INVALID spec.authorities[0].keyless.identities[0].subjectRegExp', identity({ issuer, subjectRegExp: '^(a$' }), identity({ issuer, subjectRegExp: '^\\(a$' })],
  ['neither pass nor fail', 'INVALID spec.authorities[0].static.action', { authorities: [{ name: 'a', static: {} }] }, { authorities: [{ name: 'a', static: { action: 'fail' } }] }],
  ['what is static and asks', 'INVALID spec.authorities[0].attestations', { authorities: [{ name: 'a', static: { action: 'fail' }, attestations: [] }] }, { authorities: [{ name: 'a', static: { action: 'fail' } }] }],
  ['two sources', 'INVALID spec.authorities[0].source', authority({ source: [{ oci: 'a.test/b' }, { oci: 'a.test/c' }] }), authority({ source: [{ oci: 'a.test/b' }] })],
  ['an attestation without a name', 'INVALID spec.authorities[0].attestations[0].name', attested({ name: '' }), attested({})],
  ['an attestation without a type', 'INVALID spec.authorities[0].attestations[0].predicateType', attested({ predicateType: undefined }), attested({})],
  ['a module in no language', 'INVALID spec.policy.type', { policy: { type: 'cel', data: 'true' } }, { policy: rego }],
  ['a module that is nowhere', 'INVALID spec.policy', { policy: { type: 'rego' } }, { policy: rego }],
  ['a module that is in two places', 'INVALID spec.policy', { policy: { ...rego, configMapRef: { name: 'a', key: 'b' } } }, { policy: { type: 'rego', configMapRef: { name: 'a', key: 'b' } } }],
  ['a module in half a place', 'INVALID spec.policy.configMapRef', { policy: { type: 'rego', configMapRef: { name: 'a' } } }, { policy: { type: 'rego', configMapRef: { name: 'a', key: 'b' } } }],
  ['a module that anybody could change', 'INVALID spec.policy.remote', { policy: { type: 'rego', remote: { url: 'https://a.test/b' } } }, { policy: { type: 'rego', remote: { url: 'https://a.test/b', sha256sum: 'c' } } }],
  ['a module from an open line', 'INVALID spec.policy.remote', { policy: { type: 'rego', remote: { url: 'http://a.test/b', sha256sum: 'c' } } }, {}],
  ['what only the whole policy may ask for', 'INVALID spec.authorities[0].attestations[0].policy.includeSpec', attested({ policy: { ...rego, includeSpec: true } }), { policy: { ...rego, includeSpec: true } }],
  ['a resource that it is not asked about', 'INVALID spec.match[0].resource', { match: [{ version: 'v1', resource: 'services' }] }, { match: [{ version: 'v1', resource: 'pods' }] }],
  ['labels of nothing', 'INVALID spec.match[0].selector', { match: [{ selector: {} }] }, { match: [{ resource: 'pods', selector: {} }] }],
];

test.each(TRAPS)('%s: %s', (_, finding, weak, sound) => {
  expect(found(weak)).toContain(finding);
  expect(found(sound, object('TrustRoot', { remote: { mirror: 'https://tuf.acme.test', root: 'e30=' } }))).not.toContain(finding);
});

test('a trust root beside the policy is found, and one is not missed where the caller says that it is elsewhere', () => {
  const policy = object('ClusterImagePolicy', { ...SOUND, ...authority({ keyless: { identities: [IDENTITY], trustRootRef: 'theirs' } }) });
  const trustRoot = object('TrustRoot', { remote: { mirror: 'https://tuf.acme.test', root: 'e30=' } });
  expect([judgeManifests([policy, trustRoot], NOW), judgeObject(policy, NOW)]).toEqual([[], []]);
});

const ROOT: Spec = { certificateAuthorities: [{ subject: { organization: 'acme', commonName: 'ca' }, uri: 'https://ca.acme.test', certChain: 'eA==' }], tLogs: [{ baseURL: 'https://log.acme.test', hashAlgorithm: 'sha-256', publicKey: 'eA==' }] };

/** What is missing, where, and the twin that says it. */
const ROOTS: ReadonlyArray<readonly [what: string, path: string, weak: Spec, sound: Spec]> = [
  ['no source', 'spec', {}, { sigstoreKeys: ROOT }],
  ['two sources', 'spec', { remote: { mirror: 'https://a.test', root: 'x' }, sigstoreKeys: ROOT }, { remote: { mirror: 'https://a.test', root: 'x' } }],
  ['a mirror without its root', 'spec.remote.root', { remote: { mirror: 'https://a.test' } }, { remote: { mirror: 'https://a.test', root: 'x' } }],
  ['a repository without its files', 'spec.repository.mirrorFS', { repository: { root: 'x', targets: 'targets' } }, { repository: { root: 'x', targets: 'targets', mirrorFS: 'x' } }],
  ['no authority', 'spec.sigstoreKeys', { sigstoreKeys: { tLogs: ROOT['tLogs'] } }, { sigstoreKeys: { timestampAuthorities: ROOT['certificateAuthorities'] } }],
  ['half a name', 'spec.sigstoreKeys.certificateAuthorities[0].subject.commonName', { sigstoreKeys: { certificateAuthorities: [{ subject: { organization: 'acme' }, uri: 'https://a.test', certChain: 'x' }] } }, { sigstoreKeys: ROOT }],
  ['a log without its key', 'spec.sigstoreKeys.tLogs[0].publicKey', { sigstoreKeys: { ...ROOT, tLogs: [{ baseURL: 'https://a.test', hashAlgorithm: 'sha-256' }] } }, { sigstoreKeys: ROOT }],
];

test.each(ROOTS)('a trust root with %s', (_, path, weak, sound) => {
  const paths = (spec: Spec): string[] => judgeManifests([object('TrustRoot', spec)], NOW).map((finding) => `${finding.code} ${finding.path}`);
  expect([paths(weak).includes(`POLICY_CONTROLLER_INVALID ${path}`), paths(sound)]).toEqual([true, []]);
});

test.each([
  ['no-match-policy', 'allow', 'deny'],
  ['no-match-policy', 'warn', 'deny'],
  ['fail-on-empty-authorities', 'false', 'true'],
  ['enable-oci11', 'true', 'false'],
])('a configuration in which %s is %s', (key, weak, sound) => {
  const paths = (data: object): string[] => judgeManifests([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config-policy-controller', namespace: 'cosign-system' }, data }], NOW).map(({ code, path }) => `${code} ${path}`);
  expect([paths({ [key]: weak }), paths({ [key]: sound }), paths({})]).toEqual([[`POLICY_CONTROLLER_PERMISSIVE data.${key}`], [], []]);
});

test('a namespace about which nobody asks is found beside policies, and only there', () => {
  const namespace = (name: string, labels?: object): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...labels === undefined ? {} : { labels } } });
  const asked = namespace('asked', { 'policy.sigstore.dev/include': 'true' });
  expect(found({}, namespace('shop'), namespace('off', { 'policy.sigstore.dev/include': 'false' }), asked, namespace('kube-system'), namespace('cosign-system'))).toEqual(['UNASKED metadata.labels', 'UNASKED metadata.labels']);
  expect(judgeManifests([namespace('shop')], NOW)).toEqual([]);
});
