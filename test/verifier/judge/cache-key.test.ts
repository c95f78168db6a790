import { TestRegistry } from '../../support/registry';
import { Answer, containers, pod, policy, request, RequestOptions, SceneOptions, WebhookScene } from '../admission/scene';

const TRUSTED = { type: 'keyless', issuer: 'https://token.actions.githubusercontent.com', subject: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main', trustRoot: 'test' };
const STRANGER = { ...TRUSTED, subject: 'https://github.com/acme/app/.github/workflows/other.yml@refs/heads/main' };
const AUDIT = { action: { type: 'Audit', reason: 'introduction', owner: 'platform', until: '2999-01-01' } };

let scene: WebhookScene;

afterEach(() => scene.close());

async function start(documents?: SceneOptions['documents']): Promise<void> {
  scene = await WebhookScene.start(documents === undefined ? {} : { documents });
}

function ask(image: string, options: RequestOptions = {}, path = '/validate'): Promise<Answer> {
  return scene.review(path, request(pod({ containers: containers(image) }), options));
}

/** In a Deployment, where a tag is judged by what it points to now. */
function deploy(image: string): Promise<Answer> {
  return scene.review('/validate', request({ spec: { template: { spec: { containers: containers(image) } } } }, { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }));
}

/** `allowed`, or the reasons. */
function outcome({ response }: Answer): string {
  return response.allowed === true ? 'allowed' : String(response.auditAnnotations?.['reasons']);
}

describe('an allow that is remembered answers for nothing else', () => {
  test('not for another digest of the repository', async () => {
    await start();
    expect(outcome(await ask(scene.good))).toBe('allowed');
    expect(outcome(await ask(scene.bad))).toBe('NO_SIGNATURE');
    expect(outcome(await ask(scene.signed('another good one')))).toBe('allowed');
  });

  test('not for the same digest in another repository', async () => {
    await start();
    expect(outcome(await ask(scene.good))).toBe('allowed');
    const digest = scene.registry.pushImage('acme/copy', 'the good one');
    expect(outcome(await ask(`${scene.registry.host}/acme/copy@${digest}`))).toBe('NO_SIGNATURE');
    expect(outcome(await ask(scene.signed('the good one', 'acme/copy')))).toBe('allowed');
  });

  test('not for a tag that points to it, where tags are refused', async () => {
    await start((host) => [policy('app', host, { tags: 'deny' })]);
    expect(outcome(await deploy(scene.good))).toBe('allowed');
    expect(outcome(await deploy(scene.tag('good')))).toBe('TAG_NOT_PINNED');
    await scene.close();
    await start();
    expect(outcome(await deploy(scene.good))).toBe('allowed');
    expect(outcome(await deploy(scene.tag('good')))).toBe('allowed');
  });

  test('not for a namespace of other policies', async () => {
    await start((host) => [policy('ours', host, { namespaces: { names: ['ours'] } }), policy('theirs', host, { namespaces: { names: ['theirs'] }, attestors: { release: STRANGER } })]);
    expect(outcome(await ask(scene.good, { namespace: 'ours' }))).toBe('allowed');
    expect(outcome(await ask(scene.good, { namespace: 'theirs' }))).toBe('WRONG_IDENTITY');
    expect(outcome(await ask(scene.good, { namespace: 'ours' }))).toBe('allowed');
  });

  test('E68: not for a namespace where a deny list holds', async () => {
    const denied = (subject: string) => (host: string) => [policy('app', host), {
      apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'incident' }, spec: { reason: 'leaked', owner: 'security', signers: [{ subject }], namespaces: { names: ['shop'] } },
    }];
    await start(denied(TRUSTED.subject));
    expect(outcome(await ask(scene.good, { namespace: 'default' }))).toBe('allowed');
    expect(outcome(await ask(scene.good, { namespace: 'shop' }))).toBe('DENY_LISTED');
    expect(outcome(await ask(scene.good, { namespace: 'default' }))).toBe('allowed');
    await scene.close();
    await start(denied(STRANGER.subject));
    expect(outcome(await ask(scene.good, { namespace: 'shop' }))).toBe('allowed');
  });

  test('not for a namespace where a window is open', async () => {
    await start((host) => [policy('app', host), policy('trial', host, { ...AUDIT, namespaces: { names: ['trial'] }, attestors: { release: STRANGER } })]);
    const warned = async (namespace: string): Promise<unknown> => (await ask(scene.good, { namespace }, '/audit')).response.auditAnnotations?.['would-deny'];
    expect(await warned('default')).toBeUndefined();
    // What the enforcing entry remembers says nothing of windows.
    expect(outcome(await ask(scene.good, { namespace: 'trial' }))).toBe('allowed');
    expect(await warned('trial')).toBe('WRONG_IDENTITY');
    expect(await warned('default')).toBeUndefined();
  });
});

