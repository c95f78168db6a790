import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arm64Cases } from './cases/arm64';
import { certManagerCases } from './cases/cert-manager';
import { controlPlaneCases } from './cases/control-plane';
import { enforcementCases } from './cases/enforcement';
import { monitoringCases } from './cases/monitoring';
import { nativeCases } from './cases/native';
import { policyControllerCases } from './cases/policy-controller';
import { pullSecretCases } from './cases/pull-secrets';
import { registryCases } from './cases/registries';
import { prepareBinaries, prepareRegistry } from './harness/binaries';
import { prepareCertManager } from './harness/cert-manager';
import { Cluster } from './harness/cluster';
import { compilePackage } from './harness/compile-package';
import { prepareDebianRegistry } from './harness/debian-registry';
import { prepareArm64 } from './harness/emulator';
import { CannotRun } from './harness/failure';
import { preparePolicyControllerSchemas } from './harness/policy-controller-schemas';
import { misreadPart } from './harness/parts';
import { Programs } from './harness/process';
import { preparePrometheus } from './harness/prometheus';
import { Report } from './harness/report';
import { runInSandbox, Sandbox } from './harness/sandbox';

/** What can be asked for alone. */
const PARTS = ['registries', 'native', 'pull-secrets', 'policy-controller', 'monitoring', 'arm64', 'cert-manager'];

/*
 * The cluster test: a real API server decides, and what the project writes and ships is what it asks.
 *
 * The manifests are the file that examples/private-sigstore writes, byte for byte; the verifier is the built bundle, with the arguments
 * and mounted files that its Deployment says. Beside that stand only what other parts of a cluster would make: ServiceAccounts named
 * `default`, endpoints, and the processes of Pods.
 *
 * This program builds what it needs (harness/binaries.ts), then runs itself again in a sandbox (harness/sandbox.ts): an own network in
 * which every port is free, every address of 10.99.0.0/24 is local, host names mean what `sandbox.resolve` says, and nothing else exists.
 *
 *   start a cluster           Cluster.start(sandbox, programs)
 *   apply what was rendered   cluster.kubectl.apply(yaml)
 *   a namespace for Pods      cluster.createNamespace(name), or cluster.createDefaultServiceAccount(name) if a manifest made it
 *   a process behind a        programs.start({ name, command: process.execPath, args }), then `await program.event('listening')`
 *   Service                   and cluster.setEndpoints(namespace, service, [{ address: '10.99.0.11', port: 8443 }])
 *   the inside of a Pod       prepareContainer(cluster, namespace, deployment): arguments and environment; files lie where it mounts them
   the rights of a Pod       cluster.serviceAccountKubeconfig(namespace, name)
 *   a registry by its name    sandbox.resolve('ghcr.io', '10.99.0.20') and OciRegistry.start(...) with cluster.issue({ hosts: ['ghcr.io'] })
 *   a request and its answer  cluster.api.as('alice').create(pod): { status, object, message, warnings }; expectAdmitted, expectDenied
 *   what comes a bit later    until('the webhook is asked', async () => ...)
 *   a case                    report.case('a claim', async () => ...)
 *
 * `npm run e2e -- registries` runs only the cases of registries, outside of any sandbox: on loopback, without a cluster and without rights.
 *
 * `npm run e2e -- native` runs only the cases of what the API server holds by itself, in the sandbox; `npm run e2e -- pull-secrets` only those of a registry
 * that is read with the pull Secrets of workloads.
 *
 * `npm run e2e -- policy-controller` runs only those of what stands around policy-controller, under its own schemas, without policy-controller.
 *
 * `npm run e2e -- monitoring` has a real Prometheus read the files of monitoring/ and scrape a verifier, on loopback as well.
 *
 * `npm run e2e -- arm64` starts the verifier's image for arm64 under an emulator, on loopback, as root or where user namespaces are allowed.
 *
 * `npm run e2e -- cert-manager` has cert-manager issue the certificate of a verifier; building it takes four CPU minutes once.
 *
 * Exit code 0: all cases passed; 1: some failed; 2: could not run, or there is no such part; 130: interrupted.
 */
async function main(): Promise<number> {
  const misread = misreadPart(process.argv.slice(2), PARTS, 'npm run e2e');
  if (misread !== undefined) {
    process.stderr.write(misread);
    return 2;
  }
  const sandbox = Sandbox.enter();
  if (sandbox) {
    return runCases(sandbox);
  }
  if (process.argv[2] === 'monitoring') {
    const prometheus = await preparePrometheus();
    return await runOnLoopback('monitoring', (report, programs, folder) => monitoringCases(report, programs, prometheus, folder)) ? 0 : 1;
  }
  if (process.argv[2] === 'arm64') {
    const arm64 = { emulator: await prepareArm64(), registry: await prepareRegistry(process.cwd()) };
    return await runOnLoopback('arm64', (report, programs, folder) => arm64Cases(report, programs, arm64, folder)) ? 0 : 1;
  }
  if (process.argv[2] === 'native' || process.argv[2] === 'pull-secrets') {
    return runInSandbox(await prepareBinaries(process.cwd()));
  }
  if (process.argv[2] === 'cert-manager') {
    const certManager = await prepareCertManager(process.cwd());
    return runInSandbox({ ...await prepareBinaries(process.cwd()), certManager });
  }
  if (process.argv[2] === 'policy-controller') {
    preparePolicyControllerSchemas(process.cwd());
    return runInSandbox(await prepareBinaries(process.cwd()));
  }
  const registries = { registry: await prepareRegistry(process.cwd()), debian: await prepareDebianRegistry() };
  if (!await runOnLoopback('registries', (report, programs, folder) => registryCases(report, programs, registries, folder))) {
    return 1;
  }
  if (process.argv[2] === 'registries') {
    return 0;
  }
  preparePolicyControllerSchemas(process.cwd());
  compilePackage();
  return runInSandbox(await prepareBinaries(process.cwd()));
}

async function runOnLoopback(name: string, cases: (report: Report, programs: Programs, folder: string) => Promise<void>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), `proofgate-${name}-`));
  const programs = new Programs(join(folder, 'logs'));
  const report = new Report(programs);
  try {
    await cases(report, programs, folder);
  } finally {
    await programs.killAll();
    rmSync(folder, { recursive: true, force: true });
  }
  return report.close(`build/e2e/${name}.json`);
}

async function runCases(sandbox: Sandbox): Promise<number> {
  const programs = new Programs(join(sandbox.folder, 'logs'));
  const report = new Report(programs);
  try {
    const cluster = await report.case('etcd and the API server start', () => Cluster.start(sandbox, programs));
    if (cluster && process.argv[2] === 'native') {
      await nativeCases(report, cluster);
    } else if (cluster && process.argv[2] === 'pull-secrets') {
      await pullSecretCases(report, cluster, sandbox, programs);
    } else if (cluster && process.argv[2] === 'cert-manager') {
      await certManagerCases(report, cluster, sandbox, programs);
    } else if (cluster && process.argv[2] === 'policy-controller') {
      await policyControllerCases(report, cluster);
    } else if (cluster) {
      await controlPlaneCases(report, cluster, sandbox, programs);
      await nativeCases(report, cluster);
      await policyControllerCases(report, cluster);
      await pullSecretCases(report, cluster, sandbox, programs);
      await enforcementCases(report, cluster, sandbox, programs);
    }
  } finally {
    await programs.killAll();
  }
  return report.close('build/e2e/results.json') ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  console.error(error instanceof CannotRun ? error.message : error);
  process.exit(error instanceof CannotRun ? 2 : 1);
});
