import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareBinaries } from '../e2e/harness/binaries';
import { compilePackage } from '../e2e/harness/compile-package';
import { CannotRun } from '../e2e/harness/failure';
import { Programs } from '../e2e/harness/process';
import { runInSandbox, Sandbox } from '../e2e/harness/sandbox';
import { killServers } from '../support/server-process';
import { ClusterStage } from './cluster-stage';
import { asLine, Result, rewriteRows, writePage } from './page';
import { LONG, ProcessRow, Row, Seen, SHORT } from './row';
import { ClusterRow, clusterRows } from './rows/cluster';
import { policyRows } from './rows/policy';
import { registryRows } from './rows/registry';
import { replicaRows } from './rows/replicas';
import { resourceRows } from './rows/resources';
import { trustRows } from './rows/trust';
import { loadRows } from './rows/load';

/*
 * Faults and levels of load, while good and bad requests run: npm run faults [-- NAME...] [--short] [--output json | --write FILE]
 *
 * A name chooses the rows that begin with it; `faults` and `load` choose a part. Rows that speak of the API server run in front of a real one.
 * `--write docs/reliability.md` writes what was seen into the page, of rows that were chosen over what the page says of them. Two rows last ten minutes,
 * with `--short`, which is not for the page, two. Which row runs is told on standard error.
 *
 * A row that fails, ends with an error or does not end is one that failed; the others run, and the page is written.
 *
 * Exit code 0: all was as expected; 1: something was not, a wrong allow above all; 2: could not run.
 */
const rowsLasting = (long: number): readonly (ProcessRow | ClusterRow)[] => (
  [...replicaRows, ...registryRows(long), ...policyRows, ...resourceRows, ...trustRows, ...loadRows, ...clusterRows(long)]
);

/** Milliseconds for one row, beyond what the longest has to last; the others take two minutes on a quiet machine. */
const PATIENCE = 300_000;

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === undefined) {
    const names = rowsLasting(LONG).map(({ name }) => name).join(', ');
    process.stderr.write(`usage: npm run faults [-- NAME... [--short] [--output json]], or npm run faults -- [NAME...] --write FILE; names: faults, load, ${names}\n`);
    return 2;
  }
  const { rows, long, output, page } = asked;
  const sandbox = Sandbox.enter();
  if (sandbox === undefined && rows.some(({ cluster }) => cluster)) {
    // All of it again where a cluster can be: an own network, which ends with this process.
    compilePackage();
    return runInSandbox(await prepareBinaries(process.cwd()));
  }
  if (sandbox !== undefined) {
    // What is left there when this ends in the middle is removed with the sandbox.
    process.env['TMPDIR'] = sandbox.folder;
  }
  const results: Result[] = [];
  const run = async (row: Row, work: () => Promise<Seen>): Promise<void> => {
    process.stderr.write(`${results.length + 1} of ${rows.length}: ${row.name}\n`);
    const seen = await bounded(work, PATIENCE + long);
    results.push({ row, seen });
    if (output !== 'json') {
      process.stdout.write(asLine({ row, seen }));
    }
  };
  for (const row of rows) {
    if (!row.cluster) {
      await run(row, () => row.run());
    }
  }
  const clusterRowsChosen = rows.filter((row): row is ClusterRow => row.cluster);
  if (sandbox !== undefined && clusterRowsChosen.length > 0) {
    await inCluster(sandbox, async (stage) => {
      for (const row of clusterRowsChosen) {
        await run(row, async () => row.run(await stage));
      }
    });
  }
  const circumstances = { machine: `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, client and registry on the same machine`, date: new Date().toISOString().slice(0, 10) };
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify({ ...circumstances, results }, undefined, 2)}\n`);
  }
  if (page !== undefined) {
    const write = asked.names.length === 0 ? writePage : rewriteRows;
    write(page, results, circumstances);
  }
  const failed = results.filter(({ seen }) => seen.failures.length > 0).length;
  process.stderr.write(`${results.length - failed} as expected, ${failed} not\n`);
  return failed === 0 ? 0 : 1;
}

interface Asked {
  readonly names: readonly string[];
  readonly rows: readonly (ProcessRow | ClusterRow)[];
  /** Milliseconds of the rows that last longest. */
  readonly long: number;
  readonly output?: string;
  /** The page to write into. */
  readonly page?: string;
}

/** `undefined` when something else is asked for than there is. */
function readArguments(args: readonly string[]): Asked | undefined {
  try {
    const { values: { short: isShort = false, output, write: page }, positionals: names } = parseArgs({
      args: [...args], allowPositionals: true, options: { short: { type: 'boolean' }, output: { type: 'string' }, write: { type: 'string' } },
    });
    const long = isShort ? SHORT : LONG;
    const rows = rowsLasting(long).filter(({ name, part }) => names.length === 0 || names.some((chosen) => chosen === part || name.startsWith(chosen)));
    const isKnown = rows.length > 0 && (output === undefined || output === 'json') && (page === undefined || !(isShort || output !== undefined));
    return isKnown ? { names, rows, long, ...(output === undefined ? {} : { output }), ...(page === undefined ? {} : { page }) } : undefined;
  } catch {
    // An option that is not known, or lacks its value.
    return undefined;
  }
}

/** What nobody waits for and fails all the same belongs to the row that runs. */
const strays: unknown[] = [];
process.on('uncaughtException', (error) => strays.push(error));

/** What was seen, also by a row that ends with an error or not at all: it hides no other row. */
async function bounded(work: () => Promise<Seen>, patience: number): Promise<Seen> {
  strays.length = 0;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      killServers();
      fail(new Error(`it did not end within ${patience / 1000} s`));
    }, patience);
  });
  const seen = await Promise.race([work(), late]).catch(couldNotRun).finally(() => clearTimeout(timer));
  return { ...seen, failures: [...seen.failures, ...strays.map((error) => `an error that nobody caught: ${messageOf(error)}`)] };
}

function couldNotRun(error: unknown): Seen {
  return { requests: 0, wrongAllows: 0, unanswered: 0, broken: 0, slowest: 0, notes: [], failures: [`it could not be run: ${messageOf(error)}`] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 600) : String(error);
}

async function inCluster(sandbox: Sandbox, work: (stage: Promise<ClusterStage>) => Promise<void>): Promise<void> {
  const programs = new Programs(join(sandbox.folder, 'logs'));
  try {
    const stage = ClusterStage.start(sandbox, programs);
    // Told by every row that needs it.
    stage.catch(() => undefined);
    await work(stage);
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
