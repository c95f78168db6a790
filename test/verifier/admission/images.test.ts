import { containers, pod, request, WebhookScene } from './scene';

let scene: WebhookScene;

beforeAll(async () => {
  scene = await WebhookScene.start();
});

afterAll(() => scene.close());

/** Both directions: the object with this image, unsigned and signed. */
async function bothWays(ask: (image: string) => object): Promise<{ bad: string; good: string }> {
  const said = async (image: string): Promise<string> => {
    const { status, response } = await scene.review('/validate', ask(image));
    expect(status).toBe(200);
    return response.allowed === true ? 'allowed' : response.auditAnnotations?.reasons ?? 'no reason';
  };
  return { bad: await said(scene.bad), good: await said(scene.good) };
}

const REFUSED_AND_ALLOWED = { bad: 'NO_SIGNATURE', good: 'allowed' };
const image = (reference: string): object => ({ name: 'm', image: { reference, pullPolicy: 'Always' } });

test.each<[string, (image: string) => object]>([
  ['containers', (i) => ({ containers: containers(i) })],
  ['A01 initContainers', (i) => ({ containers: containers(scene.good), initContainers: containers(i) })],
  ['A01 sidecars', (i) => ({ containers: containers(scene.good), initContainers: [{ name: 's', image: i, restartPolicy: 'Always' }] })],
  ['A02 ephemeralContainers of a new Pod', (i) => ({ containers: containers(scene.good), ephemeralContainers: containers(i) })],
  ['A03 image volumes', (i) => ({ containers: containers(scene.good), volumes: [{ name: 'v', emptyDir: {} }, image(i)] })],
  ['A03 the first of 50', (i) => ({ containers: containers(i, ...Array.from({ length: 49 }, () => scene.good)) })],
  ['A03 the last of 50', (i) => ({ containers: containers(...Array.from({ length: 49 }, () => scene.good), i) })],
  ['A26 real keys beside others of another case', (i) => ({ 'Containers': containers(scene.good), 'containers': containers(i), 'initcontainers': containers(scene.good) })],
  ['A26 the key image beside Image', (i) => ({ containers: [{ name: 'c', Image: scene.good, image: i }] })],
])('%s', async (_what, spec) => {
  await expect(bothWays((i) => request(pod(spec(i))))).resolves.toEqual(REFUSED_AND_ALLOWED);
});

test('A26: keys of another case are not images', async () => {
  const { response } = await scene.review('/validate', request(pod({ containers: containers(scene.good), initcontainers: containers(scene.bad), Containers: containers(scene.bad) })));
  expect(response.allowed).toBe(true);
});

describe('A05: workloads', () => {
  const template = (i: string): object => ({ metadata: {}, spec: { containers: containers(i) } });
  test.each<[string, string, (image: string) => object]>([
    ['apps', 'Deployment', (i) => ({ spec: { template: template(i) } })],
    ['apps', 'ReplicaSet', (i) => ({ spec: { template: template(i) } })],
    ['apps', 'StatefulSet', (i) => ({ spec: { template: template(i) } })],
    ['apps', 'DaemonSet', (i) => ({ spec: { template: template(i) } })],
    ['batch', 'Job', (i) => ({ spec: { template: template(i) } })],
    ['batch', 'CronJob', (i) => ({ spec: { jobTemplate: { spec: { template: template(i) } } } })],
    ['', 'ReplicationController', (i) => ({ spec: { template: template(i) } })],
    ['', 'PodTemplate', (i) => ({ template: template(i) })],
  ])('%s %s, by digest and by tag, whatever version the client spoke', async (group, kind, object) => {
    const gvk = { group, version: 'v1', kind };
    const ask = (i: string): object => request(object(i), { kind: gvk, requestKind: { group: 'extensions', version: 'v1beta1', kind } });
    await expect(bothWays(ask)).resolves.toEqual(REFUSED_AND_ALLOWED);
    await expect(bothWays((i) => ask(scene.tag(i === scene.good ? 'good' : 'bad')))).resolves.toEqual(REFUSED_AND_ALLOWED);
  });
});

