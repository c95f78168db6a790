import { PolicyDocument } from '../../../lib/policy/document';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { startDeadline } from '../../../lib/verifier/deadline';
import { Gate } from '../../../lib/verifier/gate';
import { ImageAnswer, ImageJudge } from '../../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../../lib/verifier/judge/verdict-cache';
import { WaitingRoom } from '../../../lib/verifier/waiting-room';
import { OciRegistry } from '../../../lib/verifier/registry';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { faults, OCI_INDEX, OCI_MANIFEST, TestRegistry } from '../../support/registry';
import { bundleBytes, githubRun, olderSignature, signStatement, SigstoreWorld, simpleSigning, statement } from '../../support/sigstore';
import { ownReaders } from '../../support/readers';
import { fixedTrust } from '../../support/trust';
import { policy } from '../admission/scene';

const APP = 'acme/app';
const SCAN = 'https://cosign.sigstore.dev/attestation/vuln/v1';
const world = SigstoreWorld.create();
const store = new TrustStore([{ name: 'test', json: JSON.stringify(world.trustedRoot) }]);
let registry: TestRegistry;
let client: OciRegistry;

beforeEach(async () => {
  registry = await TestRegistry.start();
  client = new OciRegistry(new Map([[registry.host, { plainHttp: true }]]));
});

afterEach(async () => {
  client.close();
  await registry.close();
});

type Rule = 'index' | 'child' | 'either';

const requirement = (multiPlatform: Rule): object => ({ type: 'signature', name: 'signed', attestors: ['release'], multiPlatform });

function judgeOf(rule: Rule, more: readonly object[] = [], spec: object = {}): ImageJudge {
  return new ImageJudge({
    set: policySet([policy('app', registry.host, { requirements: [requirement(rule)], ...spec }), ...more].map((document): PolicyDocument => parseDocument(document))),
    readers: ownReaders(client),
    trust: fixedTrust({ verify: (bundles, _digest, attestors) => Promise.resolve(verifyEvidence(bundles, attestors, store)) }),
    cache: new VerdictCache(),
    gate: new Gate(), room: new WaitingRoom(),
    budget: 60_000,
    now: Date.now,
    unexpected: (error) => {
      throw error;
    },
  });
}

async function ask(judge: ImageJudge, digest: string): Promise<ImageAnswer> {
  const deadline = startDeadline(60_000);
  try {
    return await judge.judge({ reference: `${registry.host}/${APP}@${digest}`, namespace: { name: 'default' }, tags: 'refuse', policies: 'all', remember: true }, deadline);
  } finally {
    deadline.done();
  }
}

const said = ({ verdict }: ImageAnswer): string => (verdict.allowed ? 'allowed' : [...new Set(verdict.reasons.map(({ code }) => code))].join(' '));

const outcome = async (rule: Rule, digest: string): Promise<string> => said(await ask(judgeOf(rule), digest));

/** An entry of an index that leads to what was pushed. */
function entry(digest: string, more: object = {}): object {
  const { mediaType, bytes } = registry.repository(APP).tryGet(digest)!;
  return { mediaType, digest, size: bytes.length, ...more };
}

const on = (architecture: string, os = 'linux'): object => ({ platform: { architecture, os } });

const ATTESTATION = on('unknown', 'unknown');

function index(entries: readonly object[], more: object = {}): string {
  return registry.repository(APP).pushManifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: entries, ...more }, OCI_INDEX);
}

function sign(digest: string): string {
  registry.attach(APP, digest, bundleBytes(world.signKeyless(githubRun(), signStatement(digest))));
  return digest;
}

const image = (content: string): string => registry.pushImage(APP, content);

/** `IDX0`: an index of two images. */
function twoImages(): { amd: string; arm: string; both: string } {
  const [amd, arm] = [image('for amd64'), image('for arm64')];
  return { amd, arm, both: index([entry(amd, on('amd64')), entry(arm, on('arm64'))]) };
}

