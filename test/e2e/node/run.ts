import { join } from 'node:path';
import { prepareBinaries, prepareNetworkPolicy, prepareNodePrograms } from '../harness/binaries';
import { Cluster } from '../harness/cluster';
import { compilePackage } from '../harness/compile-package';
import { CannotRun } from '../harness/failure';
import { claimMachine } from '../harness/machine-traces';
import { Programs } from '../harness/process';
import { Report } from '../harness/report';
import { runInSandbox, Sandbox } from '../harness/sandbox';
import { changeCases } from './cases/changes';
import { outageCases, serviceAddressCases } from './cases/outages';
import { certificateCases } from './cases/certificates';
import { disruptionCases } from './cases/disruption';
import { emergencyExitCases } from './cases/emergency-exit';
import { networkCases } from './cases/network';
import { removalCases } from './cases/removal';
import { rolloutCases } from './cases/rollout';
import { upgradeCases } from './cases/upgrade';
import { workloadCases } from './cases/workloads';
import { prepareDebian, refreshDebian } from './debian';
import { prepareEarlier } from './earlier';
import { Figures } from './figures';
import { NodeScene } from './scene';

const CASE_LIMIT_MS = 400_000;

/*
 * The node test: what an example wrote is applied to a cluster that runs it, the verifier included, by the image that its source makes.
 *
 * The same sandbox and control plane as the cluster test (../run.ts), and in it everything that acts on what the API server holds
 * (../harness/node.ts). It needs root, and Linux with overlayfs, bridges and nftables; nothing is installed, and nothing is left behind.
 *
 *   npm run e2e:node                                       all parts
 *   npm run e2e:node -- changes removal                    the rollout and these parts
 *   npm run e2e:node -- --write docs/reliability.md        all parts, and what was measured goes into the page
 *   npm run e2e:node -- --refresh                          locks the Debian packages of today
 *
 * Exit codes as in ../run.ts.
 */
async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const sandbox = Sandbox.enter();
  if (sandbox) {
    return runCases(sandbox, args);
  }
  const known = args[0] === '--write' ? args.length === 2 : args[0] === '--refresh' ? args.length === 1 : args.every((arg) => arg in PARTS);
  if (!known) {
    throw new CannotRun(`usage: npm run e2e:node [-- PART...], [-- --write PAGE] or [-- --refresh]; parts: ${Object.keys(PARTS).join(', ')}`);
  }
  if (args[0] === '--refresh') {
    await refreshDebian();
    return 0;
  }
  if (process.getuid?.() !== 0) {
    throw new CannotRun('The node test makes cgroups, bridges and mounts: run it as root.');
  }
  compilePackage();
  const repository = process.cwd();
  const binaries = await prepareBinaries(repository);
  const node = {
    programs: await prepareNodePrograms(repository), networkPolicy: await prepareNetworkPolicy(repository), debian: await prepareDebian(),
    earlier: isChosen('upgrade', args) ? prepareEarlier(repository) : undefined,
  };
  return runInSandbox({ ...binaries, node }, claimMachine);
}

/** By the name that chooses them; `removal` comes last, since it leaves nothing to look at. */
const PARTS: { readonly [name: string]: (report: Report, scene: NodeScene, figures: Figures) => Promise<void> } = {
  'network': networkCases,
  'workloads': workloadCases,
  'changes': changeCases,
  'disruption': disruptionCases,
  'certificates': certificateCases,
  'outages': outageCases,
  'emergency-exit': emergencyExitCases,
  'upgrade': upgradeCases,
  'service-address': serviceAddressCases,
  'removal': removalCases,
};

/** Without a name all parts are. */
function isChosen(part: string, args: readonly string[]): boolean {
  return args.includes(part) || !args.some((arg) => arg in PARTS);
}

async function runCases(sandbox: Sandbox, args: readonly string[]): Promise<number> {
  const programs = new Programs(join(sandbox.folder, 'logs'));
  const report = new Report(programs, CASE_LIMIT_MS);
  const figures = new Figures();
  try {
    const { node } = sandbox.binaries;
    const scene = node && await report.case('etcd, the API server and the registries start', async () => (
      NodeScene.prepare(await Cluster.start(sandbox, programs), sandbox, programs, node)
    ));
    if (scene) {
      await rolloutCases(report, scene, figures);
      for (const [name, cases] of Object.entries(PARTS)) {
        if (isChosen(name, args)) {
          await cases(report, scene, figures);
        }
      }
    }
  } finally {
    await programs.killAll();
  }
  const passed = report.close('build/e2e/node.json');
  if (passed && args[0] === '--write') {
    figures.write(args[1] ?? '');
  }
  return passed ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  console.error(error instanceof CannotRun ? error.message : error);
  process.exit(error instanceof CannotRun ? 2 : 1);
});