test('a warning is not remembered: it ends when the image is signed', async () => {
  await start((host) => [policy('app', host, AUDIT)]);
  const warned = async (image: string): Promise<unknown> => (await ask(image, {}, '/audit')).response.auditAnnotations?.['would-deny'];
  const image = `${scene.registry.host}/acme/app@${scene.registry.pushImage('acme/app', 'not signed yet')}`;
  expect([await warned(image), await warned(image)]).toEqual(['NO_SIGNATURE', 'NO_SIGNATURE']);
  scene.signed('not signed yet');
  expect(await warned(image)).toBeUndefined();
});

describe('what is gathered at the same time is not mixed up', () => {
  test('of two digests', async () => {
    await start();
    const other = scene.signed('another good one');
    expect((await Promise.all([scene.bad, scene.good, other].map((image) => ask(image)))).map(outcome)).toEqual(['NO_SIGNATURE', 'allowed', 'allowed']);
  });

  test('of one digest in two repositories', async () => {
    await start();
    const copy = `${scene.registry.host}/acme/copy@${scene.registry.pushImage('acme/copy', 'the good one')}`;
    expect((await Promise.all([scene.good, copy].map((image) => ask(image)))).map(outcome)).toEqual(['allowed', 'NO_SIGNATURE']);
  });

  test('for policies that ask cryptography for different things', async () => {
    const unlogged = { ...TRUSTED, transparency: { sct: 'notRequired', reason: 'a certificate authority of our own' } };
    await start((host) => [policy('ours', host, { namespaces: { names: ['ours'] } }), policy('theirs', host, { namespaces: { names: ['theirs'] }, attestors: { release: unlogged } })]);
    const answers = await Promise.all(['ours', 'theirs'].map((namespace) => ask(scene.good, { namespace })));
    expect(answers.map(outcome)).toEqual(['allowed', 'allowed']);
    expect(outcome(await ask(scene.bad, { namespace: 'theirs' }))).toBe('NO_SIGNATURE');
  });
});

test('a tag of an exempted repository is judged by the digest it points to, though no policy names the image', async () => {
  const elsewhere = await TestRegistry.start();
  const digest = elsewhere.pushImage('vendor/agent', 'the agent');
  await elsewhere.close();
  await start((host) => [policy('app', host), {
    apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'vendor' },
    spec: { image: `${host}/vendor/agent`, digests: [digest], reason: 'not signed yet', owner: 'platform', until: '2999-01-01' },
  }]);
  scene.registry.pushImage('vendor/agent', 'the agent', 'v1');
  scene.registry.pushImage('vendor/agent', 'another agent', 'v2');
  expect(outcome(await deploy(`${scene.registry.host}/vendor/agent:v1`))).toBe('allowed');
  expect(outcome(await deploy(`${scene.registry.host}/vendor/agent:v2`))).toBe('UNMATCHED_IMAGE');
});

describe('E68: a digest on a deny list is refused', () => {
  const list = (digest: string) => ({
    apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'incident' }, spec: { reason: 'a wallet thief in it', owner: 'security', digests: [digest] },
  });
  const digestOf = (image: string): string => image.slice(image.indexOf('@') + 1);

  test('in a Pod and by a tag that points to it, without its evidence being fetched', async () => {
    const elsewhere = await TestRegistry.start();
    const digest = elsewhere.pushImage('acme/app', 'the good one');
    await elsewhere.close();
    await start((host) => [policy('app', host), list(digest)]);
    expect(digestOf(scene.good)).toBe(digest);
    expect(outcome(await ask(scene.good))).toBe('DENY_LISTED');
    expect(outcome(await deploy(scene.tag('good')))).toBe('DENY_LISTED');
    expect(outcome(await ask(scene.signed('another good one')))).toBe('allowed');
  });

  test('although the policy is in its window, or an exemption names it', async () => {
    const elsewhere = await TestRegistry.start();
    const digest = elsewhere.pushImage('acme/app', 'the good one');
    await elsewhere.close();
    await start((host) => [policy('app', host, AUDIT), policy('other', host, { images: [`${host}/other/**`] }), list(digest), {
      apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'vendor' },
      spec: { image: `${host}/acme/app`, digests: [digest], reason: 'not signed yet', owner: 'platform', until: '2999-01-01' },
    }]);
    expect(outcome(await ask(scene.good))).toBe('DENY_LISTED');
    expect(outcome(await ask(scene.bad))).toBe('allowed');
  });
});