describe('E04: which of index and image is signed', () => {
  test.each<[rule: Rule, asked: 'both' | 'arm', signed: readonly ('both' | 'amd' | 'arm')[], outcome: string]>([
    ['index', 'both', ['both'], 'allowed'],
    ['index', 'both', ['amd', 'arm'], 'NO_SIGNATURE'],
    ['index', 'arm', ['arm'], 'allowed'],
    ['index', 'arm', ['both'], 'NO_SIGNATURE'],
    ['child', 'both', ['amd', 'arm'], 'allowed'],
    ['child', 'both', ['amd'], 'NO_SIGNATURE'],
    ['child', 'both', ['arm', 'both'], 'NO_SIGNATURE'],
    ['child', 'both', ['both'], 'NO_SIGNATURE'],
    ['child', 'arm', ['arm'], 'allowed'],
    ['child', 'arm', ['both', 'amd'], 'NO_SIGNATURE'],
    ['either', 'both', ['both'], 'allowed'],
    ['either', 'both', ['amd', 'arm'], 'allowed'],
    ['either', 'both', ['amd'], 'NO_SIGNATURE'],
    ['either', 'both', [], 'NO_SIGNATURE'],
    ['either', 'arm', ['arm'], 'allowed'],
    ['either', 'arm', ['both', 'amd'], 'NO_SIGNATURE'],
  ])('under "%s", asked for %s with %j signed: %s', async (rule, asked, signed, expected) => {
    const images = twoImages();
    signed.forEach((name) => sign(images[name]));
    expect(await outcome(rule, images[asked])).toBe(expected);
  });

  test('what an index holds is looked at only where a policy wants it, and by "either" only where the index does not do', async () => {
    const { both, amd, arm } = twoImages();
    sign(both);
    const inside = (): string[] => registry.asked.filter((line) => line.includes(amd) || line.includes(arm));
    for (const rule of ['index', 'either'] as const) {
      expect(await outcome(rule, both)).toBe('allowed');
      expect(inside()).toEqual([]);
    }
    expect(await outcome('child', both)).toBe('NO_SIGNATURE');
    expect(inside()).not.toEqual([]);
  });

  test('the proof names every image, the refusal the one that lacks it', async () => {
    const { both, amd, arm } = twoImages();
    sign(amd);
    const refused = (await ask(judgeOf('child'), both)).verdict;
    expect(refused.reasons).toMatchObject([{ code: 'NO_SIGNATURE', requirement: 'signed', attestor: 'release', child: { digest: arm, platform: 'linux/arm64' } }]);
    sign(arm);
    const judge = judgeOf('child');
    const { verdict } = await ask(judge, both);
    expect(verdict.proof).toMatchObject([{ child: { digest: amd, platform: 'linux/amd64' } }, { child: { digest: arm } }]);
    expect((await ask(judge, both)).source).toBe('memory');
  });

  test('evidence of an image below an index counts for no other image, and none of the index for it', async () => {
    const { both, amd, arm } = twoImages();
    registry.attach(APP, amd, bundleBytes(world.signKeyless(githubRun(), signStatement(arm))));
    registry.attach(APP, arm, bundleBytes(world.signKeyless(githubRun(), signStatement(both))));
    expect(await outcome('child', both)).toBe('WRONG_SUBJECT');
    [amd, arm].forEach(sign);
    expect(await outcome('child', both)).toBe('allowed');
  });

  test('signatures in cosign\'s older layout count for images below an index, too', async () => {
    const { both, amd, arm } = twoImages();
    [amd, arm].forEach((digest) => registry.repository(APP).pushOlder(digest, 'sig', [olderSignature(world, githubRun(), simpleSigning(digest))]));
    expect(await outcome('child', both)).toBe('allowed');
  });

  test('requirements of one policy may each have a rule of their own', async () => {
    const { both, amd, arm } = twoImages();
    const spec = { requirements: [requirement('index'), { type: 'attestation', name: 'review', attestors: ['release'], predicateType: 'https://acme.test/review', multiPlatform: 'child' }] };
    const review = (digest: string): string => registry.attach(APP, digest, bundleBytes(world.signKeyless(githubRun(), statement(digest, 'https://acme.test/review', {}))));
    sign(both);
    review(amd);
    expect(said(await ask(judgeOf('index', [], spec), both))).toBe('NO_ATTESTATION');
    review(arm);
    expect(said(await ask(judgeOf('index', [], spec), both))).toBe('allowed');
  });

  test('a registry that does not answer for one of the images is not one that has nothing', async () => {
    const { both, amd, arm } = twoImages();
    [amd, arm].forEach(sign);
    for (const path of [new RegExp(`referrers/${arm}`), new RegExp(`manifests/${arm}$`)]) {
      const mend = registry.fault(path, faults.status(500));
      expect(await outcome('child', both)).toBe('REGISTRY_UNAVAILABLE');
      mend();
      expect(await outcome('child', both)).toBe('allowed');
    }
  });

  test('an image on a deny list is denied below an index as well', async () => {
    const { both, amd, arm } = twoImages();
    [amd, arm].forEach(sign);
    const list = (digest: string): object => ({ apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'bad' }, spec: { digests: [digest], reason: 'r', owner: 'o' } });
    expect(said(await ask(judgeOf('child', [list(arm)]), both))).toBe('DENY_LISTED');
    expect(said(await ask(judgeOf('child', [list(`sha256:${'0'.repeat(63)}1`)]), both))).toBe('allowed');
  });
});

