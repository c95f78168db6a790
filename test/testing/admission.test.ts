import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { AuditWindow, DenyList, Exemption, KeylessAttestor, KyvernoEngine, NamespaceSelection, NativeEngine, PolicyControllerEngine, PolicyEngine, SignedImagePolicy, TagRule, WebhookVerifier } from '../../lib';
import { Admission, admissionOf, inNamespace, signedBy, stranger, unanswered, unreadable, unsigned, updating, Workload } from '../../lib/testing';
import { NEXT_MONTH } from '../cdk8s/tree';
import { policy } from '../decide/world';
import { API, chartWith, foreignChart, PINNED, release, RELEASE } from './scene';

const chart = chartWith();
const good = signedBy(release());
const container = (image: string, name = 'app'): object => ({ name, image });
const said = ({ outcome, reasons }: Admission): string => (outcome === 'refused' ? [...new Set(reasons.map(({ code }) => code))].join(' ') : outcome);
const why = { reason: 'a reason', owner: 'an owner' };

describe('what runs', () => {
  test.each<[string, string | object]>([
    ['a reference by tag', API],
    ['a reference by digest', PINNED],
    ['the specification of a Pod', { containers: [container(API)] }],
    ['a Pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api' }, spec: { containers: [container(API)] } }],
    ['a Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api' }, spec: { template: { spec: { containers: [container(API)] } } } }],
    ['a CronJob', { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'api' }, spec: { jobTemplate: { spec: { template: { spec: { containers: [container(API)] } } } } } }],
    ['an ApiObject', new ApiObject(Testing.chart(), 'api', { apiVersion: 'v1', kind: 'Pod', spec: { containers: [container(API)] } })],
  ])('%s', (_what, workload) => {
    expect(said(admissionOf(chart, workload, good))).toBe('admitted');
    expect(said(admissionOf(chart, workload))).toBe('NO_SIGNATURE');
  });

  test.each<[string, Workload, string]>([
    ['a list', [], 'or a workload, found a list'],
    ['a Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'api' } }, 'nothing that the API server asks about'],
    ['a Deployment of another group', { apiVersion: 'extensions/v1beta1', kind: 'Deployment', metadata: { name: 'api' } }, 'nothing that the API server asks about'],
    ['a Pod in two namespaces', inNamespace('b', { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'a' }, spec: { containers: [container(API)] } }), 'say it once'],
  ])('%s is an error of the test', (_what, workload, message) => {
    expect(() => admissionOf(chart, workload)).toThrow(message);
  });

  test('a Pod without containers is refused as a whole', () => {
    expect(admissionOf(chart, { containers: [] })).toMatchObject({ outcome: 'refused', reasons: [{ code: 'MALFORMED', image: '' }] });
  });
});

describe('several images', () => {
  const both = { containers: [container(API)], initContainers: [container('ghcr.io/acme/payments/init:v1', 'init')] };

  test('each has its own evidence, by reference or by repository, and what is not named has none', () => {
    expect(said(admissionOf(chart, both, { [API]: good, 'ghcr.io/acme/payments/init': good }))).toBe('admitted');
    expect(said(admissionOf(chart, both, { [API]: good }))).toBe('NO_SIGNATURE');
    expect(said(admissionOf(chart, both, { [API]: good, 'ghcr.io/acme/payments/init': signedBy(stranger()) }))).toBe('WRONG_IDENTITY');
    expect(said(admissionOf(chart, both))).toBe('NO_SIGNATURE');
  });

  test('one evidence for all of them, or for one that is not there, is an error of the test', () => {
    expect(() => admissionOf(chart, both, good)).toThrow('say which of them has the evidence');
    expect(() => admissionOf(chart, both, { 'ghcr.io/acme/payments/apl': good })).toThrow('which the workload does not name');
    expect(() => admissionOf(chart, both, { 'ghcr.io/acme/payments/api:v2': good })).toThrow('which the workload does not name');
  });
});

