import { startDeadline } from '../../../lib/verifier/deadline';
import { EvidenceVerifier } from '../../../lib/verifier/ports';
import { CANARY_ROOT, checkCanary } from '../../../lib/verifier/sigstore';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';

function check(verify: (...args: Parameters<EvidenceVerifier['verify']>) => Awaited<ReturnType<EvidenceVerifier['verify']>>): Promise<void> {
  const deadline = startDeadline(5_000);
  return checkCanary({ verify: (...args) => Promise.resolve(verify(...args)) }, deadline).finally(() => deadline.done());
}

const store = new TrustStore([CANARY_ROOT]);

test('passes when cryptography works', async () => {
  await expect(check((bundles, _, attestors) => verifyEvidence(bundles, attestors, store))).resolves.toBeUndefined();
});

test('fails when a genuine signature is refused, as without a trust root', async () => {
  await expect(check((bundles, _, attestors) => verifyEvidence(bundles, attestors, new TrustStore([])))).rejects.toThrow(/forged refused, genuine refused/);
});

test('fails when a forged signature is verified', async () => {
  await expect(check((bundles, _, attestors) => {
    const report = verifyEvidence(bundles, attestors, store);
    const [genuine] = report.status === 'found' ? report.pieces : [];
    return { status: 'found', pieces: [genuine!, { ...genuine!, digest: 'forged' }] };
  })).rejects.toThrow(/forged verified, genuine verified/);
});

test('fails when there is no answer at all', async () => {
  await expect(check(() => ({ status: 'found', pieces: [] }))).rejects.toThrow(/gave: $/);
  await expect(check(() => ({ status: 'unavailable', code: 'INTERNAL', message: 'a thread ended' }))).rejects.toThrow(/gave: INTERNAL/);
});
