import { faults } from '../../support/registry';
import { containing } from '../../support/texts';
import { Answer, containers, pod, policy, request, RequestOptions, WebhookScene } from './scene';

let scene: WebhookScene;

beforeEach(async () => {
  scene = await WebhookScene.start();
});

afterEach(() => scene.close());

function mutate(object: unknown, options: RequestOptions = {}): Promise<Answer> {
  return scene.review('/mutate', request(object, options));
}

function patchOf({ response }: Answer): unknown {
  return response.patch === undefined ? undefined : JSON.parse(Buffer.from(response.patch, 'base64').toString('utf8'));
}

test('tags in every place become the digest whose bytes were hashed; digests stay; the tag stays for people', async () => {
  const [good, bad] = [scene.tag('good'), scene.tag('bad')];
  const answer = await mutate(pod({
    containers: containers(good, scene.good), initContainers: containers(bad), ephemeralContainers: containers(good), volumes: [{ name: 'e', emptyDir: {} }, { name: 'v', image: { reference: good } }],
  }));
  expect(answer.response).toMatchObject({ allowed: true, patchType: 'JSONPatch' });
  const replace = (path: string, tag: string, reference: string): object => ({ op: 'replace', path, value: `${tag}@${reference.split('@')[1] ?? ''}` });
  expect(patchOf(answer)).toEqual([
    replace('/spec/containers/0/image', good, scene.good),
    replace('/spec/initContainers/0/image', bad, scene.bad),
    replace('/spec/ephemeralContainers/0/image', good, scene.good),
    replace('/spec/volumes/1/image/reference', good, scene.good),
  ]);
  expect(scene.registry.asked.sort()).toEqual(['GET /v2/acme/app/manifests/bad', 'GET /v2/acme/app/manifests/good']);
});

test('what was pinned is what the validating entry then judges', async () => {
  const said = async (tag: string): Promise<unknown> => {
    const [{ value }] = patchOf(await mutate(pod({ containers: containers(scene.tag(tag)) }))) as [{ value: string }];
    return (await scene.review('/validate', request(pod({ containers: containers(value) })))).response.allowed;
  };
  await expect(said('good')).resolves.toBe(true);
  await expect(said('bad')).resolves.toBe(false);
});

test('P21: an image that somebody else puts in place of the pinned one is refused', async () => {
  await mutate(pod({ containers: containers(scene.tag('good')) }));
  const { response } = await scene.review('/validate', request(pod({ containers: containers(scene.bad) })));
  expect(response.allowed).toBe(false);
});

test.each<[string, () => object, RequestOptions]>([
  ['an image that no policy names', () => pod({ containers: containers('reg.evil.test/app:v1', 'nginx') }), {}],
  ['a namespace that is not guarded', () => pod({ containers: containers(scene.tag('good')) }), { namespace: 'kube-system' }],
  ['no namespace', () => pod({ containers: containers(scene.tag('good')) }), { namespace: '' }],
  ['a template', () => ({ spec: { template: { spec: { containers: containers(scene.tag('good')) } } } }), { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }],
  ['a template of the core group', () => ({ template: { spec: { containers: containers(scene.tag('good')) } } }), { kind: { group: '', version: 'v1', kind: 'PodTemplate' } }],
  ['a Pod of another group', () => pod({ containers: containers(scene.tag('good')) }), { kind: { group: 'evil.test', version: 'v1', kind: 'Pod' } }],
  ['a deletion', () => pod({ containers: containers(scene.tag('good')) }), { operation: 'DELETE' }],
  ['what cannot be read', () => pod({ containers: containers(scene.tag('good'), 7) }), {}],
  ['a reference that does not parse', () => pod({ containers: containers('A b') }), {}],
  ['257 different images', () => pod({ containers: containers(...Array.from({ length: 257 }, (_, index) => scene.tag(`v${index}`))) }), {}],
])('%s: allowed without a patch, and nobody is asked', async (_what, object, options) => {
  const answer = await mutate(object(), options);
  expect(answer).toMatchObject({ status: 200, response: { allowed: true } });
  expect(answer.response).not.toHaveProperty('patch');
  expect(scene.registry.requests).toEqual([]);
});

