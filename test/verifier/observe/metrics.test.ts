import { Logger } from '../../../lib/verifier/observe/log';
import { Metrics, MetricsSources } from '../../../lib/verifier/observe/metrics';
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
