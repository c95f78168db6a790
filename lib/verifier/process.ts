import { Writable } from 'node:stream';
import { webhookDrift } from '../engines/webhook/drift';
import { Namespaces, NAMES_ONLY } from './cluster/cluster';
import { connectCluster } from './cluster/connect';
import { watchNamespaces } from './cluster/namespaces';
import { ClusterPullSecrets } from './cluster/pull-secrets';
import { Health } from './health';
import { assembleJudge } from './judge/assemble';
import { createLog, logDecision, Logger, logTrust } from './observe/log';
import type { Metrics } from './observe/metrics';
import { sharedPage } from './observe/shared-page';
import { VerifierOptions } from './options';
import { PullSecrets } from './ports';
import { loadPolicies, LoadedPolicies } from './policies/load';
import { WebhookServer } from './server/server';
import { Webhook, WebhookObserver } from './server/webhook';
import { CertificateFiles } from './tls/certificate-files';
import { CertificateSource } from './tls/certificates';
import { SelfManagedCertificates } from './tls/self-managed';

/** Milliseconds after which a certificate is one that is waited for. */
const IDLE = 50;

export interface RunningVerifier {
  /** `host:port` that it listens on. */
  readonly address: string;
  readonly policyDigest: string;
  /** Stops taking reviews, answers those in work, and ends everything. */
  stop(): Promise<void>;
}

/**
 * Runs the verifier: reads the policies, obtains a certificate, listens.
 *
 * @throws Error with a readable message when it cannot be run as asked; nothing is left behind
 */
export async function startVerifier(options: VerifierOptions, output: Writable): Promise<RunningVerifier> {
  const log = createLog(output);
  const policies = await loadPolicies(options.policies);
  const started: Array<() => Promise<void>> = [];
  try {
    return await start(options, policies, log, started);
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

async function start(options: VerifierOptions, policies: LoadedPolicies, log: Logger, started: Array<() => Promise<void>>): Promise<RunningVerifier> {
  const late: { metrics?: Metrics; server?: WebhookServer } = {};
  const unexpected = (error: unknown): void => {
    late.metrics?.failUnexpectedly();
    log.error({ event: 'unexpected', err: error instanceof Error ? error : new Error(String(error)) });
  };
  const assembled = await assembleJudge({
    policies,
    trustRoots: options.trustRoots,
    ...(options.registryConfig === undefined ? {} : { registryConfig: options.registryConfig }),
    ...(options.digests === undefined ? {} : { digests: options.digests }),
    pullSecrets: () => pullSecretsOf(options),
    budget: options.deadline,
    unexpected,
    refreshShipped: options.refreshShipped,
    trustChanged: (event) => logTrust(log, event),
    entry: options.entry,
  });
  started.push(() => assembled.close());
  assembled.unused.forEach((message) => log.warn({ event: 'unused', message }));

  const namespaces = directoryOf(options, policies, log);
  started.push(() => namespaces.stop());

  const certificates = certificatesOf(options, policies, log);
  started.push(() => certificates.stop());

  const observer: WebhookObserver = {
    answered: (event) => {
      late.metrics?.answered(event);
      logDecision(log, event);
    },
    rejected: (path, status, message) => {
      late.metrics?.reject(path, status);
      log.warn({ event: 'rejected', path, status, message });
    },
    unexpected,
  };
  const webhook = new Webhook({ images: assembled.judge, namespaces, observer, deadline: options.deadline });

  const health = new Health((deadline) => assembled.check(deadline), unexpected);
  started.push(() => Promise.resolve(health.stop()));
  // Threads take processor time from what is left to do before it listens. They begin after that, or while the API server is waited for.
  const idle = setTimeout(() => void assembled.ready(), IDLE).unref();
  const certificate = await certificates.start((next) => late.server?.use(next)).finally(() => clearTimeout(idle));
  const server = new WebhookServer({
    webhook,
    unready: () => [...health.troubles(), ...namespaces.troubles(), ...certificates.troubles()],
    metrics: sharedPage(() => late.metrics?.page() ?? Promise.resolve('')),
    unexpected,
  }, certificate);
  late.server = server;
  const { address, port } = await server.listen(options.listen.host, options.listen.port);
  started.push(() => server.stop(options.deadline));
  // Loaded when it listens, and before anything that came in is looked at.
  const { Metrics: NewMetrics } = await import('./observe/metrics');
  late.metrics = new NewMetrics({
    policyDigest: policies.set.digest,
    cachedVerdicts: () => assembled.cache.size,
    busy: () => webhook.busy,
    certificateEnds: () => inSeconds(certificates.ends()),
    drift: () => certificates.drift(),
    trustRoots: () => assembled.refreshed.map(({ name, ends, refreshedAt }) => ({ name, ends: inSeconds(ends), refreshed: inSeconds(refreshedAt) })),
  });
  await assembled.ready();
  await health.start();
  log.info({ event: 'policies', digest: policies.set.digest, policies: policies.set.policies.map(({ name }) => name), exemptions: policies.set.exemptions.map(({ name }) => name), denyLists: policies.set.denyLists.map(({ name }) => name) });
  return { address: address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`, policyDigest: policies.set.digest, stop: () => stopAll(started) };
}

/** Last started, first stopped: the server goes before what it answers from. */
async function stopAll(started: Array<() => Promise<void>>): Promise<void> {
  for (let stop = started.pop(); stop !== undefined; stop = started.pop()) {
    await stop();
  }
}

function directoryOf(options: VerifierOptions, policies: LoadedPolicies, log: Logger): Namespaces {
  const byLabel = [...policies.set.policies, ...policies.set.exemptions, ...policies.set.denyLists].some(({ namespaces }) => 'labels' in namespaces);
  if (!byLabel) {
    return NAMES_ONLY;
  }
  const cluster = connectCluster(options.kubeconfig);
  if (cluster === undefined) {
    throw new Error('a policy selects namespaces by label, and there is no cluster to read labels from: give --kubeconfig FILE, or run in a Pod');
  }
  return watchNamespaces(cluster, log);
}

function pullSecretsOf({ kubeconfig }: VerifierOptions): PullSecrets {
  const cluster = connectCluster(kubeconfig);
  if (cluster === undefined) {
    throw new Error('a registry is read with the pull Secrets of workloads, and there is no cluster to read them from: give --kubeconfig FILE, or run in a Pod');
  }
  return new ClusterPullSecrets(cluster);
}

function certificatesOf(options: VerifierOptions, policies: LoadedPolicies, log: Logger): CertificateSource {
  return options.tls.mode === 'files'
    ? new CertificateFiles(options.tls.certificateFile, options.tls.keyFile, log)
    : new SelfManagedCertificates({
      cluster: connectCluster(options.kubeconfig),
      namespace: options.namespace,
      name: options.name,
      caLifetime: options.tls.caLifetime,
      drift: (found) => webhookDrift(policies.documents, options, found),
      log,
    });
}

function inSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