test('an update leaves the tag of a container that runs, and pins a new one', async () => {
  const running = pod({ containers: containers(scene.tag('good')) });
  const answer = await mutate(pod({ containers: containers(scene.tag('good'), scene.tag('bad')) }), { operation: 'UPDATE', oldObject: running });
  expect(patchOf(answer)).toEqual([{ op: 'replace', path: '/spec/containers/1/image', value: `${scene.tag('bad')}@${scene.bad.split('@')[1] ?? ''}` }]);
  expect((await mutate(running, { operation: 'UPDATE', oldObject: running })).response).not.toHaveProperty('patch');
});

test('tags: deny pins nothing, and the Pod is refused', async () => {
  const strict = await WebhookScene.start({ documents: (host) => [policy('strict', host, { tags: 'deny' })] });
  const object = request(pod({ containers: containers(strict.tag('good')) }));
  expect((await strict.review('/mutate', object)).response).toEqual({ uid: containing('-'), allowed: true });
  expect((await strict.review('/validate', object)).response).toMatchObject({ allowed: false, auditAnnotations: { reasons: 'TAG_NOT_PINNED' } });
  await strict.close();
});

test.each([
  ['REGISTRY_UNAVAILABLE', faults.status(500)], ['LIMIT', faults.endless()], ['MALFORMED', faults.bytes('<html>')], ['IMAGE_NOT_FOUND', faults.status(404)],
])('a tag that cannot be resolved (%s) is told as a warning and left; the others are pinned', async (code, fault) => {
  scene.registry.fault(/manifests\/bad/, fault);
  const answer = await mutate(pod({ containers: containers(scene.tag('bad'), scene.tag('good')) }));
  expect(answer.response).toMatchObject({ allowed: true, warnings: [containing(`[${code}] ${scene.tag('bad')} could not be pinned`)] });
  expect(answer.response.warnings?.every((warning) => warning.length <= 256)).toBe(true);
  expect(patchOf(answer)).toHaveLength(1);
});

test('a Pod whose tag could not be pinned, since the registry does not answer, is refused with words that lead to the warning and to another try', async () => {
  scene.registry.fault(/manifests\/bad/, faults.status(500));
  const object = pod({ containers: containers(scene.tag('bad')) });
  expect((await mutate(object)).response.warnings).toHaveLength(1);
  const { response } = await scene.review('/validate', request(object));
  expect(response.auditAnnotations?.reasons).toBe('TAG_NOT_PINNED');
  expect(response.status?.message).toMatch(/was not pinned to a digest; the pinning webhook may not have been able to ask the registry, which its warning and the log then say\n/);
  expect(response.status?.message).toMatch(/What to do: .*its warning and the log of the verifier say why: try again when the registry answers\.$/);
});

test('neither of the other entries ever carries a patch', async () => {
  for (const path of ['/validate', '/audit']) {
    const { response } = await scene.review(path, request({ spec: { template: { spec: { containers: containers(scene.tag('good')) } } } }, { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }));
    expect(response).toMatchObject({ allowed: true });
    expect(response).not.toHaveProperty('patch');
    expect(response).not.toHaveProperty('patchType');
  }
});

test.each(['Always', 'IfNotPresent', 'Never', undefined])('R18: with imagePullPolicy %s a tag is pinned, and refused where it was not: what a node has under a tag is not asked for', async (imagePullPolicy) => {
  const object = (image: string): object => pod({ containers: [{ name: 'c', image, ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }) }] });
  expect(patchOf(await mutate(object(scene.tag('good'))))).toEqual([{ op: 'replace', path: '/spec/containers/0/image', value: `${scene.tag('good')}@${scene.good.split('@')[1] ?? ''}` }]);
  const said = async (image: string): Promise<unknown> => {
    const { response } = await scene.review('/validate', request(object(image)));
    return response.allowed === true ? 'allowed' : response.auditAnnotations?.reasons;
  };
  expect([await said(scene.good), await said(scene.tag('good'))]).toEqual(['allowed', 'TAG_NOT_PINNED']);
});