describe('what an index can hide', () => {
  let good: string;
  let bad: string;

  beforeEach(() => {
    good = sign(image('signed'));
    bad = image('signed by nobody');
  });

  test('only what has the platform unknown/unknown is left out, and of an index nothing but that is no image', async () => {
    expect(await outcome('child', index([entry(good, on('amd64')), entry(bad, ATTESTATION)]))).toBe('allowed');
    expect(await outcome('child', index([entry(bad, ATTESTATION)]))).toBe('UNSUPPORTED');
  });

  test.each<[what: string, outcome: string, more: object]>([
    ['another architecture', 'NO_SIGNATURE', on('arm64')],
    ['Windows', 'NO_SIGNATURE', on('amd64', 'windows')],
    ['capitals', 'NO_SIGNATURE', on('Unknown', 'unknown')],
    ['an unknown system', 'NO_SIGNATURE', on('amd64', 'unknown')],
    ['an unknown architecture', 'NO_SIGNATURE', on('unknown')],
    ['a variant of it', 'NO_SIGNATURE', { platform: { os: 'unknown', architecture: 'unknown', variant: 'v8' } }],
    ['empty texts', 'NO_SIGNATURE', on('', '')],
    ['half of it', 'NO_SIGNATURE', { platform: { os: 'unknown' } }],
    ['nothing in it', 'NO_SIGNATURE', { platform: {} }],
    ['null', 'NO_SIGNATURE', { platform: null }],
    ['no platform', 'NO_SIGNATURE', {}],
    ['the annotations of an attestation', 'NO_SIGNATURE', { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }],
    ['the type of an artifact', 'NO_SIGNATURE', { artifactType: 'application/vnd.in-toto+json' }],
    ['a text', 'MALFORMED', { platform: 'unknown/unknown' }],
    ['a second platform in capitals', 'MALFORMED', { ...ATTESTATION, Platform: { os: 'linux', architecture: 'amd64' } }],
    ['a second system in capitals', 'MALFORMED', { platform: { os: 'unknown', architecture: 'unknown', OS: 'linux' } }],
    ['a second digest in capitals', 'MALFORMED', { ...ATTESTATION, Digest: 'sha256:00' }],
    ['a second digest with a long s', 'MALFORMED', { ...ATTESTATION, 'dige\u017ft': 'sha256:00' }],
    ['a kind that nobody knows', 'UNSUPPORTED', { ...on('amd64'), mediaType: 'application/vnd.acme+json' }],
    ['the kind of an index', 'MALFORMED', { ...on('amd64'), mediaType: OCI_INDEX }],
    ['another size', 'MALFORMED', { ...on('amd64'), size: 7 }],
  ])('an unsigned image hides behind no other platform: %s is %s', async (_what, expected, more) => {
    expect(await outcome('child', index([entry(good, on('amd64')), entry(bad, more)]))).toBe(expected);
  });

  test('an image that is left out once and named once more counts', async () => {
    expect(await outcome('child', index([entry(good, on('amd64')), entry(bad, ATTESTATION), entry(bad, on('amd64'))]))).toBe('NO_SIGNATURE');
    expect(await outcome('child', index([entry(good, on('amd64')), entry(good, ATTESTATION), entry(good, on('amd64'))]))).toBe('allowed');
  });

  test.each<[what: string, more: object]>([
    ['capitals', { Manifests: [] }],
    ['a long s', { 'manife\u017ft\u017f': [] }],
    ['layers', { layers: [] }],
    ['a config', { config: {} }],
    ['another kind', { mediaType: OCI_MANIFEST }],
  ])('an index that other programs read in another way is refused: %s', async (_what, more) => {
    expect(await outcome('child', index([entry(good, on('amd64'))], more))).toBe('MALFORMED');
    expect(await outcome('child', index([entry(good, on('amd64'))], { annotations: {} }))).toBe('allowed');
  });

  test('an index in an index is no place to hide, whatever its platform', async () => {
    for (const more of [{}, on('amd64'), on('unknown')]) {
      expect(await outcome('child', index([entry(good, on('amd64')), entry(index([entry(bad, on('arm64'))]), more)]))).toBe('NO_SIGNATURE');
      expect(await outcome('child', index([entry(good, on('amd64')), entry(index([entry(good, on('arm64'))]), more)]))).toBe('allowed');
    }
  });

  test('an index that says it is an image is not taken for one, though it is signed itself', async () => {
    const inner = sign(index([entry(bad, on('amd64'))]));
    expect(await outcome('child', index([{ ...entry(inner, on('amd64')), mediaType: OCI_MANIFEST }]))).toBe('MALFORMED');
    expect(await outcome('child', index([entry(inner, on('amd64'))]))).toBe('NO_SIGNATURE');
    sign(bad);
    expect(await outcome('child', index([entry(inner, on('amd64'))]))).toBe('allowed');
  });

  test('an image that is named and not there is refused', async () => {
    const gone = image('gone');
    const digest = index([entry(good, on('amd64')), entry(gone, on('arm64'))]);
    sign(gone);
    expect(await outcome('child', digest)).toBe('allowed');
    registry.repository(APP).remove(gone);
    expect(await outcome('child', digest)).toBe('IMAGE_NOT_FOUND');
  });
});

