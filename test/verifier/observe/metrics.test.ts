import { ReasonCode } from '../../../lib/decide/reason';
import { Logger } from '../../../lib/verifier/observe/log';
import { Metrics, MetricsSources } from '../../../lib/verifier/observe/metrics';
import { AnsweredReview } from '../../../lib/verifier/server/webhook';
import { CertificateFiles } from '../../../lib/verifier/tls/certificate-files';

const NOTHING: MetricsSources = {
  policyDigest: `sha256:${'0'.repeat(64)}`, cachedVerdicts: () => 0, busy: () => 0, certificateEnds: () => undefined, drift: () => undefined, trustRoots: () => [],
};

async function valueOf(name: string, sources: Partial<MetricsSources>): Promise<string> {
  return new RegExp(`^${name} (.+)$`, 'm').exec(await new Metrics({ ...NOTHING, ...sources }).page())?.[1] ?? 'absent';
}

test('where others renew the certificate nobody looks at the webhook configurations, and no metric says that they are well', async () => {
  const files = new CertificateFiles('tls.crt', 'tls.key', {} as Logger);
  expect(await valueOf('proofgate_webhook_configuration_drift', { drift: () => files.drift() })).toBe('absent');
});

test.each([0, 2])('twin: %d differences are a number where somebody looks', async (differences) => {
  expect(await valueOf('proofgate_webhook_configuration_drift', { drift: () => differences })).toBe(String(differences));
});

test('a number that is known, then not, then again is said only while it is known', async () => {
  let drift: number | undefined = 2;
  const metrics = new Metrics({ ...NOTHING, drift: () => drift });
  const said = async (): Promise<boolean> => /^proofgate_webhook_configuration_drift 2$/m.test(await metrics.page());
  expect(await said()).toBe(true);
  drift = undefined;
  expect(await said()).toBe(false);
  drift = 2;
  expect(await said()).toBe(true);
});

/** A refusal of an image that nobody has seen, in a namespace and by a name that nobody has seen. */
function refused(index: number, code: ReasonCode = 'NO_SIGNATURE'): AnsweredReview {
  const image = `reg.test/acme/stranger-${index}@sha256:${'0'.repeat(64)}`;
  const verdict = { allowed: false, image, policies: ['app'], reasons: [{ code, message: image }], proof: [], warnings: [], policyDigest: NOTHING.policyDigest };
  const request = { uid: `stranger-${index}`, kind: { group: `stranger-${index}`, version: 'v1', kind: 'Pod' }, namespace: `stranger-${index}`, name: `stranger-${index}`, operation: 'CREATE' };
  const answer = { allowed: false, message: image };
  return { path: '/validate', request: request as AnsweredReview['request'], answer, judged: { answer, images: [{ verdict, source: 'evidence', fields: ['spec'] }] }, milliseconds: 1 };
}

test('P18: after a thousand different images there is no line more than after one, and none of them is named; they are counted by reason', async () => {
  const metrics = new Metrics(NOTHING);
  const lines = async (): Promise<string[]> => (await metrics.page()).split('\n').filter((line) => line.startsWith('proofgate_'));
  metrics.answered(refused(0));
  const one = await lines();
  for (let index = 1; index <= 1_000; index += 1) {
    metrics.answered(refused(index));
  }
  const thousand = await lines();
  expect(thousand).toHaveLength(one.length);
  expect(thousand.join()).not.toContain('stranger');
  expect(thousand).toContain('proofgate_reasons_total{code="NO_SIGNATURE",effect="refused"} 1001');
  metrics.answered(refused(0, 'WRONG_IDENTITY'));
  expect(await lines()).toContain('proofgate_reasons_total{code="WRONG_IDENTITY",effect="refused"} 1');
});