describe('an update', () => {
  const deployment = (images: readonly string[], replicas = 1): object => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api' }, spec: { replicas, template: { spec: { containers: images.map((image, index) => container(image, `c${index}`)) } } },
  });
  const other = 'ghcr.io/acme/payments/other:v1';

  test('does not judge what stays where it is, and judges what is new', () => {
    expect(said(admissionOf(chart, updating(deployment([API]), deployment([API], 5))))).toBe('admitted');
    expect(said(admissionOf(chart, deployment([API], 5)))).toBe('NO_SIGNATURE');
    expect(said(admissionOf(chart, updating(deployment([API]), deployment([API, other]))))).toBe('NO_SIGNATURE');
    expect(said(admissionOf(chart, updating(deployment([API]), deployment([API, other])), { [other]: good }))).toBe('admitted');
    expect(said(admissionOf(chart, inNamespace('payments', updating(deployment([API]), deployment([other])))))).toBe('NO_SIGNATURE');
  });

  test('judges an image that moves to another container', () => {
    expect(said(admissionOf(chart, updating(deployment([API]), deployment(['ghcr.io/acme/payments/sidecar:v1', API])), { 'ghcr.io/acme/payments/sidecar': good }))).toBe('NO_SIGNATURE');
  });

  test('of one kind to another is an error of the test, and so is evidence for what is not judged', () => {
    expect(() => admissionOf(chart, updating(API, deployment([API])))).toThrow('a Pod does not become a Deployment by an update');
    expect(() => admissionOf(chart, updating(deployment([API]), deployment([API], 5)), { [API]: good })).toThrow('which the workload does not name');
  });
});

describe('evidence that nobody can judge', () => {
  test('proves nothing, and what is beside it does', () => {
    expect(said(admissionOf(chart, PINNED, unreadable()))).toBe('MALFORMED');
    expect(said(admissionOf(chart, PINNED, unreadable().and(good)))).toBe('admitted');
  });

  test('a registry that does not answer is a refusal, whatever else is said', () => {
    expect(said(admissionOf(chart, PINNED, unanswered()))).toBe('REGISTRY_UNAVAILABLE');
    expect(said(admissionOf(chart, PINNED, good.and(unanswered())))).toBe('REGISTRY_UNAVAILABLE');
    expect(said(admissionOf(chart, PINNED, good))).toBe('admitted');
  });

  test('of a tag, nobody knows then what it points to', () => {
    expect(said(admissionOf(chart, API, unanswered()))).toBe('TAG_NOT_PINNED');
    expect(said(admissionOf(chart, { apiVersion: 'batch/v1', kind: 'Job', spec: { template: { spec: { containers: [container(API)] } } } }, unanswered()))).toBe('REGISTRY_UNAVAILABLE');
  });

  test('an exemption of the digest needs no answer', () => {
    const exempting = chartWith({}, (scope) => void new Exemption(scope, 'api', { image: 'ghcr.io/acme/payments/api', digests: [PINNED.split('@')[1] ?? ''], ...why, until: NEXT_MONTH }));
    expect(said(admissionOf(exempting, PINNED, unanswered()))).toBe('admitted');
  });
});

describe('tags', () => {
  const denying = chartWith({ tags: TagRule.DENY });

  test('are refused where the policy says so, a digest is not', () => {
    expect(said(admissionOf(denying, API, good))).toBe('TAG_NOT_PINNED');
    expect(said(admissionOf(denying, PINNED, good))).toBe('admitted');
    expect(said(admissionOf(denying, { apiVersion: 'batch/v1', kind: 'Job', spec: { template: { spec: { containers: [container(API)] } } } }, good))).toBe('TAG_NOT_PINNED');
  });

  test('do not lead around an exemption or a deny list that names another digest', () => {
    const exempting = chartWith({}, (scope) => void new Exemption(scope, 'vendor', { image: 'docker.io/vendor/agent', digests: [PINNED.split('@')[1] ?? ''], ...why, until: NEXT_MONTH }));
    expect(said(admissionOf(exempting, `docker.io/vendor/agent@${PINNED.split('@')[1]}`))).toBe('admitted');
    expect(said(admissionOf(exempting, 'docker.io/vendor/agent:v1'))).toBe('UNMATCHED_IMAGE');
    expect(said(admissionOf(exempting, 'docker.io/vendor/other:v1'))).toBe('UNMATCHED_IMAGE');
  });
});

