import { generateKeyPairSync } from 'node:crypto';
import { DocumentError, parseDocument, Problem, validateDocument } from '../../lib/policy/validate';
import { AUTHORITY, certificate, denyList, DIGEST, exemption, fullPolicy, key, keyless, OTHER_PUBLIC_KEY, put, smallPolicy, without } from './documents';

const pem = (type: 'spki' | 'pkcs8', algorithm: 'rsa' | 'ec' | 'ed25519', options: { modulusLength?: number; namedCurve?: string } = {}) => {
  const pair = generateKeyPairSync(algorithm as 'rsa', { modulusLength: 2048, ...(algorithm === 'ec' ? { namedCurve: 'P-256' } : {}), ...options });
  return type === 'spki'
    ? pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    : pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

function pathsOf(document: unknown): string[] {
  return validateDocument(document).map((problem) => problem.path);
}

describe('sound documents have no problem', () => {
  test.each<[string, object]>([
    ['the smallest policy', smallPolicy],
    ['a policy with every field', fullPolicy],
    ['an exemption with every field', exemption],
    ['a deny list with every field', denyList],
    ['a deny list of digests alone, everywhere', without(without(without(without(denyList, 'spec.signers'), 'spec.certificates'), 'spec.keys'), 'spec.namespaces')],
    ['an exemption that is over: that is for the verifier and the synthesis to refuse', put(exemption, 'spec.until', '2001-01-01')],
    ['an audit window that is over', put(fullPolicy, 'spec.action.until', '2001-01-01')],
    ['no namespace excepted', put(smallPolicy, 'spec.namespaces', { except: [] })],
    ['Deny written out', put(smallPolicy, 'spec.action', { type: 'Deny' })],
    ['an e-mail address as subject', put(smallPolicy, 'spec.attestors.release.subject', 'release+ci@acme.test')],
    ['certificate claims without any', put(smallPolicy, 'spec.attestors.release.certificate', {})],
    ['an issuer with a path and a slash', put(smallPolicy, 'spec.attestors.release.issuer', 'https://id.acme.test:8443/realms/ci/')],
    ['the issuer of a GitHub enterprise', put(smallPolicy, 'spec.attestors.release.issuer', 'https://token.actions.githubusercontent.com/acme')],
    ['the issuer of a GitHub server, for a workflow of that', put(put(smallPolicy, 'spec.attestors.release.issuer', 'https://github.acme.test/_services/token'),
      'spec.attestors.release.subject', 'https://github.acme.test/acme/app/.github/workflows/release.yml@refs/heads/main')],
    ['an issuer like GitHub\'s in a trust root of one\'s own', put(put(smallPolicy, 'spec.attestors.release.issuer', 'https://token.action.githubusercontent.com'),
      'spec.attestors.release.trustRoot', 'acme')],
    ['an issuer of another host for a workflow of GitHub', put(smallPolicy, 'spec.attestors.release.issuer', 'https://id.acme.test')],
    ['an issuer whose port no URL has', put(smallPolicy, 'spec.attestors.release.issuer', 'https://id.acme.test:99999')],
    ['any predicate type', put(without(fullPolicy, 'spec.requirements.1.checks'), 'spec.requirements.1.predicateType', 'urn:acme:scan:v1')],
    ['keyless without log, with timestamp and reason',
      put(smallPolicy, 'spec.attestors.release.transparency', { log: 'notRequired', timestamp: 'required', reason: 'private' })],
    ['a key without log and timestamp, with reason',
      put(fullPolicy, 'spec.attestors.hardware.transparency', { log: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } })],
    ['an RSA key of 2048 bits', put(fullPolicy, 'spec.attestors.hardware.publicKey', pem('spki', 'rsa'))],
    ['an RSA key of 4096 bits', put(fullPolicy, 'spec.attestors.hardware.publicKey', pem('spki', 'rsa', { modulusLength: 4096 }))],
    ['a P-384 key', put(fullPolicy, 'spec.attestors.hardware.publicKey', pem('spki', 'ec', { namedCurve: 'P-384' }))],
    ['a P-521 key', put(fullPolicy, 'spec.attestors.hardware.publicKey', pem('spki', 'ec', { namedCurve: 'P-521' }))],
    ['an Ed25519 key', put(fullPolicy, 'spec.attestors.hardware.publicKey', pem('spki', 'ed25519'))],
    ['a certificate of one\'s own authority', put(smallPolicy, 'spec.attestors.release', certificate)],
    ['the same with every field', put(smallPolicy, 'spec.attestors.release', {
      ...certificate, trustRoot: 'company', transparency: { log: 'notRequired', timestamp: 'notRequired', untimed: { reason: 'short-lived certificates, air-gapped', owner: 'platform' } },
    })],
    ['an e-mail address in such a certificate', put(smallPolicy, 'spec.attestors.release', { ...certificate, subject: 'release+ci@acme.test' })],
    ['a DNS name in such a certificate', put(smallPolicy, 'spec.attestors.release', { ...certificate, subject: 'ci-1.acme.test' })],
    ['a URI of another scheme in such a certificate', put(smallPolicy, 'spec.attestors.release', { ...certificate, subject: 'spiffe://acme.test/ci@main' })],
    ['two attestors of one workflow for two callers', put(
      put(smallPolicy, 'spec.attestors', {
        a: { ...keyless, certificate: { sourceRepositoryUri: 'https://github.com/acme/a' } },
        b: { ...keyless, certificate: { sourceRepositoryUri: 'https://github.com/acme/b' } },
      }), 'spec.requirements.0', { type: 'signature', name: 'both', attestors: ['a', 'b'], threshold: 2 })],
    ['prose about undefined behaviour', put(exemption, 'spec.reason', 'the scanner reports undefined behaviour')],
    ['an object without prototype', Object.assign(Object.create(null) as object, structuredClone(smallPolicy))],
  ])('%s', (_, document) => {
    expect(validateDocument(document)).toEqual([]);
    expect(parseDocument(document)).toEqual(JSON.parse(JSON.stringify(document)));
  });
});