describe('G22: indexes of a strange size', () => {
  const many = (count: number): string => index(Array.from({ length: count }, (_, number) => ({ mediaType: OCI_MANIFEST, digest: `sha256:${String(number).padStart(64, '0')}`, size: 400, ...on('amd64') })));

  function nested(depth: number, width = 1): string {
    const good = sign(image('at the bottom'));
    return Array.from({ length: depth }).reduce<string>((below, _, level) => index(Array.from({ length: width }, (_copy, copy) => entry(below, on(`a${level}-${copy}`)))), good);
  }

  test.each<[what: string, make: () => string, outcome: string]>([
    ['of 10,000 images', () => many(10_000), 'LIMIT'],
    ['of 200 images', () => many(200), 'LIMIT'],
    ['nested 50 deep', () => nested(50), 'LIMIT'],
    ['nested 5 deep', () => nested(5), 'LIMIT'],
    ['nested 4 deep', () => nested(4), 'allowed'],
    ['nested 3 deep, each named 20 times', () => nested(3, 20), 'allowed'],
    ['of no image', () => index([]), 'UNSUPPORTED'],
    ['for arm64 and Windows only', () => index([entry(sign(image('arm')), on('arm64')), entry(sign(image('win')), on('amd64', 'windows'))]), 'allowed'],
  ])('one %s is answered at once, and where it is signed itself that is enough for the other rules', async (_what, make, expected) => {
    const digest = make();
    const start = performance.now();
    expect(await outcome('child', digest)).toBe(expected);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(await outcome('index', digest)).toBe('NO_SIGNATURE');
    expect(await outcome('either', digest)).toBe(expected === 'allowed' ? 'allowed' : `NO_SIGNATURE ${expected}`);
    sign(digest);
    expect(await outcome('index', digest)).toBe('allowed');
    expect(await outcome('either', digest)).toBe('allowed');
  });

  test('the evidence of all images together has a limit, whichever of them has it', async () => {
    const images = Array.from({ length: 5 }, (_, number) => sign(image(`image ${number}`)));
    const digest = index(images.map((each, number) => entry(each, on(`a${number}`))));
    const junk = (of: string, size: number): string => registry.attach(APP, of, Buffer.alloc(size, of));
    images.slice(0, 3).forEach((each) => junk(each, 4_000_000));
    expect(await outcome('child', digest)).toBe('allowed');
    junk(images[4]!, 6_000_000);
    expect(await outcome('child', digest)).toBe('LIMIT');
  });
});

test('where the newest of several statements decides, an older one about the index hides none about an image in it', () => {
  const scan = (multiPlatform: string): object => policy('app', 'reg.test', { requirements: [{
    type: 'attestation', name: 'scan', attestors: ['release'], predicateType: SCAN, checks: { type: 'vulnerability-scan', maxSeverity: 'low', maxAge: '7d' }, multiPlatform,
  }] });
  expect(() => parseDocument(scan('either'))).toThrow('spec.requirements[0].multiPlatform');
  expect(() => [parseDocument(scan('index')), parseDocument(scan('child'))]).not.toThrow();
});