describe('deny lists', () => {
  const certificate = `sha256:${'c3'.repeat(32)}`;
  const key = `sha256:${'d4'.repeat(32)}`;
  const denying = (list: object): Chart => chartWith({}, (scope) => void new DenyList(scope, 'known-bad', { ...why, ...list }));

  test.each<[string, object, typeof good, string]>([
    ['a digest', { digests: [PINNED.split('@')[1]] }, good, 'DENY_LISTED'],
    ['another digest', { digests: [`sha256:${'e5'.repeat(32)}`] }, good, 'admitted'],
    ['the signer', { signers: [{ subject: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main' }] }, good, 'DENY_LISTED'],
    ['the signer from tomorrow on', { signers: [{ subject: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main', signedFrom: NEXT_MONTH }] }, good, 'admitted'],
    ['the certificate', { certificates: [certificate] }, signedBy(release(), { certificate }), 'DENY_LISTED'],
    ['another certificate', { certificates: [certificate] }, good, 'admitted'],
    ['the key in the certificate', { keys: [key] }, signedBy(release(), { key }), 'DENY_LISTED'],
  ])('%s', (_what, list, evidence, expected) => {
    expect(said(admissionOf(denying(list), PINNED, evidence))).toBe(expected);
  });
});

describe('namespaces', () => {
  const named = chartWith({ namespaces: NamespaceSelection.names('payments') });
  const labelled = chartWith({ namespaces: NamespaceSelection.labels({ tier: 'production' }) });

  test('what no policy covers is neither admitted nor refused', () => {
    expect(admissionOf(named, API, good)).toMatchObject({ outcome: 'uncovered', namespace: 'default', reasons: [] });
    expect(said(admissionOf(named, inNamespace('payments', API), good))).toBe('admitted');
    expect(said(admissionOf(named, { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'payments' }, spec: { containers: [container(API)] } }))).toBe('NO_SIGNATURE');
    expect(said(admissionOf(chart, inNamespace('kube-system', API), good))).toBe('uncovered');
  });

  test('labels count where they are said, and are not known where they are not', () => {
    expect(said(admissionOf(labelled, API, good))).toBe('NAMESPACE_UNKNOWN');
    expect(said(admissionOf(labelled, inNamespace('shop', API, { tier: 'production' }), good))).toBe('admitted');
    expect(said(admissionOf(labelled, inNamespace('shop', API, { tier: 'production' })))).toBe('NO_SIGNATURE');
    expect(said(admissionOf(labelled, inNamespace('shop', API, {}), good))).toBe('uncovered');
    const byName = chartWith({ namespaces: NamespaceSelection.labels({ 'kubernetes.io/metadata.name': 'shop' }) });
    expect(said(admissionOf(byName, inNamespace('shop', API, {})))).toBe('NO_SIGNATURE');
  });

  test('the verifier\'s own is not one to test in', () => {
    expect(() => admissionOf(chart, inNamespace('proofgate', API), good)).toThrow('proofgate is the verifier\'s own namespace');
  });
});

test('what a window only warns of is not called admitted', () => {
  const watched = chartWith({ audit: new AuditWindow({ ...why, until: NEXT_MONTH }) });
  expect(admissionOf(watched, API)).toMatchObject({ outcome: 'warned', warnings: [{ code: 'NO_SIGNATURE', policy: 'payments' }] });
  expect(admissionOf(watched, API, good)).toMatchObject({ outcome: 'admitted', warnings: [] });
});

test('where what a native engine wrote holds, nothing is said of it; elsewhere the verifier decides', () => {
  const made = (name: string): Chart => {
    const scope = chartWith();
    const namespaces = NamespaceSelection.names(name);
    new DenyList(scope, 'withdrawn', { digests: [`sha256:${'d'.repeat(64)}`], reason: 'withdrawn', owner: 'ada', namespaces, engine: new NativeEngine(scope, 'native') });
    return scope;
  };
  expect(() => admissionOf(made('default'), API, good)).toThrow('ImageDenyList withdrawn of NativeEngine holds in the namespace default');
  expect(admissionOf(made('elsewhere'), API, good).outcome).toBe('admitted');
});

describe.each<[string, (chart: Chart) => PolicyEngine]>([
  ['KyvernoEngine', (scope) => new KyvernoEngine(scope, 'engine', { version: '1.19.1' })],
  ['PolicyControllerEngine', (scope) => new PolicyControllerEngine(scope, 'engine', { version: '0.15.1' })],
])('%s beside a verifier', (engine, make) => {
  const beside = (namespace: string): App => {
    const app = new App();
    const own = new Chart(app, 'own');
    const namespaces = NamespaceSelection.names('default');
    new SignedImagePolicy(own, 'payments', { images: ['ghcr.io/acme/payments/**'], namespaces, attestors: [KeylessAttestor.githubWorkflow(own, 'release', RELEASE)] });
    foreignChart(make, namespace, new Chart(app, 'foreign'));
    return app;
  };

  test('where its policy holds nothing is said of a workload; elsewhere the verifier decides', () => {
    expect(() => admissionOf(beside('default'), API, good)).toThrow(`ImagePolicy foreign of ${engine} holds in the namespace default, and the kit does not judge`);
    expect(said(admissionOf(beside('elsewhere'), API, good))).toBe('admitted');
  });

  test('and alone, it is said that the kit does not judge it', () => {
    expect(() => admissionOf(foreignChart(make, 'default'), API, good)).toThrow(`its policies are enforced by ${engine}, which this kit does not judge`);
  });
});

describe('what enforces', () => {
  const scoped = (scope: Chart, name: string, namespaces: NamespaceSelection): void => {
    const verifier = new WebhookVerifier(scope, `verifier-${name}`, { name: `verifier-${name}`, namespace: `proofgate-${name}` });
    const attestors = name === 'a'
      ? [KeylessAttestor.githubWorkflow(scope, 'release', RELEASE)]
      : [KeylessAttestor.email(scope, 'ada', { email: 'ada@acme.example', issuer: 'https://accounts.google.com' })];
    new SignedImagePolicy(scope, name, { images: ['ghcr.io/acme/payments/**'], namespaces, attestors, engine: verifier });
  };

  test('two verifiers of one App both have to agree', () => {
    const app = new App();
    scoped(new Chart(app, 'a'), 'a', NamespaceSelection.names('payments', 'shop'));
    scoped(new Chart(app, 'b'), 'b', NamespaceSelection.names('payments'));
    expect(said(admissionOf(app, inNamespace('shop', API), good))).toBe('admitted');
    expect(said(admissionOf(app, inNamespace('payments', API), good))).toBe('WRONG_IDENTITY');
  });

  test('a chart, its App, what it writes, and its documents say the same', () => {
    const app = chart.node.root as App;
    for (const enforcement of [chart, app, Testing.synth(chart) as object[], [{ kind: 'List', apiVersion: 'v1', items: Testing.synth(chart) as object[] }]]) {
      expect(said(admissionOf(enforcement, API, good))).toBe('admitted');
      expect(said(admissionOf(enforcement, API))).toBe('NO_SIGNATURE');
    }
    expect(said(admissionOf([policy()], API))).toBe('NO_SIGNATURE');
  });

  test.each<[string, () => unknown, string]>([
    ['nothing', () => [], 'there is no policy in it'],
    ['a chart without policies', () => Testing.chart(), 'there is no policy in it'],
    ['a text', () => 'chart', 'expected a chart or App'],
    ['a policy that cannot be enforced', () => [{ ...policy(), spec: {} }], '[INVALID_DOCUMENT]'],
    ['a webhook that may be ignored', () => weakened(), '[FAILURE_POLICY]'],
    ['a chart that does not synthesize', () => chartWith({}, (scope) => void scope.node.tryRemoveChild('payments')), '[REMOVED]'],
  ])('%s is an error of the test', (_what, make, message) => {
    expect(() => admissionOf(make() as Chart, API, unsigned())).toThrow(message);
  });

  function weakened(): object[] {
    return JSON.parse(JSON.stringify(Testing.synth(chart)).replaceAll('"failurePolicy":"Fail"', '"failurePolicy":"Ignore"')) as object[];
  }
});
