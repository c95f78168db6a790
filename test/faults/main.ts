import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { prepareBinaries } from '../e2e/harness/binaries';
import { compilePackage } from '../e2e/harness/compile-package';
import { CannotRun } from '../e2e/harness/failure';
import { Programs } from '../e2e/harness/process';
import { runInSandbox, Sandbox } from '../e2e/harness/sandbox';
import { ClusterStage } from './cluster-stage';
import { asLine, Result, writePage } from './page';
import { Row, Seen } from './row';
import { clusterRows } from './rows/cluster';
import { policyRows } from './rows/policy';
import { registryRows } from './rows/registry';
import { replicaRows } from './rows/replicas';
import { resourceRows } from './rows/resources';
import { loadRows } from './rows/load';

/*
 * Faults and levels of load, while good and bad requests run: npm run faults [-- NAME...] [-- --output json | --write FILE]
 *
 * A name chooses the rows that begin with it; `faults` and `load` choose a part. Rows that speak of the API server run in front of a real one.
 * `--write docs/reliability.md` writes what was seen into the page, and wants every row.
 *
 * Exit code 0: all was as expected; 1: something was not, a wrong allow above all; 2: could not run.
 */
const ROWS = [...replicaRows, ...registryRows, ...policyRows, ...resourceRows, ...clusterRows, ...loadRows];

async function main(args: readonly string[]): Promise<number> {
  const flag = args.findIndex((arg) => arg.startsWith('--'));
  const names = flag < 0 ? args : args.slice(0, flag);
  const [option, value] = flag < 0 ? [] : args.slice(flag);
  const isChosen = ({ name, part }: Row): boolean => names.length === 0 || names.some((chosen) => chosen === part || name.startsWith(chosen));
  const rows = ROWS.filter(isChosen);
  const isKnown = option === undefined || (option === '--output' && value === 'json') || (option === '--write' && value !== undefined && names.length === 0);
  if (!isKnown || rows.length === 0) {
    process.stderr.write(`usage: npm run faults [-- NAME...] [--output json], or npm run faults -- --write FILE; names: faults, load, ${ROWS.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const sandbox = Sandbox.enter();
  if (sandbox === undefined && rows.some(({ cluster }) => cluster)) {
    // All of it again where a cluster can be: an own network, which ends with this process.
    compilePackage();
    return runInSandbox(await prepareBinaries(process.cwd()));
  }
  const results: Result[] = [];
  const add = (row: Row, seen: Seen): void => {
    results.push({ row, seen });
    if (option !== '--output') {
      process.stdout.write(asLine({ row, seen }));
    }
  };
  for (const row of rows) {
    if (!row.cluster) {
      add(row, await row.run().catch(couldNotRun));
    }
  }
  if (sandbox !== undefined) {
    await inCluster(sandbox, async (stage) => {
      for (const row of rows) {
        if (row.cluster) {
          add(row, await row.run(stage).catch(couldNotRun));
        }
      }
    });
  }
  const circumstances = { machine: `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, client and registry on the same machine`, date: new Date().toISOString().slice(0, 10) };
  if (option === '--output') {
    process.stdout.write(`${JSON.stringify({ ...circumstances, results }, undefined, 2)}\n`);
  } else if (option === '--write') {
    writePage(value ?? '', results, circumstances);
  }
  const failed = results.filter(({ seen }) => seen.failures.length > 0).length;
  process.stderr.write(`${results.length - failed} as expected, ${failed} not\n`);
  return failed === 0 ? 0 : 1;
}

/** A row that ends with an error shows nothing, and hides no other row. */
function couldNotRun(error: unknown): Seen {
  return { requests: 0, wrongAllows: 0, unanswered: 0, broken: 0, slowest: 0, notes: [], failures: [`it could not be run: ${error instanceof Error ? error.message.slice(0, 600) : String(error)}`] };
}

async function inCluster(sandbox: Sandbox, work: (stage: ClusterStage) => Promise<void>): Promise<void> {
  const programs = new Programs(join(sandbox.folder, 'logs'));
  try {
    await work(await ClusterStage.start(sandbox, programs));
  } finally {
    await programs.killAll();
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(130));
}
main(process.argv.slice(2)).then((code) => process.exit(code), (error: unknown) => {
  process.stderr.write(`the faults could not be run: ${error instanceof CannotRun ? error.message : error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exit(2);
});
