import { BundleJson } from '../../support/sigstore/bundle';
import { bundleBytes, githubRun, olderSignature, signStatement, simpleSigning } from '../../support/sigstore';
import { containers, pod, policy, request, WebhookScene } from '../admission/scene';

let scene: WebhookScene;
let digest: string;

beforeEach(async () => {
  scene = await WebhookScene.start({ documents: (host) => [
    policy('bound', host, { images: [`${host}/acme/bound/**`], requirements: [{ type: 'signature', name: 'signed', attestors: ['release'], repository: 'required' }] }),
    policy('free', host, { images: [`${host}/acme/free/**`] }),
  ] });
});

afterEach(() => scene.close());

/** The outcome in a repository of a policy that binds it, and in one of another that does not. */
async function outcomes(sign: (repository: string) => void): Promise<string[]> {
  const results = [];
  for (const path of ['acme/bound/app', 'acme/free/app']) {
    digest = scene.registry.pushImage(path, 'an image');
    sign(path);
    const { response } = await scene.review('/validate', request(pod({ containers: containers(`${scene.registry.host}/${path}@${digest}`) })));
    results.push(response.allowed === true ? 'allowed' : String(response.auditAnnotations?.['reasons']));
  }
  return results;
}

const bundle = (named: (repository: string) => string | undefined) => (repository: string): void => {
  const statement = signStatement(digest);
  const name = named(repository);
  const [subject] = statement.subject;
  const signed: BundleJson = scene.world.signKeyless(githubRun(), { ...statement, subject: [{ ...subject, ...(name === undefined ? {} : { name }) }] });
  scene.registry.attach(repository, digest, bundleBytes(signed));
};

const older = (named: (repository: string) => string) => (repository: string): void => {
  const payload = JSON.parse(simpleSigning(digest).toString('utf8')) as { critical: { identity: { 'docker-reference': string } } };
  payload.critical.identity['docker-reference'] = named(repository);
  scene.registry.repository(repository).pushOlder(digest, 'sig', [olderSignature(scene.world, githubRun(), Buffer.from(JSON.stringify(payload)))]);
};

test.each<[what: string, bound: string, sign: () => (repository: string) => void]>([
  ['a statement that names this repository', 'allowed', () => bundle((repository) => `${scene.registry.host}/${repository}`)],
  ['a statement that names another', 'WRONG_REPOSITORY', () => bundle(() => `${scene.registry.host}/acme/dev`)],
  ['a statement that names none, as cosign 3 makes it', 'WRONG_REPOSITORY', () => bundle(() => undefined)],
  ['simple signing for this repository', 'allowed', () => older((repository) => `${scene.registry.host}/${repository}`)],
  ['simple signing for another', 'WRONG_REPOSITORY', () => older(() => `${scene.registry.host}/acme/dev`)],
  ['simple signing for none', 'WRONG_REPOSITORY', () => older(() => '')],
])('E07: %s is %s where the repository is bound, and allowed where it is not', async (_what, bound, sign) => {
  expect(await outcomes(sign())).toEqual([bound, 'allowed']);
});

test('a signature of the image\'s own bytes names no repository', async () => {
  expect(await outcomes((repository) => {
    const bytes = scene.registry.repository(repository).tryGet(digest)!.bytes;
    scene.registry.attach(repository, digest, bundleBytes(scene.world.signMessage(githubRun(), bytes)));
  })).toEqual(['WRONG_REPOSITORY', 'allowed']);
});
