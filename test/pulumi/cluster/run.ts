import { join } from 'node:path';
import { prepareBinaries } from '../../e2e/harness/binaries';
import { Cluster } from '../../e2e/harness/cluster';
import { compilePackage } from '../../e2e/harness/compile-package';
import { CannotRun } from '../../e2e/harness/failure';
import { Programs } from '../../e2e/harness/process';
import { Report } from '../../e2e/harness/report';
import { runInSandbox, Sandbox } from '../../e2e/harness/sandbox';
import { prepareKubernetesProvider, preparePulumi } from '../harness/binaries';
import { clusterCases } from './cases';

/*
 * The components under the real engine and the real Kubernetes provider, before the API server of the cluster test: test/e2e/run.ts says how that
 * is built and started. Nightly, since the provider takes many minutes to build.
 */
async function main(): Promise<number> {
  const sandbox = Sandbox.enter();
  // Built outside, where there is a network; inside they are found.
  const pulumiPrograms = { engine: await preparePulumi(process.cwd()), provider: await prepareKubernetesProvider(process.cwd()) };
  if (!sandbox) {
    compilePackage();
    return runInSandbox(await prepareBinaries(process.cwd()));
  }
  const programs = new Programs(join(sandbox.folder, 'logs'));
  const report = new Report(programs);
  try {
    const cluster = await report.case('etcd and the API server start', () => Cluster.start(sandbox, programs));
    if (cluster) {
      await clusterCases(report, cluster, sandbox, programs, pulumiPrograms);
    }
  } finally {
    await programs.killAll();
  }
  return report.close('build/pulumi/cluster.json') ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  console.error(error instanceof CannotRun ? error.message : error);
  process.exit(error instanceof CannotRun ? 2 : 1);
});
