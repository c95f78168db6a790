import { PolicyDocument } from '../../../lib/policy/document';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { startDeadline } from '../../../lib/verifier/deadline';
import { Gate } from '../../../lib/verifier/gate';
import { ImageAnswer, ImageJudge } from '../../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../../lib/verifier/judge/verdict-cache';
import { WaitingRoom } from '../../../lib/verifier/waiting-room';
import { HostSettings, OciRegistry } from '../../../lib/verifier/registry';
import { fixedCredentials } from '../../../lib/verifier/registry/credentials/source';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { basicAuth, faults, TestRegistry, TestRegistryOptions } from '../../support/registry';
import { bundleBytes, githubRun, signStatement, SigstoreWorld, statement } from '../../support/sigstore';
import { ownReaders } from '../../support/readers';
import { fixedTrust } from '../../support/trust';
import { policy } from '../admission/scene';

const APP = 'acme/app';
const COPY = `copies/${APP}`;
const world = SigstoreWorld.create();
const store = new TrustStore([{ name: 'test', json: JSON.stringify(world.trustedRoot) }]);
const AUDITED = { action: { type: 'Audit', reason: 'introduction', owner: 'platform', until: '2999-01-01' }, attestors: { release: {
  type: 'keyless', issuer: 'https://token.actions.githubusercontent.com', subject: 'https://github.com/acme/other/.github/workflows/release.yml@refs/heads/main', trustRoot: 'test',
} } };
let origin: TestRegistry;
let mirror: TestRegistry;
let second: TestRegistry;
let client: OciRegistry;
let judge: ImageJudge;

beforeEach(() => start());
afterEach(stop);

async function start(options: TestRegistryOptions = {}, settings: Partial<HostSettings> = {}, documents?: (host: string) => object[]): Promise<void> {
  [origin, mirror, second] = [await TestRegistry.start(), await TestRegistry.start(options), await TestRegistry.start()];
  client = new OciRegistry(new Map<string, HostSettings>([
    [origin.host, { plainHttp: true, mirrors: [{ registry: mirror.host, path: 'copies' }, { registry: second.host }] }],
    [mirror.host, { plainHttp: true, ...settings }],
    [second.host, { plainHttp: true }],
  ]));
  judge = new ImageJudge({
    set: policySet((documents?.(origin.host) ?? [policy('one', origin.host)]).map((document): PolicyDocument => parseDocument(document))),
    readers: ownReaders(client),
    trust: fixedTrust({ verify: async (bundles, _digest, attestors) => verifyEvidence(bundles, attestors, store) }),
    cache: new VerdictCache(),
    gate: new Gate(), room: new WaitingRoom(),
    budget: 60_000,
    now: Date.now,
    unexpected: (error) => {
      throw error;
    },
  });
}

async function stop(): Promise<void> {
  client.close();
  await Promise.all([origin, mirror, second].map((each) => each.close()));
}

async function ask(rest: string, milliseconds = 60_000): Promise<ImageAnswer> {
  const deadline = startDeadline(milliseconds);
  try {
    return await judge.judge({ reference: `${origin.host}/${APP}${rest}`, namespace: { name: 'default' }, tags: 'resolve', policies: 'all', remember: true }, deadline);
  } finally {
    deadline.done();
  }
}

function sign(registry: TestRegistry, repository: string, digest: string): void {
  registry.attach(repository, digest, bundleBytes(world.signKeyless(githubRun(), signStatement(digest))));
}

/** The same image in all three. */
function image(content: string): string {
  mirror.pushImage(COPY, content, 'v1');
  second.pushImage(APP, content, 'v1');
  return origin.pushImage(APP, content, 'v1');
}

const said = ({ verdict }: ImageAnswer): string => (verdict.allowed ? 'allowed' : verdict.reasons.map(({ code }) => code).join(' '));
const told = ({ verdict }: ImageAnswer): string => verdict.reasons.map(({ message }) => message).join('\n');

test('evidence in the first mirror suffices; nobody else is asked, and the image keeps its name', async () => {
  const digest = image('app');
  sign(mirror, COPY, digest);
  const answer = await ask(`@${digest}`);
  expect([said(answer), answer.verdict.image]).toEqual(['allowed', `${origin.host}/${APP}@${digest}`]);
  expect([...second.requests, ...origin.requests]).toEqual([]);
  expect(mirror.asked.every((line) => line.includes(`/v2/${COPY}/`))).toBe(true);
});

test.each(['second', 'origin'])('what the first mirror lacks is looked for in the %s', async (where) => {
  const digest = image('app');
  mirror.attach(COPY, digest, bundleBytes(world.signKeyless(githubRun(), statement(digest, 'https://spdx.dev/Document', {}))));
  sign(where === 'second' ? second : origin, APP, digest);
  expect(said(await ask(`@${digest}`))).toBe('allowed');
});

test('evidence that is spread over places counts together', async () => {
  await stop();
  await start({}, {}, (host) => [policy('one', host, { requirements: [{ type: 'signature', name: 's', attestors: ['release'] },
    { type: 'attestation', name: 'sbom', predicateType: 'https://spdx.dev/Document', attestors: ['release'] }] })]);
  const digest = image('app');
  sign(mirror, COPY, digest);
  expect(said(await ask(`@${digest}`))).toBe('NO_ATTESTATION');
  origin.attach(APP, digest, bundleBytes(world.signKeyless(githubRun(), statement(digest, 'https://spdx.dev/Document', {}))));
  expect(said(await ask(`@${digest}`))).toBe('allowed');
});

