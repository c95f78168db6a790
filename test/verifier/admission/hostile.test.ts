import { matching } from '../../support/texts';
import { Answer, containers, pod, request, RequestOptions, WebhookScene } from './scene';

let scene: WebhookScene;

beforeAll(async () => {
  scene = await WebhookScene.start();
});

afterAll(() => scene.close());

const validate = (object: unknown, options: RequestOptions = {}): Promise<Answer> => scene.review('/validate', request(object, options));

const app = (image: string, metadata: object = {}): object => pod({ containers: containers(image) }, metadata);

async function saidOf(object: unknown, options: RequestOptions = {}): Promise<string> {
  const { status, response } = await validate(object, options);
  expect(status).toBe(200);
  expect(response.allowed === true || /\[[A-Z_]+\] /.test(response.status?.message ?? '')).toBe(true);
  return response.allowed === true ? 'allowed' : response.auditAnnotations?.reasons ?? 'no reason';
}

describe('who asks, and what the object says of itself, never replaces evidence', () => {
  test.each<[string, object, RequestOptions]>([
    ['A37 system:masters', {}, { userInfo: { username: 'admin', groups: ['system:masters'] } }],
    ['A37 the verifier\'s own account', {}, { userInfo: { username: 'system:serviceaccount:proofgate:proofgate-verifier' } }],
    ['A37 the controller manager', {}, { userInfo: { username: 'system:kube-controller-manager' } }],
    ['A14 a mirror Pod of a node', { annotations: { 'kubernetes.io/config.mirror': 'x', 'kubernetes.io/config.source': 'file' } }, { userInfo: { username: 'system:node:n1', groups: ['system:nodes'] } }],
    ['A14 a mirror Pod of a human', { annotations: { 'kubernetes.io/config.mirror': 'x' } }, {}],
    ['A15 a result of our own', { annotations: { 'proofgate.dev/verified': 'true', 'proofgate.dev/proof': 'sha256:0' } }, {}],
    ['A15 a result of another engine', { annotations: { 'kyverno.io/verify-images': '{"image":"pass"}' } }, {}],
    ['A15 a label to skip', { labels: { 'proofgate.dev/skip': 'true', 'admission.gatekeeper.sh/ignore': 'true' } }, {}],
    ['A15 a break-glass annotation', { annotations: { 'proofgate.dev/break-glass': 'true', 'admission.sigstore.dev/break-glass': 'true' } }, {}],
    ['A16 labels of a namespace on the object', { labels: { 'policy.sigstore.dev/exclude': 'true', 'kubernetes.io/metadata.name': 'kube-system' } }, {}],
    ['A38 the name of an exempt namespace as a label', { labels: { namespace: 'kube-system' }, namespace: 'kube-system' }, {}],
    ['A09 generateName', { name: undefined, generateName: 'app-' }, { name: '' }],
    ['A09 a namespace in the request only', { namespace: undefined }, {}],
    ['an owner', { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'x', controller: true }] }, {}],
  ])('%s', async (_what, metadata, options) => {
    await expect(saidOf(app(scene.bad, metadata), options)).resolves.toBe('NO_SIGNATURE');
    await expect(saidOf(app(scene.good, metadata), options)).resolves.toBe('allowed');
  });
});

describe('A38: namespaces are compared byte for byte, and by the request\'s', () => {
  test.each(['kube-system-x', 'Kube-System', ' kube-system', 'kube-system ', 'kube-system\n', 'kube', 'x-kube-system'])('%j is guarded', async (namespace) => {
    await expect(saidOf(app(scene.bad), { namespace })).resolves.toBe('NO_SIGNATURE');
  });

  test('the API server asks about no other; where it does, the verifier knows too little, and refuses whatever it is', async () => {
    await expect(saidOf(app(scene.bad), { namespace: 'kube-system' })).resolves.toBe('NAMESPACE_UNKNOWN');
    await expect(saidOf(app(scene.good), { namespace: 'kube-system' })).resolves.toBe('NAMESPACE_UNKNOWN');
  });

  test.each([undefined, '', null])('none (%j) is refused', async (namespace) => {
    await expect(saidOf(app(scene.good), { namespace } as RequestOptions)).resolves.toBe('MALFORMED');
  });
});

