import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PolicyDocument } from '../../../lib/policy/document';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { startDeadline } from '../../../lib/verifier/deadline';
import { Gate } from '../../../lib/verifier/gate';
import { ImageAnswer, ImageJudge, ImageQuestion } from '../../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../../lib/verifier/judge/verdict-cache';
import { WaitingRoom } from '../../../lib/verifier/waiting-room';
import { EvidenceVerifier, Registry } from '../../../lib/verifier/ports';
import { OciRegistry } from '../../../lib/verifier/registry';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { faults, OCI_MANIFEST, TestRegistry } from '../../support/registry';
import { bundleBytes, githubRun, olderAttestation, olderSignature, signStatement, SigstoreWorld, simpleSigning, statement } from '../../support/sigstore';
import { ownReaders } from '../../support/readers';
import { fixedTrust } from '../../support/trust';
import { policy } from '../admission/scene';

const APP = 'acme/app';
const world = SigstoreWorld.create();
const store = new TrustStore([{ name: 'test', json: JSON.stringify(world.trustedRoot) }]);
const evidence: EvidenceVerifier = { verify: (bundles, _digest, attestors) => Promise.resolve(verifyEvidence(bundles, attestors, store)) };
let registry: TestRegistry;
let other: TestRegistry;
let client: OciRegistry;

beforeEach(async () => {
  [registry, other] = [await TestRegistry.start(), await TestRegistry.start()];
  client = new OciRegistry(new Map([registry, other].map(({ host }) => [host, { plainHttp: true }])));
});

afterEach(async () => {
  client.close();
  await Promise.all([registry.close(), other.close()]);
});

function judgeWith({ documents = [policy('one', registry.host), policy('two', other.host)], reads = client }: { documents?: readonly object[]; reads?: Registry } = {}): ImageJudge {
  return new ImageJudge({
    set: policySet(documents.map((document): PolicyDocument => parseDocument(document))),
    readers: ownReaders(reads),
    trust: fixedTrust(evidence),
    cache: new VerdictCache(),
    gate: new Gate(), room: new WaitingRoom(),
    budget: 60_000,
    now: Date.now,
    unexpected: (error) => {
      throw error;
    },
  });
}

async function ask(judge: ImageJudge, reference: string, question: Partial<ImageQuestion> = {}): Promise<ImageAnswer> {
  const deadline = startDeadline(60_000);
  try {
    return await judge.judge({ reference, namespace: { name: 'default' }, tags: 'resolve', policies: 'all', remember: true, ...question }, deadline);
  } finally {
    deadline.done();
  }
}

function signed(tag: string): string {
  const digest = registry.pushImage(APP, tag, tag);
  registry.attach(APP, digest, bundleBytes(world.signKeyless(githubRun(), signStatement(digest))));
  return digest;
}