/** Place that is changed, what it becomes, and where the one problem is if not there. */
type Mistake = [place: string, value: unknown, path?: string];

const ABSENT = Symbol('absent');

function check(document: object, [place, value, path]: Mistake): void {
  const wrong = value === ABSENT ? without(document, place) : put(document, place, value);
  const problems = validateDocument(wrong);
  expect(problems.map((problem) => problem.path)).toEqual([path ?? place.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')]);
  expect(problems[0]?.message).toMatch(/: |, |;/);
  expect(() => parseDocument(wrong)).toThrow(DocumentError);
}

describe('one mistake is one problem, at its path', () => {
  test.each<Mistake>([
    ['spec.attestors.release.authority', ABSENT], ['spec.attestors.release.subject', ABSENT], ['spec.attestors.release.issuer', 'https://ci.acme.test'],
    ['spec.attestors.release.authority', ''], ['spec.attestors.release.authority', 1], ['spec.attestors.release.authority', 'pki/chain.pem'],
    ['spec.attestors.release.authority', `${AUTHORITY}\u200b`], ['spec.attestors.release.authority', key.publicKey],
    ['spec.attestors.release.subject', { workflow: 'https://ci.acme.test', refs: ['refs/heads/main'] }], ['spec.attestors.release.subject', 'https://ci.acme.test/*'],
    ['spec.attestors.release.subject', 'release'], ['spec.attestors.release.subject', 'a@b@acme.test'], ['spec.attestors.release.subject', '@acme.test'],
    ['spec.attestors.release.subject', 'release ci@acme.test'], ['spec.attestors.release.subject', 'ci.acme.test.'], ['spec.attestors.release.subject', 'ci..acme.test'],
    ['spec.attestors.release.subject', 'ci_.acmé.test'], ['spec.attestors.release.transparency', { sct: 'required' }, 'spec.attestors.release.transparency.sct'],
    ['spec.attestors.release.transparency', { log: 'notRequired', timestamp: 'required' }, 'spec.attestors.release.transparency.reason'],
    ['spec.attestors.release.trustRoot', 'Company Root'],
  ])('in a certificate of one\'s own authority: %s', (...mistake) => check(put(smallPolicy, 'spec.attestors.release', certificate), mistake));

  test.each([
    ['a text', smallPolicy.spec.attestors['release']], ['a workflow with refs', fullPolicy.spec.attestors['release']],
  ])('an issuer that is mistyped is answered with the one that is meant, where the subject is %s', (_how, release) => {
    const mistyped = put(put(smallPolicy, 'spec.attestors.release', release), 'spec.attestors.release.issuer', 'https://token.action.githubusercontent.com');
    expect(validateDocument(mistyped)).toEqual([{
      path: 'spec.attestors.release.issuer', message: expect.stringContaining('did you mean "https://token.actions.githubusercontent.com"?') as unknown,
    }]);
  });

  test('in a certificate of one\'s own authority: two names for one subject are not two parties', () => {
    const both = { type: 'signature', name: 'both', attestors: ['release', 'again'], threshold: 2 };
    const attestors = (subject: string): object => ({ release: certificate, again: { ...certificate, subject, trustRoot: 'company' } });
    const policyOf = (subject: string): object => put(put(smallPolicy, 'spec.attestors', attestors(subject)), 'spec.requirements.0', both);
    expect(pathsOf(policyOf(certificate.subject))).toEqual(['spec.requirements[0].attestors[1]']);
    expect(pathsOf(policyOf('other@acme.test'))).toEqual([]);
  });

  const rotated = put(put(smallPolicy, 'spec.attestors.release', {
    type: 'key', keys: [{ publicKey: key.publicKey, validFor: { until: '2027-01-01' } }, { publicKey: OTHER_PUBLIC_KEY, validFor: { from: '2026-12-01', until: '2028-01-01' } }],
  }), 'metadata.name', 'rotated');

  test('several keys with their periods are sound', () => {
    expect(validateDocument(rotated)).toEqual([]);
  });

  test.each<Mistake>([
    ['spec.attestors.release.keys', []], ['spec.attestors.release.keys', key.publicKey], ['spec.attestors.release.keys', ABSENT, 'spec.attestors.release.publicKey'],
    ['spec.attestors.release.publicKey', key.publicKey], ['spec.attestors.release.keys.0', key.publicKey], ['spec.attestors.release.keys.0.publicKey', ABSENT],
    ['spec.attestors.release.keys.0.publicKey', 'x'], ['spec.attestors.release.keys.1.publicKey', key.publicKey.replaceAll('\n', '\r\n')], ['spec.attestors.release.keys.0.extra', 1],
    ['spec.attestors.release.keys.0.validFor', {}], ['spec.attestors.release.keys.0.validFor', '2027-01-01'], ['spec.attestors.release.keys.0.validFor.until', 'soon'],
    ['spec.attestors.release.keys.0.validFor.extra', 1], ['spec.attestors.release.keys.1.validFor.until', '2026-12-01', 'spec.attestors.release.keys[1].validFor'],
    ['spec.attestors.release.keys', Array.from({ length: 17 }, () => ({ publicKey: generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString() }))],
  ])('in several keys of one party: %s', (...mistake) => check(rotated, mistake));

  test('in several keys of one party: each period, where nothing says when a key signed', () => {
    const timeless = (transparency: object): string[] => pathsOf(put(rotated, 'spec.attestors.release.transparency', transparency));
    expect(timeless({ log: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } })).toEqual(['spec.attestors.release.keys[0].validFor', 'spec.attestors.release.keys[1].validFor']);
    expect(timeless({ log: 'notRequired', timestamp: 'notRequired', untimed: { reason: 'air-gapped', owner: 'platform' } })).toHaveLength(2);
    expect(timeless({ log: 'notRequired', timestamp: 'required', reason: 'air-gapped' })).toEqual([]);
  });

  test('in several keys of one party: one that another attestor has, too, makes them one party', () => {
    const both = { type: 'signature', name: 'both', attestors: ['release', 'spare'], threshold: 2 };
    const withSpare = (publicKey: string): string[] => pathsOf(put(put(rotated, 'spec.attestors.spare', { type: 'key', publicKey }), 'spec.requirements.0', both));
    expect(withSpare(OTHER_PUBLIC_KEY)).toEqual(['spec.requirements[0].attestors[1]']);
    expect(withSpare(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString())).toEqual([]);
  });

  test.each<Mistake>([
    ['spec.reason', ABSENT], ['spec.owner', ABSENT], ['spec.reason', ' '], ['spec.owner', ''], ['spec.extra', 1], ['spec.until', '2030-01-01'],
    ['spec', { reason: 'r', owner: 'o' }], ['spec.digests', []], ['spec.signers', []], ['spec.certificates', []], ['spec.keys', []], ['spec.digests', DIGEST],
    ['spec.digests.0', DIGEST.slice(7), 'spec.digests[0]'], ['spec.digests.0', DIGEST.toUpperCase(), 'spec.digests[0]'], ['spec.digests.0', `sha256:${'0'.repeat(64)}`, 'spec.digests[0]'],
    ['spec.certificates.0', 'AB:CD:EF', 'spec.certificates[0]'], ['spec.certificates.0', 'c3'.repeat(32), 'spec.certificates[0]'],
    ['spec.keys.0', `sha256:${'D4'.repeat(32)}`, 'spec.keys[0]'], ['spec.keys.0', key.publicKey, 'spec.keys[0]'],
    ['spec.signers.0.subject', ABSENT], ['spec.signers.0.subject', 'https://github.com/acme/*'], ['spec.signers.0.issuer', 'accounts.google.com'], ['spec.signers.0.extra', 1],
    ['spec.signers.0.signed', {}], ['spec.signers.0.signed.until', '2025-12-31', 'spec.signers[0].signed'], ['spec.signers.0.signed.from', 'yesterday'],
    ['spec.namespaces', { labels: {} }, 'spec.namespaces.labels'], ['spec.namespaces', {}],
  ].map(([place, ...rest]) => [place, ...rest] as Mistake))('in a deny list: %s', (...mistake) => check(denyList, mistake));

  describe('in a policy', () => {
    test.each<Mistake>([
      // unknown, missing, of the wrong type
      ['extra', 1], ['spec.extra', 1], ['metadata.labels', {}], ['spec.image', 'ghcr.io/acme/app'], ['spec.Images', []],
      ['spec.attestors.release.extra', 1], ['spec.attestors.release.subject.extra', 1], ['spec.attestors.release.certificate.extra', 'x'],
      ['spec.attestors.release.transparency.extra', 'x'], ['spec.requirements.0.extra', 1], ['spec.requirements.0.checks', {}],
      ['spec.requirements.0.predicateType', 'https://x'],
      ['spec.requirements.1.checks.extra', 1], ['spec.action.extra', 1], ['spec.namespaces.extra', 1],
      ['apiVersion', ABSENT], ['kind', ABSENT], ['metadata', ABSENT], ['spec', ABSENT], ['metadata.name', ABSENT],
      ['spec.images', ABSENT], ['spec.requirements', ABSENT], ['spec.attestors.release.type', ABSENT], ['spec.attestors.release.issuer', ABSENT],
      ['spec.attestors.release.subject', ABSENT], ['spec.attestors.release.trustRoot', ABSENT], ['spec.attestors.release.subject.workflow', ABSENT],
      ['spec.attestors.release.subject.refs', ABSENT], ['spec.attestors.hardware.publicKey', ABSENT], ['spec.requirements.0.type', ABSENT],
      ['spec.requirements.0.name', ABSENT], ['spec.requirements.1.predicateType', ABSENT], ['spec.requirements.1.checks.type', ABSENT],
      ['spec.requirements.1.checks.source', ABSENT], ['spec.action.type', ABSENT], ['spec.action.reason', ABSENT], ['spec.action.owner', ABSENT],
      ['spec.action.until', ABSENT],
      ['apiVersion', 'proofgate.dev/v2'], ['apiVersion', 1], ['kind', 'Policy'], ['kind', 'imagePolicy'], ['metadata', []], ['metadata', 'payments'],
      ['spec', null], ['spec', []],
      ['spec.images', 'ghcr.io/acme/app'], ['spec.images', { 0: 'ghcr.io/acme/app' }], ['spec.images', null], ['spec.images.0', 1],
      ['spec.images.0', null], ['spec.images.0', ['a/b']],
      ['spec.requirements', {}], ['spec.requirements.0', null],
      ['spec.requirements.0', []], ['spec.requirements.0.threshold', '2'], ['spec.requirements.0.threshold', null],
      ['spec.requirements.0.threshold', 1.5], ['spec.requirements.0.multiPlatform', 'children'], ['spec.requirements.1.multiPlatform', null],
      ['spec.requirements.0.repository', true], ['spec.requirements.1.repository', 'optional'],
      ['spec.requirements.0.annotations', null], ['spec.requirements.0.annotations', []], ['spec.requirements.0.annotations.env', 1],
      ['spec.requirements.0.annotations.env', null],
      ['spec.requirements.0.threshold', true], ['spec.requirements.1.checks', null], ['spec.requirements.1.checks', []],
      ['spec.requirements.1.checks.level', '3'],
      ['spec.requirements.1.checks.level', 4], ['spec.requirements.1.checks.level', 0], ['spec.requirements.1.checks.externalParameters', []],
      ['spec.requirements.1.checks.sourceRefs', 'refs/heads/main'], ['spec.tags', 'allow'], ['spec.tags', null], ['spec.sameBuild', 'workflow'], ['spec.sameBuild', null], ['spec.sameBuild', true], ['spec.action', 'Deny'],
      ['spec.action', null],
      ['spec.action.type', 'Warn'], ['spec.action.type', 'deny'], ['spec.namespaces', []], ['spec.namespaces', null], ['spec.namespaces', 'payments'],
      ['spec.attestors.release.subject', 1], ['spec.attestors.release.subject', null], ['spec.attestors.release.subject', []],
      ['spec.attestors.release.certificate', null],
      ['spec.attestors.release.certificate.sourceRepositoryId', 123456], ['spec.attestors.release.transparency', 'none'],
      ['spec.attestors.release.transparency.log', false],
      ['spec.attestors.release.transparency.log', 'optional'],
      // names
      ['metadata.name', ''], ['metadata.name', 'Payments'], ['metadata.name', 'a.b'], ['metadata.name', 'a_b'], ['metadata.name', 'a'.repeat(64)],
      ['metadata.name', '../x'],
      ['spec.requirements.0.name', 'Signature'], ['spec.requirements.1.name', 'signature'],
      ['spec.namespaces', { names: ['Payments'] }, 'spec.namespaces.names[0]'], ['spec.namespaces', { except: ['*'] }, 'spec.namespaces.except[0]'],
      // empty
      ['spec.images', []], ['spec.requirements.0.attestors', [], 'spec.requirements[0].attestors'],
      ['spec.attestors.release.subject.refs', []], ['spec.requirements.1.checks.sourceRefs', []],
      ['spec.requirements.1.checks.builderIds', []], ['spec.requirements.1.checks.buildTypes', []], ['spec.namespaces', {}],
      ['spec.namespaces', { names: [] }, 'spec.namespaces.names'],
      ['spec.namespaces', { labels: {} }, 'spec.namespaces.labels'], ['spec.action.reason', ''], ['spec.action.reason', '   '],
      ['spec.action.owner', ''],
      ['spec.attestors.release.topLevel', true], ['spec.attestors.release.topLevel', 'Required'], ['spec.attestors.release.issuer', ''], ['spec.attestors.release.subject', ''], ['spec.attestors.release.subject', ' '],
      ['spec.attestors.release.subject.workflow', ''],
      ['spec.attestors.release.trustRoot', ''], ['spec.attestors.release.certificate.buildTrigger', ''],
      ['spec.requirements.1.predicateType', '', 'spec.requirements[1].predicateType'], ['spec.requirements.1.checks.source', ''],
      ['spec.requirements.1.checks.externalParameters', { '': 1 }, 'spec.requirements[1].checks.externalParameters[""]'],
      // selection
      ['spec.namespaces', { names: ['a'], except: ['b'] }], ['spec.namespaces', { names: ['a'], labels: { a: 'b' } }],
      ['spec.namespaces', { except: [], names: [], labels: {} }],
      ['spec.namespaces', { labels: { 'a b': 'c' } }, 'spec.namespaces.labels["a b"]'],
      ['spec.namespaces', { labels: { a: 'b c' } }, 'spec.namespaces.labels.a'],
      ['spec.namespaces', { labels: { a: 1 } }, 'spec.namespaces.labels.a'], ['spec.namespaces', { labels: [] }, 'spec.namespaces.labels'],
      // attestors and requirements
      ['spec.attestors.spare', key], ['spec.requirements.0.attestors.1', 'hardwore', 'spec.requirements[0].attestors[1]'],
      ['spec.requirements.1.attestors.0', 'toString', 'spec.requirements[1].attestors[0]'],
      ['spec.requirements.1.attestors.1', 'release'], ['spec.requirements.0.threshold', 0], ['spec.requirements.0.threshold', -1],
      ['spec.requirements.0.threshold', 3], ['spec.requirements.0.annotations', {}], ['spec.requirements.0.annotations.env', ''],
      ['spec.requirements.0.annotations.env', 'prod.*'], ['spec.requirements.0.annotations', { '': 'x' }, 'spec.requirements[0].annotations[""]'],
      ['spec.requirements.1.annotations', { env: 'prod' }],
      ['spec.requirements.1.checks.type', 'cel'], ['spec.requirements.0.type', 'vulnerability'], ['spec.attestors.release.type', 'x509'],
      ['spec.requirements.1.predicateType', 'https://slsa.dev/provenance/v0.2', 'spec.requirements[1].checks'],
      ['spec.requirements.1.predicateType', 'slsaprovenance'],
      // exact fields
      ['spec.attestors.release.issuer', 'http://token.actions.githubusercontent.com'], ['spec.attestors.release.issuer', 'https://'],
      ['spec.attestors.release.issuer', 'https://*.acme.test'],
      ['spec.attestors.release.issuer', 'https://token.action.githubusercontent.com'], ['spec.attestors.release.issuer', 'https://token.actions.githubusercontent.com/'],
      ['spec.attestors.release.issuer', 'https://token.actions.githubusercontent.com/acme/'], ['spec.attestors.release.issuer', 'https://token.actions.github.com'],
      ['spec.attestors.release.issuer', 'https://github.com'], ['spec.attestors.release.issuer', 'https://token.actions.githubusercontent.co'],
      ['spec.attestors.release.issuer', 'token.actions.githubusercontent.com'], ['spec.attestors.release.issuer', 'https://.*'],
      ['spec.attestors.release.issuer', ' https://id.acme.test'],
      ['spec.attestors.release.issuer', 'https://user@id.acme.test'], ['spec.attestors.release.issuer', 'HTTPS://id.acme.test'],
      ['spec.attestors.release.subject', 'https://github.com/acme/*'],
      ['spec.attestors.release.subject', '^https://github.com/acme/x@refs/heads/main$'],
      ['spec.attestors.release.subject', 'https://github.com/acme/.+@refs/heads/main'],
      ['spec.attestors.release.subject', 'https://github.com/acme/[^/]+@refs/heads/main'],
      ['spec.attestors.release.subject', 'https://github\\.com/acme/x@refs/heads/main'],
      ['spec.attestors.release.subject', 'a@acme.test|b@acme.test'],
      ['spec.attestors.release.subject', 'a@acme.test '], ['spec.attestors.release.subject', 'https://github.com/acme/'],
      ['spec.attestors.release.subject', 'https://github.com/acme/app/.github/workflows/x.yml'],
      ['spec.attestors.release.subject', 'https://github.com/acme/app/.github/workflows/x.yml@'],
      ['spec.attestors.release.subject.workflow', 'https://github.com/acme/*'],
      ['spec.attestors.release.subject.workflow', 'acme/app/.github/workflows/x.yml'],
      ['spec.attestors.release.subject.workflow', 'https://github.com/acme/app/x.yml@refs/heads/main'],
      ['spec.attestors.release.subject.workflow', 'https://github.com/acme/app/x.yml@'],
      ['spec.attestors.release.subject.refs.0', 'main'], ['spec.attestors.release.subject.refs.0', 'refs/pull/7/merge'],
      ['spec.attestors.release.subject.refs.0', '*'],
      ['spec.attestors.release.subject.refs.0', 'refs/*/main'], ['spec.attestors.release.subject.refs.0', 'refs/heads/**'],
      ['spec.attestors.release.subject.refs.0', 'refs/heads/'],
      ['spec.attestors.release.subject.refs.0', 'refs/heads/.*'], ['spec.attestors.release.subject.refs.0', '^refs/heads/main$'],
      ['spec.attestors.release.certificate.sourceRepositoryRef', 'main'],
      ['spec.attestors.release.certificate.sourceRepositoryRef', 'refs/pull/7/merge'],
      ['spec.attestors.release.certificate.sourceRepositoryUri', 'https://github.com/acme/*'],
      ['spec.attestors.release.certificate.sourceRepositoryUri', 'acme/payments'],
      ['spec.attestors.release.certificate.sourceRepositoryDigest', 'abc'],
      ['spec.attestors.release.certificate.sourceRepositoryDigest', 'A'.repeat(40)],
      ['spec.attestors.release.certificate.sourceRepositoryDigest', 'a'.repeat(12)],
      ['spec.attestors.release.certificate.sourceRepositoryId', 'acme'], ['spec.attestors.release.certificate.sourceRepositoryOwnerId', '*'],
      ['spec.attestors.release.certificate.buildTrigger', 'push|schedule'], ['spec.attestors.release.certificate.runnerEnvironment', '.*'],
      ['spec.attestors.release.certificate.workflowName', 'Release *'], ['spec.attestors.release.certificate.workflowName', '^Release'],
      ['spec.requirements.1.predicateType', 'https://slsa.dev/provenance/*'], ['spec.requirements.1.checks.source', 'github.com/acme/payments'],
      ['spec.requirements.1.checks.source', 'https://github.com/acme/*'], ['spec.requirements.1.checks.source', 'https://github.com/acme/payments/'],
      ['spec.requirements.1.checks.sourceRefs.0', 'main'], ['spec.requirements.1.checks.builderIds.0', 'https://github.com/.*'],
      ['spec.requirements.1.checks.builderIds.0', 'github'],
      ['spec.requirements.1.checks.buildTypes.0', 'https://x/*'],
      // keys
      ['spec.attestors.hardware.publicKey', 'abc'], ['spec.attestors.hardware.publicKey', `${OTHER_PUBLIC_KEY}${OTHER_PUBLIC_KEY}`],
      ['spec.attestors.hardware.publicKey', OTHER_PUBLIC_KEY.replaceAll('PUBLIC KEY', 'CERTIFICATE')],
      ['spec.attestors.hardware.publicKey', OTHER_PUBLIC_KEY.replace('=', '')],
      ['spec.attestors.hardware.publicKey', pem('pkcs8', 'ec')], ['spec.attestors.hardware.publicKey', pem('spki', 'rsa', { modulusLength: 1024 })],
      ['spec.attestors.hardware.publicKey', pem('spki', 'ec', { namedCurve: 'secp256k1' })],
      ['spec.attestors.hardware.publicKey', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
      ['spec.attestors.hardware.publicKey', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n'],
      ['spec.attestors.hardware.publicKey', 'x'.repeat(9000)],
      ['spec.attestors.hardware.trustRoot', '../company'],
      // transparency
      ['spec.attestors.hardware.transparency', { log: 'notRequired' }, 'spec.attestors.hardware.transparency.untimed'],
      ['spec.attestors.hardware.transparency', { log: 'notRequired', reason: 'air-gapped' }, 'spec.attestors.hardware.transparency.untimed'],
      ['spec.attestors.hardware.transparency', { log: 'notRequired', timestamp: 'notRequired', reason: 'air-gapped' }, 'spec.attestors.hardware.transparency.untimed'],
      ['spec.attestors.hardware.transparency', { log: 'notRequired', untimed: { reason: 'air-gapped' } }, 'spec.attestors.hardware.transparency.untimed.owner'],
      ['spec.attestors.hardware.transparency', { log: 'notRequired', untimed: { owner: 'platform', reason: ' ' } }, 'spec.attestors.hardware.transparency.untimed.reason'],
      ['spec.attestors.hardware.transparency', { log: 'notRequired', untimed: true }, 'spec.attestors.hardware.transparency.untimed'],
      ['spec.attestors.hardware.transparency', { log: 'notRequired', reason: 'air-gapped', untimed: { reason: 'air-gapped', owner: 'platform' } }, 'spec.attestors.hardware.transparency.reason'],
      ['spec.attestors.hardware.transparency', { log: 'notRequired', timestamp: 'required', reason: 'air-gapped', untimed: { reason: 'air-gapped', owner: 'platform' } }, 'spec.attestors.hardware.transparency.untimed'],
      ['spec.attestors.hardware.transparency', { untimed: { reason: 'air-gapped', owner: 'platform' } }, 'spec.attestors.hardware.transparency.untimed'],
      ['spec.attestors.release.transparency', { sct: 'notRequired', reason: 'private', untimed: { reason: 'air-gapped', owner: 'platform' } }, 'spec.attestors.release.transparency.untimed'],
      ['spec.attestors.release.transparency', { sct: 'notRequired' }, 'spec.attestors.release.transparency.reason'],
      ['spec.attestors.release.transparency', { log: 'notRequired', timestamp: 'required' }, 'spec.attestors.release.transparency.reason'],
      ['spec.attestors.release.transparency', { sct: 'notRequired', reason: ' ' }, 'spec.attestors.release.transparency.reason'],
      ['spec.attestors.release.transparency', { log: 'notRequired', reason: 'private' }, 'spec.attestors.release.transparency.timestamp'],
      [
        'spec.attestors.release.transparency', { log: 'notRequired', timestamp: 'notRequired', reason: 'private' },
        'spec.attestors.release.transparency.timestamp',
      ],
      ['spec.attestors.hardware.transparency', { sct: 'required' }, 'spec.attestors.hardware.transparency.sct'],
      // dates
      ['spec.action.until', 'tomorrow'], ['spec.action.until', '2030-02-30'], ['spec.action.until', '2030-01-31T00:00:00'],
      ['spec.action.until', 20300131],
      ['spec.action.until', new Date(0)],
      // what was never resolved, is invisible, or is not data
      ['metadata.name', 'undefined'], ['metadata.name', 'undefined-payments'], ['spec.images.0', 'ghcr.io/undefined/app'],
      ['spec.images.0', 'ghcr.io/acme/[object Object]'],
      ['spec.attestors.release.issuer', 'https://${Token[TOKEN.12]}'], ['spec.action.owner', '[object Promise]'], ['spec.action.reason', 'undefined'],
      ['spec.action.owner', 'Calling [toString] on an [Output<T>] is not supported.'],
      ['spec.requirements.1.checks.source', 'https://github.com/undefined'],
      ['spec.action.owner', 'team\u200b-a'], ['spec.action.owner', 'team\u200f-a'], ['spec.action.reason', 'two\nlines'], ['spec.images.0', 'ghcr.io/acme/app\0'],
      ['spec.action.owner', '\u202eevil'],
      ['spec.action.owner', '\ud800'], ['spec.tags', undefined], ['spec.tags', () => 'pin'], ['spec.namespaces', new Map()],
      ['spec.images.0', Symbol('x')],
      ['spec.requirements.0.threshold', Number.NaN], ['spec.requirements.0.threshold', 1n],
      ['spec.requirements.1.checks.externalParameters.inputs', undefined],
      ['spec.requirements.1.checks.externalParameters.inputs', Number.POSITIVE_INFINITY],
      ['spec.requirements.1.checks.externalParameters.inputs.level.0', 'undefined'],
      ['spec.__proto__', { tags: 'deny' }], ['spec.requirements.1.checks.externalParameters.__proto__', 1],
      ['spec.namespaces', { labels: { ['__proto__']: 'x', team: 'a' } }, 'spec.namespaces.labels.__proto__'],
    ])('%s: %p', (...mistake) => check(fullPolicy, mistake));
  });

  describe('in an exemption', () => {
    test.each<Mistake>([
      ['spec.extra', 1], ['spec.images', ['a/b']], ['spec.image', ABSENT], ['spec.digests', ABSENT], ['spec.reason', ABSENT], ['spec.owner', ABSENT],
      ['spec.until', ABSENT],
      ['spec.image', 'reg.test/vendor/*'], ['spec.image', 'reg.test/**'], ['spec.image', '*'], ['spec.image', 'reg.test/vendor/broker:v1'],
      ['spec.image', `reg.test/vendor/broker@${DIGEST}`], ['spec.image', 'reg.test/Vendor/broker'], ['spec.image', ''], ['spec.image', 1],
      ['spec.digests', []], ['spec.digests', DIGEST], ['spec.digests.0', '*'], ['spec.digests.0', `${DIGEST}a`],
      ['spec.digests.0', DIGEST.slice(0, -1)],
      ['spec.digests.0', DIGEST.toUpperCase()], ['spec.digests.0', DIGEST.slice(7)], ['spec.digests.0', `sha256:${'0'.repeat(64)}`],
      ['spec.digests.0', `md5:${'a'.repeat(32)}`],
      ['spec.digests.0', ''], ['spec.digests.0', null], ['spec.reason', ''], ['spec.owner', ' '], ['spec.until', ''], ['spec.until', 'never'],
      ['spec.until', '9999'],
      ['spec.namespaces', {}], ['spec.namespaces', { names: ['*'] }, 'spec.namespaces.names[0]'],
    ])('%s: %p', (...mistake) => check(exemption, mistake));
  });

  test.each<[string, unknown]>([
    ['null', null], ['undefined', undefined], ['a list', []], ['a text', 'ImagePolicy'], ['a number', 1], ['a function', () => smallPolicy],
    ['a date', new Date(0)],
  ])('a value that is %s has one problem, with the document as a whole', (_, value) => {
    expect(pathsOf(value)).toEqual(['']);
  });
});

describe('problems across a document', () => {
  test('every mistake is reported, each once', () => {
    let wrong = put(smallPolicy, 'spec.images', ['ghcr.io/acme*', '**', 'ghcr.io/acme/app:v1']);
    wrong = put(wrong, 'metadata.name', 'A');
    wrong = put(wrong, 'spec.attestors.release.issuer', 'http://x');
    wrong = put(wrong, 'spec.attestors.spare', { type: 'key' });
    expect(pathsOf(wrong).sort()).toEqual([
      'metadata.name', 'spec.attestors.release.issuer', 'spec.attestors.spare', 'spec.attestors.spare.publicKey', 'spec.images[0]', 'spec.images[1]',
      'spec.images[2]',
    ]);
  });

  test('attestors that nothing declares are problems where they are named', () => {
    expect(pathsOf(put(smallPolicy, 'spec.attestors', {}))).toEqual(['spec.requirements[0].attestors[0]']);
  });

  test.each(['constructor', 'toString', 'a b', '', '-a', 'a'.repeat(64), 'a/b'])('an attestor cannot be called %j', (name) => {
    const renamed = (to: string) => put(put(smallPolicy, 'spec.attestors', { [to]: keyless }), 'spec.requirements.0.attestors', [to]);
    expect(validateDocument(renamed(name)).some((problem) => problem.message.startsWith('has the name'))).toBe(true);
    expect(validateDocument(renamed('Release_1.x'))).toEqual([]);
  });

  test('one build can be asked for where certificates name it, and more than one signature has to be of it', () => {
    const [one, two] = [put(smallPolicy, 'spec.sameBuild', 'run'), put(put(smallPolicy, 'spec.attestors.other', { ...keyless, subject: 'other@acme.test' }), 'spec.requirements.0.attestors', ['release', 'other'])];
    const both = put(put(two, 'spec.requirements.0.threshold', 2), 'spec.sameBuild', 'run');
    expect(pathsOf(one)).toEqual(['spec.sameBuild']);
    expect(pathsOf(put(two, 'spec.sameBuild', 'run'))).toEqual(['spec.sameBuild']);
    expect(pathsOf(both)).toEqual([]);
    expect(pathsOf(put(both, 'spec.requirements.1', { type: 'attestation', name: 'scan', predicateType: 'urn:acme:scan:v1', attestors: ['other'] }))).toEqual([]);
    expect(pathsOf(put(both, 'spec.attestors.other', key))).toEqual(['spec.sameBuild']);
  });

  test('two names for one party do not make two parties', () => {
    const twice = (a: object, b: object, threshold: number) => put(put(smallPolicy, 'spec.attestors', { a, b }), 'spec.requirements.0', {
      type: 'signature', name: 'both', attestors: ['a', 'b'], threshold,
    });
    expect(pathsOf(twice(keyless, keyless, 2))).toEqual(['spec.requirements[0].attestors[1]']);
    expect(pathsOf(twice(keyless, keyless, 1))).toEqual([]);
    expect(pathsOf(twice(keyless, { ...keyless, subject: 'other@acme.test' }, 2))).toEqual([]);
    expect(pathsOf(twice(keyless, { ...keyless, trustRoot: 'company' }, 2))).toEqual(['spec.requirements[0].attestors[1]']);
    const respelt = { ...key, publicKey: key.publicKey.replaceAll('\n', '\r\n'), trustRoot: 'company' };
    expect(pathsOf(twice(key, respelt, 2))).toEqual(['spec.requirements[0].attestors[1]']);
    expect(pathsOf(twice(key, { ...key, publicKey: OTHER_PUBLIC_KEY }, 2))).toEqual([]);
  });

  test.each(['https://gitlab.com/acme/', 'https://gitlab.com/acme/app/.gitlab-ci.yml@'])('%s is half an identity, whoever issues it', (subject) => {
    const identity = (whole: string) => put(put(smallPolicy, 'spec.attestors.release.issuer', 'https://gitlab.com'), 'spec.attestors.release.subject', whole);
    expect(validateDocument(identity(subject)).map((problem) => problem.message)).toEqual([expect.stringContaining('half an identity')]);
    expect(validateDocument(identity(`${subject}x`))).toEqual([]);
  });

  test('an exemption with a wildcard is told that it is for one repository', () => {
    expect(validateDocument(put(exemption, 'spec.image', 'reg.test/*'))[0]?.message).toContain('an exemption is for one repository');
  });

  test('a signature is not required as an attestation', () => {
    const asAttestation = (predicateType: string) => put(smallPolicy, 'spec.requirements.0', {
      type: 'attestation', name: 'a', attestors: ['release'], predicateType,
    });
    expect(pathsOf(asAttestation('https://sigstore.dev/cosign/sign/v1'))).toEqual(['spec.requirements[0].predicateType']);
    expect(pathsOf(asAttestation('https://sigstore.dev/cosign/sign/v2'))).toEqual([]);
  });
});

describe('limits', () => {
  const padded = (length: number) => put(exemption, 'spec.reason', 'x'.repeat(length));

  test('512 KiB fit, one byte more does not, and bytes count rather than characters', () => {
    const room = 512 * 1024 - JSON.stringify(padded(0)).length;
    expect(pathsOf(padded(room))).toEqual([]);
    expect(pathsOf(padded(room + 1))).toEqual(['']);
    expect(pathsOf(put(exemption, 'spec.reason', 'é'.repeat(room / 2 + 1)))).toEqual(['']);
  });

  test('a document that contains itself, or is nested too deep, is a problem and no crash', () => {
    const loop: { [key: string]: unknown } = {};
    loop['loop'] = loop;
    const problems = validateDocument(put(fullPolicy, 'spec.requirements.1.checks.externalParameters', loop));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('levels deep');
    const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
    expect(pathsOf(put(fullPolicy, 'spec.requirements.1.checks.externalParameters.inputs', nested(50)))).toEqual([]);
    expect(validateDocument(put(fullPolicy, 'spec.requirements.1.checks.externalParameters.inputs', nested(100_000)))).toHaveLength(1);
  });

  test('lists that are long only on paper, and values that are shared until they are endless, are too large', () => {
    let shared: object = {};
    for (let depth = 0; depth < 40; depth++) {
      shared = { a: shared, b: shared };
    }
    expect(pathsOf(put(fullPolicy, 'spec.requirements.1.checks.externalParameters', shared))).toEqual(['']);
    expect(pathsOf(put(smallPolicy, 'spec.images', Object.assign(['ghcr.io/acme/**'], { length: 2 ** 32 - 1 })))).toEqual(['']);
  });

  test('a hundred problems are listed, the rest counted', () => {
    const problems: Problem[] = validateDocument(put(smallPolicy, 'spec.images', new Array(1000).fill('*')));
    expect(problems).toHaveLength(101);
    expect(problems[100]).toEqual({ path: '', message: 'has 900 more problems: correct these first' });
  });
});

test.each<[string, unknown, string]>([
  ['spec.namespaces', 'payments', 'is "payments": write an object, {names: [payments]}'],
  ['spec.namespaces', ['payments', 'shop'], 'is a list: write an object, {names: [payments, shop]}'],
  ['spec.namespaces', ['Payments'], 'is a list: write an object'],
  ['spec.namespaces', [], 'is a list: write an object'],
  ['spec.requirements.0.threshold', '2', 'is the text "2": write a whole number from 1, without quotes'],
  ['spec.requirements.0.threshold', 0, 'is 0: write a whole number from 1'],
  ['metadata.name', 5, 'is 5: write a text, in quotes'],
  ['metadata.name', ['x'], 'is a list: write a text'],
])('%s that is %j: the message says what to write', (place, value, message) => {
  expect(validateDocument(put(smallPolicy, place, value)).map((problem) => problem.message)).toEqual([message]);
});

describe('the parsed document', () => {
  test('does not change when the value it came from does', () => {
    const value = structuredClone(fullPolicy);
    const document = parseDocument(value);
    (value.spec.images)[0] = '**';
    expect(document).toEqual(fullPolicy);
  });

  test('reads a property once, so that what was checked is what is used', () => {
    let reads = 0;
    const spec = Object.defineProperty(structuredClone(smallPolicy.spec), 'tags', {
      enumerable: true, get: () => (reads++ === 0 ? 'deny' : 'anything'),
    });
    expect(parseDocument({ ...smallPolicy, spec })).toMatchObject({ spec: { tags: 'deny' } });
    expect(reads).toBe(1);
  });

  test('an error lists every problem with its path, for people and for programs', () => {
    try {
      parseDocument(put(put(smallPolicy, 'metadata.name', 'A'), 'spec.tags', 'x'));
    } catch (error) {
      expect(error).toBeInstanceOf(DocumentError);
      expect((error as DocumentError).code).toBe('MALFORMED');
      expect((error as DocumentError).problems).toHaveLength(2);
      expect((error as DocumentError).message).toBe([
        'the policy document has 2 problems:',
        '  metadata.name: is "A", which is not a DNS label: use up to 63 lower-case letters, digits and inner hyphens',
        '  spec.tags: is "x": write "pin" or "deny"',
      ].join('\n'));
    }
    expect.assertions(4);
  });
});