describe('kinds whose images are not known', () => {
  test.each<[string, { group: string; version: string; kind: string }, (image: string) => object]>([
    ['A17 List', { group: '', version: 'v1', kind: 'List' }, (image) => ({ kind: 'List', items: [app(image)] })],
    ['A17 PodList', { group: '', version: 'v1', kind: 'PodList' }, (image) => ({ items: [app(image)] })],
    ['A17 Table', { group: 'meta.k8s.io', version: 'v1', kind: 'Table' }, (image) => ({ rows: [{ object: app(image) }] })],
    ['A18 Rollout', { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout' }, (image) => ({ spec: { template: app(image) } })],
    ['A18 Knative Service', { group: 'serving.knative.dev', version: 'v1', kind: 'Service' }, (image) => ({ spec: { template: app(image) } })],
    ['a Pod of another group', { group: 'evil.test', version: 'v1', kind: 'Pod' }, (image) => app(image)],
    ['a kind of another case', { group: '', version: 'v1', kind: 'pod' }, (image) => app(image)],
    ['a name every object has', { group: '', version: 'v1', kind: 'constructor' }, (image) => app(image)],
  ])('%s', async (_what, kind, object) => {
    const { response } = await validate(object(scene.good), { kind });
    expect(response).toMatchObject({ allowed: false, status: { message: matching(/no extractor/) }, auditAnnotations: { reasons: 'UNSUPPORTED' } });
  });

  test.each(['binding', 'eviction', 'exec', 'attach', 'Status', 'status/x'])('the subresource %s', async (subResource) => {
    await expect(saidOf(app(scene.good), { subResource, operation: 'UPDATE' })).resolves.toBe('UNSUPPORTED');
  });

  test.each<[string, object]>([['another kind', { kind: 'ConfigMap' }], ['another group', { apiVersion: 'apps/v1' }]])('A17: an object that says it is of %s', async (_what, says) => {
    await expect(saidOf({ ...app(scene.good), ...says })).resolves.toBe('MALFORMED');
  });

  test('A17: a Pod with another one inside is judged by its own containers', async () => {
    await expect(saidOf({ ...app(scene.good), items: [app(scene.bad)] })).resolves.toBe('allowed');
    await expect(saidOf({ ...app(scene.bad), items: [app(scene.good)] })).resolves.toBe('NO_SIGNATURE');
  });
});

describe('A19: what is of the wrong type is refused', () => {
  const one = (fields: object): object => pod({ containers: [{ name: 'c', image: scene.good, ...fields }] });
  test.each<[string, () => unknown]>([
    ['no object', () => null], ['a text', () => 'pod'], ['a list', () => []], ['an empty object', () => ({})], ['a number', () => 7],
    ['spec: null', () => pod(null)], ['spec: []', () => pod([])], ['spec: a text', () => pod('x')],
    ['no containers', () => pod({})], ['containers: {}', () => pod({ containers: {} })], ['containers: a text', () => pod({ containers: 'x' })],
    ['containers: null', () => pod({ containers: null })], ['containers: []', () => pod({ containers: [] })], ['containers: [null]', () => pod({ containers: [null] })],
    ['containers in containers', () => pod({ containers: [containers(scene.good)] })],
    ['image: 123', () => one({ image: 123 })], ['image: null', () => one({ image: null })], ['image: []', () => one({ image: [scene.good] })], ['image: {}', () => one({ image: { reference: scene.good } })],
    ['no name', () => one({ name: undefined })], ['two of one name', () => pod({ containers: [...containers(scene.good), ...containers(scene.bad)] })],
    ['initContainers: {}', () => pod({ containers: containers(scene.good), initContainers: {} })],
    ['ephemeralContainers: a text', () => pod({ containers: containers(scene.good), ephemeralContainers: 'x' })],
    ['volumes: {}', () => pod({ containers: containers(scene.good), volumes: {} })],
    ['an image volume without reference', () => pod({ containers: containers(scene.good), volumes: [{ name: 'v', image: {} }] })],
    ['an image volume that is a text', () => pod({ containers: containers(scene.good), volumes: [{ name: 'v', image: scene.good }] })],
  ])('%s', async (_what, object) => {
    await expect(saidOf(object())).resolves.toBe('MALFORMED');
  });

  test.each(['initContainers', 'ephemeralContainers', 'volumes'])('%s: null holds nothing, as for the API server', async (list) => {
    await expect(saidOf(pod({ containers: containers(scene.good), [list]: null }))).resolves.toBe('allowed');
  });

  test('10⁵ containers are LIMIT', async () => {
    await expect(saidOf(pod({ containers: containers(...Array.from({ length: 100_000 }, () => 'a')) }))).resolves.toBe('LIMIT');
  });
});

describe('A20: references that no runtime reads the way we would', () => {
  test.each([
    ' ', 'auto', '\t', 'a b', 'http://reg.test/a', 'reg.test/a@sha256:0', 'reg.test/A', '-', '@', ':', '/', 'oci:layout', '\u202egro/ppa',
  ])('%j is refused without asking anybody', async (image) => {
    const before = scene.registry.requests.length;
    await expect(saidOf(app(image))).resolves.toMatch(/^(MALFORMED|UNSUPPORTED|UNMATCHED_IMAGE|TAG_NOT_PINNED)$/);
    expect(scene.registry.requests).toHaveLength(before);
  });

  test.each([' IMAGE', 'IMAGE ', 'IMAGE\n', '\tIMAGE', 'IMAGE\u0000', 'IMAGE\u200b', 'IMAGE#x', 'IMAGE@IMAGE', 'http://IMAGE'])('the good image as %j is refused', async (shape) => {
    await expect(saidOf(app(scene.good))).resolves.toBe('allowed');
    const before = scene.registry.requests.length;
    await expect(saidOf(app(shape.replaceAll('IMAGE', scene.good)))).resolves.toBe('MALFORMED');
    expect(scene.registry.requests).toHaveLength(before);
  });

  test('an empty one is refused', async () => {
    await expect(saidOf(app(''))).resolves.toBe('MALFORMED');
  });
});

test('an image that no policy names is refused without asking its registry', async () => {
  const before = scene.registry.requests.length;
  const elsewhere = scene.signed('elsewhere', 'evil/app');
  await expect(saidOf(app(elsewhere))).resolves.toBe('UNMATCHED_IMAGE');
  await expect(saidOf(app(`127.0.0.1:1/acme/app@${elsewhere.split('@')[1]}`))).resolves.toBe('UNMATCHED_IMAGE');
  expect(scene.registry.requests).toHaveLength(before);
  await expect(saidOf(app(scene.signed('here')))).resolves.toBe('allowed');
});

test('nor is the registry of a template\'s image asked, where no policy names it, what its tag points to', async () => {
  const deployment = (image: string): [object, RequestOptions] =>
    [{ spec: { template: { spec: { containers: containers(image) } } } }, { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }];
  const before = scene.registry.requests.length;
  scene.registry.pushImage('evil/app', 'elsewhere', 'v1');
  await expect(saidOf(...deployment(`${scene.registry.host}/evil/app:v1`))).resolves.toBe('UNMATCHED_IMAGE');
  await expect(saidOf(...deployment('127.0.0.1:1/acme/app:v1'))).resolves.toBe('UNMATCHED_IMAGE');
  expect(scene.registry.requests).toHaveLength(before);
  await expect(saidOf(...deployment(scene.tag('good')))).resolves.toBe('allowed');
});

test('A35: a Pod with a tag is refused, and nobody is asked; the same image by digest is allowed', async () => {
  const before = scene.registry.requests.length;
  await expect(saidOf(app(scene.tag('good')))).resolves.toBe('TAG_NOT_PINNED');
  expect(scene.registry.requests).toHaveLength(before);
  await expect(saidOf(app(scene.good.replace('@', ':bad@')))).resolves.toBe('allowed');
});

test('the message names field, image, policy, code and what to do', async () => {
  const { response } = await validate(app(scene.bad));
  expect(response.status).toMatchObject({ code: 403, reason: 'Forbidden' });
  const message = response.status?.message ?? '';
  for (const part of ['spec.containers[0].image', scene.bad, '[NO_SIGNATURE]', 'policy app', 'What to do:']) {
    expect(message).toContain(part);
  }
});
