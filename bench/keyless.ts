import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { AttachedBundles } from '../lib/verifier/ports';
import { TrustStore, verifyEvidence } from '../lib/verifier/sigstore/verify-evidence';
import { policySet } from '../lib/policy/policy-set';
import { parseDocument } from '../lib/policy/validate';
import { bundleBytes, BUNDLE_V03, githubRun, SigstoreWorld, signStatement } from '../test/support/sigstore';
import { Figure, inMilliseconds, median, Section } from './figures';
import { plainLibrary } from './plain-library';
import { policyFor, TRUST_ROOT } from './policy';

const BUNDLES = 60;
const ROUNDS = 5;

/** The cryptography of a keyless signature without a network, against the bare verifications that it cannot do without. */
export function keylessSection(progress: (text: string) => void): Section {
  const world = SigstoreWorld.create();
  const store = new TrustStore([{ name: TRUST_ROOT, json: JSON.stringify(world.trustedRoot) }]);
  const set = policySet([parseDocument(policyFor('127.0.0.1:1'))]);
  const attestors = set.policies.flatMap((policy) => Object.values(policy.attestors));
  const kinds = (['rekor1', 'rekor2'] as const).map((log) => ({
    log,
    bundles: Array.from({ length: BUNDLES }, (_, index): AttachedBundles => {
      const bytes = bundleBytes(world.signKeyless(githubRun(), signStatement(digestOf(index)), { log }));
      return { bundles: [{ digest: digestOf(index), mediaType: BUNDLE_V03, bytes }], unsupported: [] };
    }),
    times: [] as number[],
    plainTimes: [] as number[],
  }));
  const library = plainLibrary(world.trustedRoot);
  const floor: number[] = [];
  const bare = bareVerifications();
  for (let round = 0; round <= ROUNDS; round += 1) {
    progress(`keyless bundles, round ${round} of ${ROUNDS}`);
    const raw = perItem(BUNDLES, bare);
    const each = kinds.map(({ bundles }) => perItem(BUNDLES, (index) => {
      const report = verifyEvidence(bundles[index] ?? { bundles: [], unsupported: [] }, attestors, store);
      if (report.status !== 'found' || Object.values(report.pieces[0]?.facts ?? {}).some(({ verified }) => !verified)) {
        throw new Error(`a bundle that should be verified was not: ${JSON.stringify(report).slice(0, 600)}`);
      }
    }));
    const plain = kinds.map(({ bundles }) => perItem(BUNDLES, (index) => library(bundles[index]?.bundles[0]?.bytes ?? Buffer.alloc(0))));
    // The first round is for the compiler.
    if (round > 0) {
      floor.push(raw);
      kinds.forEach(({ times, plainTimes }, kind) => {
        times.push(each[kind] ?? NaN);
        plainTimes.push(plain[kind] ?? NaN);
      });
    }
  }
  const least = median(floor);
  return {
    title: 'Cold keyless verification',
    method: `processor time of one thread, no network; median of ${ROUNDS} rounds of ${BUNDLES} bundles, each with a certificate of its own`,
    figures: [
      { name: 'raw floor: 4 × ECDSA P-256 and 1 × P-384, crypto.verify', value: inMilliseconds(least) },
      ...kinds.flatMap(({ log, times, plainTimes }): Figure[] => {
        const name = log === 'rekor1' ? 'bundle v0.3, Rekor v1' : 'bundle v0.3, Rekor v2 and timestamp authority';
        const [ours, plain] = [median(times), median(plainTimes)];
        return [
          { name: `@sigstore/verify called plainly: ${name}`, value: inMilliseconds(plain), ratio: `${(plain / least).toFixed(1)} × the floor` },
          {
            name: `the verifier: ${name}`, value: inMilliseconds(ours), ratio: `${(ours / least).toFixed(1)} × the floor, ${(ours / plain).toFixed(2)} × the library called plainly`,
            target: { text: 'at most 3 × the floor', met: ours <= 3 * least },
          },
        ];
      }),
    ],
  };
}

/**
 * What every bundle needs for itself. P-384: the certificate by its issuer. P-256: the timestamp of the CT log, the signature, the log's
 * checkpoint (Ed25519 in Rekor v2, counted as one of these), and its clock: the promise of Rekor v1 or the token of a timestamp authority.
 * Authorities by their roots are checked once.
 */
function bareVerifications(): () => void {
  const message = Buffer.alloc(512, 7);
  const checks = ['P-256', 'P-256', 'P-256', 'P-256', 'P-384'].map((namedCurve) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    const hash = namedCurve === 'P-256' ? 'sha256' : 'sha384';
    return { hash, publicKey, signature: sign(hash, message, privateKey) };
  });
  return () => {
    for (const { hash, publicKey, signature } of checks) {
      if (!verify(hash, message, publicKey, signature)) {
        throw new Error('a signature that was just made does not verify');
      }
    }
  };
}

/** Milliseconds of processor time, that of the collector's threads included: other processes are not in them. */
function perItem(count: number, work: (index: number) => void): number {
  const start = process.cpuUsage();
  for (let index = 0; index < count; index += 1) {
    work(index);
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / count;
}

function digestOf(index: number): string {
  return `sha256:${createHash('sha256').update(String(index)).digest('hex')}`;
}