test('where all have answered and none has evidence, there is none', async () => {
  expect(said(await ask(`@${image('app')}`))).toBe('NO_SIGNATURE');
  expect([mirror, second, origin].map(({ requests }) => requests.length > 0)).toEqual([true, true, true]);
});

describe('a place that does not answer', () => {
  const places = (): { readonly [name: string]: TestRegistry } => ({ mirror, second, origin });

  test.each(['mirror', 'second', 'origin'])('leaves the question open where the others have nothing: %s', async (name) => {
    const digest = image('app');
    const mend = places()[name]?.fault(/./, faults.status(500));
    const answer = await ask(`@${digest}`);
    expect(said(answer)).toBe('REGISTRY_UNAVAILABLE');
    expect(told(answer)).toContain(`${places()[name]?.host} answered HTTP 500`);
    mend?.();
    expect(said(await ask(`@${digest}`))).toBe('NO_SIGNATURE');
  });

  test.each(['mirror', 'second'])('does not hide what the registry has: %s', async (name) => {
    const digest = image('app');
    sign(origin, APP, digest);
    places()[name]?.fault(/./, faults.status(500));
    expect(said(await ask(`@${digest}`))).toBe('allowed');
  });

  test('a registry that cannot be reached at all is not needed where a mirror has everything', async () => {
    const digest = image('app');
    sign(second, APP, digest);
    origin.fault(/./, faults.reset);
    expect(said(await ask(`@${digest}`))).toBe('allowed');
    expect(said(await ask(':v1'))).toBe('allowed');
  });

  test('a mirror that never answers leaves time for the registry, and is named', async () => {
    const digest = image('app');
    mirror.fault(/./, faults.hang);
    const answer = await ask(`@${digest}`, 2_000);
    expect(said(answer)).toBe('REGISTRY_UNAVAILABLE');
    expect(told(answer)).toContain(`${mirror.host}, a mirror of ${origin.host}, did not answer in the half of the time that it is given`);
    sign(origin, APP, digest);
    expect(said(await ask(`@${digest}`, 2_000))).toBe('allowed');
  });

  test('is warned of, and not taken for lacking evidence, by a policy in its window', async () => {
    await stop();
    await start({}, {}, (host) => [policy('two', host, AUDITED)]);
    const digest = image('app');
    second.fault(/./, faults.status(500));
    const { verdict } = await ask(`@${digest}`);
    expect([verdict.allowed, verdict.warnings.map(({ code }) => code)]).toEqual([true, ['REGISTRY_UNAVAILABLE']]);
  });

  test('does not refuse what is allowed already, and only warned of by a policy in its window', async () => {
    await stop();
    await start({}, {}, (host) => [policy('one', host), policy('two', host, AUDITED)]);
    const digest = image('app');
    sign(mirror, COPY, digest);
    origin.fault(/./, faults.status(500));
    const { verdict } = await ask(`@${digest}`);
    expect([verdict.allowed, verdict.warnings.map(({ code }) => code)]).toEqual([true, ['WRONG_IDENTITY']]);
  });
});

describe('a tag', () => {
  test('is what the first mirror that has it says, by the hash of its bytes', async () => {
    const digest = image('app');
    const stale = mirror.pushImage(COPY, 'stale', 'v1');
    sign(mirror, COPY, stale);
    const { verdict } = await ask(':v1');
    expect([verdict.allowed, verdict.image]).toEqual([true, `${origin.host}/${APP}:v1@${stale}`]);
    expect(stale).not.toBe(digest);
  });

  test('that no mirror has is asked of the registry', async () => {
    const digest = origin.pushImage(APP, 'app', 'v2');
    sign(origin, APP, digest);
    expect(said(await ask(':v2'))).toBe('allowed');
  });

  test('that nobody has is IMAGE_NOT_FOUND, unless somebody who may have it did not answer', async () => {
    expect(said(await ask(':v3'))).toBe('IMAGE_NOT_FOUND');
    second.fault(/./, faults.status(500));
    expect(said(await ask(':v3'))).toBe('REGISTRY_UNAVAILABLE');
  });
});

test('a mirror that sends other bytes than were asked for has none', async () => {
  const digest = image('app');
  sign(mirror, COPY, digest);
  mirror.fault(/blobs/, faults.bytes('{}'));
  expect(said(await ask(`@${digest}`))).toBe('MALFORMED');
  sign(origin, APP, digest);
  expect(said(await ask(`@${digest}`))).toBe('allowed');
});

test('the credential of a mirror is its own, and goes to no other', async () => {
  await stop();
  await start({ auth: basicAuth('u', 'p') }, { credentials: fixedCredentials({ type: 'password', username: 'u', password: 'p' }) });
  const digest = image('app');
  sign(origin, APP, digest);
  expect(said(await ask(`@${digest}`))).toBe('allowed');
  expect(mirror.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(true);
  expect([...second.requests, ...origin.requests].flatMap(({ headers }) => headers.authorization ?? [])).toEqual([]);
});