/** Bytes that are in use. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

const said = ({ verdict }: ImageAnswer): string => (verdict.allowed ? 'allowed' : verdict.reasons.map(({ code }) => code).join(' '));

test('P24: a registry that never answers slows no other, however much is asked of it', async () => {
  const judge = judgeWith();
  const digest = signed('v1');
  const mend = other.fault(/./, faults.hang);
  const waiting = Array.from({ length: 300 }, (_, index) => ask(judge, `${other.host}/${APP}@sha256:${String(index).padStart(64, 'a')}`, { namespace: { name: `team-${index % 4}` } }));
  while (other.requests.length < 8) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const start = performance.now();
  expect(said(await ask(judge, `${registry.host}/${APP}@${digest}`))).toBe('allowed');
  expect(performance.now() - start).toBeLessThan(5_000);
  mend();
  other.connections.forEach((socket) => socket.destroy());
  expect(new Set((await Promise.all(waiting)).map(said))).toEqual(new Set(['IMAGE_NOT_FOUND']));
}, 60_000);

describe('without any evidence', () => {
  const asked = (): string[] => registry.asked.filter((line) => line.includes('/manifests/sha256:'));

  test('a digest that is not there is IMAGE_NOT_FOUND; one that is there is not signed', async () => {
    const judge = judgeWith();
    const there = registry.pushImage(APP, 'unsigned', 'v1');
    const mistyped = there.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(said(await ask(judge, `${registry.host}/${APP}@${there}`))).toBe('NO_SIGNATURE');
    const { verdict } = await ask(judge, `${registry.host}/${APP}@${mistyped}`);
    expect(verdict.reasons).toMatchObject([{ code: 'IMAGE_NOT_FOUND', message: `${registry.host} has no ${APP}@${mistyped}` }]);
  });

  test('a registry that does not say whether the image is there changes nothing', async () => {
    const there = registry.pushImage(APP, 'unsigned', 'v1');
    registry.fault(/manifests\/sha256:/, faults.status(500));
    expect(said(await ask(judgeWith(), `${registry.host}/${APP}@${there}`))).toBe('NO_SIGNATURE');
  });

  test('only a digest is asked for, and not where there is evidence', async () => {
    const digest = signed('v1');
    registry.pushImage(APP, 'unsigned', 'v2');
    await ask(judgeWith(), `${registry.host}/${APP}@${digest}`);
    await ask(judgeWith(), `${registry.host}/${APP}:v2`);
    expect(asked().filter((line) => line.includes(digest))).toEqual([]);
  });
});

test('what is answered from memory names the image as it was asked for', async () => {
  const judge = judgeWith();
  const digest = signed('v1');
  registry.repository(APP).pushManifest(registry.repository(APP).tryGet(digest)?.bytes ?? Buffer.of(), OCI_MANIFEST, 'v2');
  const answers = [];
  for (const tag of ['v1', 'v2']) {
    const { source, verdict } = await ask(judge, `${registry.host}/${APP}:${tag}`);
    answers.push([source, verdict.image]);
  }
  expect(answers).toEqual([['evidence', `${registry.host}/${APP}:v1@${digest}`], ['memory', `${registry.host}/${APP}:v2@${digest}`]]);
});

describe('a repository that is exempted by digest', () => {
  const exempted = `sha256:${'e'.repeat(64)}`;
  const judge = (): ImageJudge => judgeWith({ documents: [policy('one', registry.host), {
    apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'old' },
    spec: { image: `${registry.host}/third/party`, digests: [exempted], reason: 'r', owner: 'o', until: '2099-01-01' },
  }] });

  test.each([
    ['by the digest is allowed', 'third/party', `@${exempted}`, 'allowed'],
    ['by a tag in a Pod is TAG_NOT_PINNED', 'third/party', ':v1', 'TAG_NOT_PINNED'],
    ['by another digest is UNMATCHED_IMAGE', 'third/party', `@sha256:${'f'.repeat(64)}`, 'UNMATCHED_IMAGE'],
    ['beside another repository, which is UNMATCHED_IMAGE', 'fourth/party', ':v1', 'UNMATCHED_IMAGE'],
  ])('%s', async (_what, repository, rest, outcome) => {
    expect(said(await ask(judge(), `${registry.host}/${repository}${rest}`, { tags: 'refuse' }))).toBe(outcome);
    expect(registry.requests).toEqual([]);
  });
});

test('P11: 100,000 different images that are refused leave nothing behind', async () => {
  const nothing: Registry = {
    places: (reference) => [reference],
    resolve: () => Promise.reject(new Error('not asked')),
    images: () => Promise.reject(new Error('not asked')),
    bundles: (_reference, _digest, _deadline, use) => use({ bundles: [], unsupported: [] }),
    find: () => Promise.resolve(),
    olderLayout: (_reference, _digest, _deadline, use) => use({ bundles: [], unsupported: [] }),
  };
  const judge = judgeWith({ reads: nothing });
  const round = async (from: number): Promise<void> => {
    for (let index = from; index < from + 50_000; index += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, step) => ask(judge, `${registry.host}/${APP}@sha256:${String(index + step).padStart(63, '0')}1`)));
      if (answers.some(({ verdict }) => verdict.allowed)) {
        throw new Error('an unsigned image was allowed');
      }
    }
  };
  await round(1);
  const before = heap();
  await round(50_001);
  // One entry of a few hundred bytes for each would be 10 MB and more.
  expect(heap() - before).toBeLessThan(5_000_000);
}, 120_000);

describe('a signature in cosign\'s older layout', () => {
  function withOlder(tag: string): string {
    const digest = registry.pushImage(APP, tag, tag);
    registry.repository(APP).pushOlder(digest, 'sig', [olderSignature(world, githubRun(), simpleSigning(digest))]);
    return digest;
  }

  const older = (): string[] => registry.asked.filter((line) => /\.(sig|att)$/.test(line));

  test('is looked for only where the bundles leave something open, and remembered as well', async () => {
    const judge = judgeWith();
    expect(said(await ask(judge, `${registry.host}/${APP}@${signed('v1')}`))).toBe('allowed');
    expect(older()).toEqual([]);
    const digest = withOlder('v2');
    const answers = [await ask(judge, `${registry.host}/${APP}@${digest}`), await ask(judge, `${registry.host}/${APP}@${digest}`)];
    expect(answers.map((answer) => [said(answer), answer.source])).toEqual([['allowed', 'evidence'], ['allowed', 'memory']]);
    expect(older()).toHaveLength(2);
  });

  test('is looked for where a policy in its audit window would refuse: there is then nothing to warn of', async () => {
    const judge = judgeWith({ documents: [policy('one', registry.host, { action: { type: 'Audit', reason: 'r', owner: 'o', until: '2099-01-01' } })] });
    const [good, bare] = [withOlder('v1'), registry.pushImage(APP, 'v2')];
    expect((await ask(judge, `${registry.host}/${APP}@${good}`)).verdict.warnings).toEqual([]);
    expect((await ask(judge, `${registry.host}/${APP}@${bare}`)).verdict.warnings).toMatchObject([{ code: 'NO_SIGNATURE' }]);
  });

  test('is not taken for absent where the registry does not tell', async () => {
    const digest = withOlder('v1');
    const mend = registry.fault(/\.sig$/, faults.status(500));
    expect(said(await ask(judgeWith(), `${registry.host}/${APP}@${digest}`))).toBe('REGISTRY_UNAVAILABLE');
    mend();
    expect(said(await ask(judgeWith(), `${registry.host}/${APP}@${digest}`))).toBe('allowed');
  });
});

describe('where the newest scan decides', () => {
  const TYPE = 'https://cosign.sigstore.dev/attestation/vuln/v1';
  const scan = (digest: string, severity: string, at: Date): object => statement(digest, TYPE, {
    scanner: { result: { matches: [{ vulnerability: { id: 'CVE-2026-1', severity } }], descriptor: { name: 'grype' } } },
    metadata: { scanStartedOn: at.toISOString(), scanFinishedOn: at.toISOString() },
  });
  const [earlier, later] = [new Date(world.now.getTime() - 3_600_000), world.now];
  const attach = (digest: string, severity: string, at: Date): void =>
    void registry.attach(APP, digest, bundleBytes(world.signKeyless(githubRun(), scan(digest, severity, at), { at })));
  const attachOlder = (digest: string, severity: string, at: Date): void =>
    void registry.repository(APP).pushOlder(digest, 'att', [olderAttestation(world, githubRun(), scan(digest, severity, at), { at })]);
  const judge = (): ImageJudge => judgeWith({ documents: [policy('one', registry.host, { requirements: [
    { type: 'attestation', name: 'scanned', attestors: ['release'], predicateType: TYPE, checks: { type: 'vulnerability-scan', maxSeverity: 'medium', maxAge: '7d' } },
  ] })] });
  const judged = async (digest: string): Promise<string> => said(await ask(judge(), `${registry.host}/${APP}@${digest}`));

  test('a newer one in an older layout is not passed over because an older one is good', async () => {
    const digests = ['one', 'two'].map((name) => registry.pushImage(APP, name));
    for (const [index, digest] of digests.entries()) {
      attach(digest, 'Low', index === 0 ? earlier : later);
      attachOlder(digest, 'Critical', index === 0 ? later : earlier);
    }
    await expect(Promise.all(digests.map(judged))).resolves.toEqual(['VULNERABLE', 'allowed']);
  });

  test('nor because it cannot be learned', async () => {
    const digest = registry.pushImage(APP, 'one');
    attach(digest, 'Low', later);
    const mend = registry.fault(/\.att$/, faults.status(500));
    await expect(judged(digest)).resolves.toBe('REGISTRY_UNAVAILABLE');
    mend();
    await expect(judged(digest)).resolves.toBe('allowed');
  });
});