describe('updates', () => {
  const update = (object: object, oldObject: unknown, further: object = {}): object => request(object, { operation: 'UPDATE', oldObject, ...further });

  test.each<[string, (image: string) => object]>([
    ['A06 another image', (i) => update(pod({ containers: containers(i) }), pod({ containers: containers(`${scene.registry.host}/acme/app@sha256:${'0'.repeat(64)}`) }))],
    ['A06 one container more', (i) => update(pod({ containers: containers(scene.good, i) }), pod({ containers: containers(scene.good) }))],
    ['A06 only an init container', (i) => update(pod({ containers: containers(scene.good), initContainers: containers(i) }), pod({ containers: containers(scene.good), initContainers: containers(scene.tag('x')) }))],
    ['A06 an old object that has the image at another place', (i) => update(pod({ containers: containers(i) }), pod({ containers: containers(scene.good), initContainers: containers(i) }))],
    ['A06 an old object that has the image under another name', (i) => update(pod({ containers: [{ name: 'b', image: i }] }), pod({ containers: [{ name: 'a', image: i }] }))],
    ['A06 no old object', (i) => update(pod({ containers: containers(i) }), null)],
    ['A06 an old object that cannot be read', (i) => update(pod({ containers: containers(i) }), { spec: { containers: 'x' } })],
    ['A02 an ephemeral container', (i) => update(
      pod({ containers: containers(scene.good), ephemeralContainers: containers(i) }), pod({ containers: containers(scene.good) }), { subResource: 'ephemeralcontainers' })],
    ['A08 a resize that carries another image', (i) => update(pod({ containers: containers(i) }), pod({ containers: containers(scene.tag('x')) }), { subResource: 'resize' })],
    ['a creation with an old object', (i) => ({ ...update(pod({ containers: containers(i) }), pod({ containers: containers(i) })), operation: 'CREATE' })],
  ])('%s', async (_what, ask) => {
    await expect(bothWays(ask)).resolves.toEqual(REFUSED_AND_ALLOWED);
  });

  test.each<[string, (image: string) => object]>([
    ['A07 labels and finalizers', (i) => update(pod({ containers: containers(i) }, { labels: { a: 'b' }, finalizers: [] }), pod({ containers: containers(i) }))],
    ['A07 the order of containers', (i) => update(
      pod({ containers: [{ name: 'b', image: scene.good }, { name: 'a', image: i }] }), pod({ containers: [{ name: 'a', image: i }, { name: 'b', image: scene.good }] }))],
    ['A08 a resize', (i) => update(pod({ containers: containers(i) }), pod({ containers: containers(i) }), { subResource: 'resize' })],
    ['A12 a scale-down', (i) => {
      const deployment = (replicas: number): object => ({ spec: { replicas, template: { spec: { containers: containers(i) } } } });
      return update(deployment(0), deployment(3), { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } });
    }],
    ['status', (i) => update(pod({ containers: containers(i) }), pod({ containers: containers(i) }), { subResource: 'status' })],
    ['A12 the scale subresource', () => update({ kind: 'Scale', spec: { replicas: 0 } }, {}, { kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, subResource: 'scale' })],
  ])('%s alone is allowed while nothing can be asked', async (_what, ask) => {
    const before = scene.registry.requests.length;
    const { response } = await scene.review('/validate', ask(scene.bad));
    expect(response).toMatchObject({ allowed: true });
    expect(scene.registry.requests).toHaveLength(before);
  });

  test('A12: a scale-down together with another image', async () => {
    const deployment = (i: string, replicas: number): object => ({ spec: { replicas, template: { spec: { containers: containers(i) } } } });
    await expect(bothWays((i) => update(deployment(i, 0), deployment(scene.tag('x'), 3), { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }))).resolves.toEqual(REFUSED_AND_ALLOWED);
  });
});

test.each(['DELETE', 'CONNECT'])('A11: %s pulls nothing and is allowed', async (operation) => {
  const { response } = await scene.review('/validate', request(null, { operation, oldObject: pod({ containers: containers(scene.bad) }) }));
  expect(response.allowed).toBe(true);
});

test.each(['', 'create', 'PATCH', 'DELETE ', 'X'.repeat(512)])('A11: the operation %j is refused', async (operation) => {
  const { response } = await scene.review('/validate', request(pod({ containers: containers(scene.good) }), { operation }));
  expect(response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'UNSUPPORTED' } });
});
