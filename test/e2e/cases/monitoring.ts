import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { builtCommand } from '../../support/command';
import { servingCertificate } from '../../support/serving-certificate';
import type { Programs } from '../harness/process';
import { Prometheus } from '../harness/prometheus';
import type { Report } from '../harness/report';
import { until } from '../harness/until';

const POLICY = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'app' },
  spec: {
    images: ['reg.test/acme/**'],
    attestors: { release: { type: 'keyless', issuer: 'https://token.actions.githubusercontent.com', subject: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main', trustRoot: 'sigstore' } },
    requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }],
  },
};

/** Panels without an answer here: nothing is rejected, and where the certificate is files nobody compares webhook configurations. */
const UNANSWERED = new Set(['Work and rejected requests', 'Drift of webhook configurations']);

/** The files of monitoring/ as a real Prometheus reads them, and a verifier that it scrapes. @param binaries - folder of prometheus and promtool */
export async function monitoringCases(report: Report, programs: Programs, binaries: string, folder: string): Promise<void> {
  const rules = join(folder, 'rules.yaml');
  const promtool = (...args: string[]): string => execFileSync(join(binaries, 'promtool'), args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  await report.case('promtool accepts the alert rules', () => {
    writeFileSync(rules, stringify((parse(readFileSync('monitoring/prometheus-rule.yaml', 'utf8')) as { spec: object }).spec));
    assert.match(promtool('check', 'rules', rules), /SUCCESS: \d+ rules found/);
    return Promise.resolve();
  });
  await report.case('every alert fires for what it is about, and not where all is well', () => {
    copyFileSync('test/e2e/monitoring/alerts.yaml', join(folder, 'alerts.yaml'));
    assert.match(promtool('test', 'rules', 'alerts.yaml'), /SUCCESS/);
    return Promise.resolve();
  });
  const prometheus = await report.case('a verifier that Prometheus scrapes', () => scraped(programs, binaries, folder, rules));
  if (prometheus === undefined) {
    return;
  }
  await report.case('every expression of the dashboard is one, and those about the verifier have an answer', async () => {
    const { panels } = JSON.parse(readFileSync('monitoring/grafana-dashboard.json', 'utf8')) as { panels: Array<{ title: string; targets: Array<{ expr: string }> }> };
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        const samples = await prometheus.query(expr.replaceAll('$namespace', '.*').replaceAll('$__rate_interval', '10s'));
        assert.ok(samples.length > 0 || / > 0$/.test(expr) || UNANSWERED.has(title), `${title}: ${expr} has no samples`);
      }
    }
  });
  await report.case('of a verifier whose certificate ends in an hour that is pending, and nothing else', async () => {
    assert.deepEqual((await prometheus.query('ALERTS')).map(({ metric }) => metric['alertname']), ['ProofgateCertificateEnds']);
  });
}

/** One replica that was asked once, and a Prometheus that has seen it twice. */
async function scraped(programs: Programs, binaries: string, folder: string, rules: string): Promise<Prometheus> {
  const { certificate, key } = await servingCertificate();
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const verifier = programs.start({
    name: 'verifier', command: process.execPath,
    args: [builtCommand(), 'serve', '--policy', file('policy.json', JSON.stringify(POLICY)), '--listen', '127.0.0.1:0',
      '--shipped-trust-roots', 'keep', '--tls-cert', file('tls.crt', certificate), '--tls-key', file('tls.key', key)],
  });
  const { address } = await verifier.event('listening') as { address: string };
  const prometheus = await Prometheus.start(binaries, programs, folder, {
    job_name: 'proofgate', scheme: 'https', tls_config: { ca_file: join(folder, 'tls.crt'), server_name: 'localhost' }, static_configs: [{ targets: [address], labels: { namespace: 'proofgate' } }],
  }, [rules]);
  await until('Prometheus has scraped it', async () => {
    await ask(address, certificate);
    assert.deepEqual((await prometheus.query('increase(proofgate_reviews_total{path="/validate"}[10s]) > 0')).map(({ metric }) => metric['allowed']), ['false']);
  }, { timeoutMs: 30_000 });
  return prometheus;
}

function ask(address: string, ca: string): Promise<void> {
  const body = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: {
    uid: '1', kind: { group: '', version: 'v1', kind: 'Pod' }, resource: { group: '', version: 'v1', resource: 'pods' }, operation: 'CREATE', namespace: 'shop', name: 'a',
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' }, spec: { containers: [{ name: 'a', image: `reg.test/other/app@sha256:${'a1'.repeat(32)}` }] } },
  } };
  return new Promise((resolve, reject) => {
    const call = request(`https://${address}/validate`, { method: 'POST', ca, servername: 'localhost', headers: { 'content-type': 'application/json' } }, (message) => message.resume().once('end', resolve));
    call.once('error', reject);
    call.end(JSON.stringify(body));
  });
}
