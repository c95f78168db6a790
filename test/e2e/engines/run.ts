import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CorpusRegistry } from '../../corpus/registry';
import { TestRegistry } from '../../support/registry';
import { prepareBinaries } from '../harness/binaries';
import { Cluster } from '../harness/cluster';
import { CannotRun } from '../harness/failure';
import { prepareKyvernoInstallation } from '../harness/kyverno-installation';
import { preparePolicyControllerSchemas } from '../harness/policy-controller-schemas';
import { Programs } from '../harness/process';
import { Report } from '../harness/report';
import { runInSandbox, Sandbox } from '../harness/sandbox';
import { controllerCases } from './controllers';
import { corpusConfigurations, corpusFixtures } from './corpus-fixtures';
import type { JudgingEngine } from './engine';
import { kyverno, prepareKyverno, prepareKyvernoController } from './kyverno';
import { kyvernoControllerCases } from './kyverno-controller';
import { MadeFixtures } from './made-fixtures';
import { policyController, preparePolicyController, preparePolicyControllerWebhook } from './policy-controller';
import { isSound, judged, Row, tableOf } from './table';
import { TufMirror } from './tuf-mirror';
import { verifier } from './verifier';

const DATA = 'test/corpus/data';
const PAGE = 'docs/engine-verdicts.md';
const WRITE = '--write';

/** Engines that are asked beside the bundled verifier. */
const OTHERS = ['kyverno', 'policy-controller'] as const;

const USAGE = `usage: npm run e2e:engines [-- ${WRITE} | PART | TEXT]; parts: ${[...OTHERS, 'controllers', 'kyverno-controller'].join(', ')}; TEXT is part of the id or description of a case\n`;

/*
 * One intent, several engines: each case of the table of attacks and its twin, judged by every engine as it really runs, over what the library renders for it.
 *
 * The programs are built from pinned Go modules and kept from run to run (harness/binaries.ts). Registries and a mirror of The Update Framework listen on loopback; nothing else is
 * asked. What is said must be what the published table says; `npm run e2e:engines -- --write` writes it. `npm run e2e:engines -- policy-controller` asks that engine and the
 * verifier alone, and `npm run e2e:engines -- TEXT` judges only the fixtures whose id or description holds the text; neither looks at the table.
 *
 * `npm run e2e:engines -- controllers` has a real API server ask policy-controller itself, in the sandbox of the cluster test, which it runs itself again in;
 * `npm run e2e:engines -- kyverno-controller` has it ask Kyverno.
 *
 * Exit code 0: every verdict is as it should be; 1: some are not; 2: could not run, or no fixture is meant.
 */
async function main(): Promise<number> {
  const sandbox = Sandbox.enter();
  if (sandbox !== undefined) {
    return runControllers(sandbox);
  }
  if (process.argv[2] === 'controllers') {
    preparePolicyControllerSchemas(process.cwd());
    await preparePolicyControllerWebhook(process.cwd());
    return runInSandbox(await prepareBinaries(process.cwd()));
  }
  if (process.argv[2] === 'kyverno-controller') {
    prepareKyvernoInstallation(process.cwd());
    await prepareKyvernoController(process.cwd());
    return runInSandbox(await prepareBinaries(process.cwd()));
  }
  const args = process.argv.slice(2);
  if (args.some((arg) => arg.startsWith('-') && arg !== WRITE)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const chosen = OTHERS.filter((id) => args.includes(id));
  const only = args.find((text) => text !== WRITE && !chosen.some((id) => id === text));
  const asked = chosen.length === 0 ? OTHERS : chosen;
  const folder = mkdtempSync(join(tmpdir(), 'proofgate-engines-'));
  const [registry, mirror] = [await TestRegistry.start(), await TufMirror.start()];
  const corpus = new CorpusRegistry(DATA, corpusConfigurations(DATA));
  try {
    const host = await corpus.start();
    const all = [...new MadeFixtures(registry, 'key').all(), ...new MadeFixtures(registry, 'certificate').all(), ...corpusFixtures(host, DATA)];
    const fixtures = all.filter(({ id, about }) => only === undefined || `${id} ${about}`.includes(only));
    if (fixtures.length === 0) {
      process.stderr.write(`there is no part ${only ?? ''}, and no case whose id or description holds it\n${USAGE}`);
      return 2;
    }
    const program = asked.includes('kyverno') ? await prepareKyverno(process.cwd()) : undefined;
    const programs = asked.includes('policy-controller') ? await preparePolicyController(process.cwd()) : undefined;
    // A further engine is one more entry of this list.
    const engines: readonly JudgingEngine[] = [
      verifier([registry.host, host]),
      ...program === undefined ? [] : [kyverno(program, mirror, folder)],
      ...programs === undefined ? [] : [policyController(programs, mirror, folder)],
    ];
    const rows: Row[] = [];
    for (const fixture of fixtures) {
      const row = await judged(fixture, engines);
      console.log(`${isSound(row) ? 'ok  ' : 'FAIL'} ${fixture.id} ${fixture.about}: ${row.verdicts.map(({ engine, allowed, denied }) => `${engine} ${allowed.says}/${denied.says}`).join(', ')}`);
      if (!isSound(row) || only !== undefined) {
        row.verdicts.forEach(({ engine, allowed, denied }) => console.log(`       ${engine}: ${allowed.why || '-'} / ${denied.why}`));
      }
      rows.push(row);
    }
    const failed = rows.filter((row) => !isSound(row)).length;
    const stale = only === undefined && chosen.length === 0 && !isPublished(tableOf(rows, engines), args.includes(WRITE)) ? 1 : 0;
    console.log(`${rows.length} cases with their twins, ${engines.length} engines`);
    console.log(`${rows.length - failed} passed, ${failed + stale} failed`);
    return failed + stale === 0 ? 0 : 1;
  } finally {
    await Promise.all([registry.close(), corpus.stop(), mirror.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether the page says what was said now, after it is written where that is wanted. */
function isPublished(table: string, write: boolean): boolean {
  if (write) {
    writeFileSync(PAGE, table);
  }
  const published = readFileSync(PAGE, 'utf8').split('\n');
  const others = table.split('\n').filter((line) => !published.includes(line));
  others.forEach((line) => console.log(`FAIL ${PAGE} does not say: ${line}`));
  if (others.length > 0 || published.join('\n') !== table) {
    console.log(`FAIL ${PAGE} is not what was found; look at the difference, then: npm run e2e:engines -- ${WRITE}`);
    return false;
  }
  return true;
}

async function runControllers(sandbox: Sandbox): Promise<number> {
  const programs = new Programs(join(sandbox.folder, 'logs'));
  const report = new Report(programs);
  try {
    const cluster = await report.case('etcd and the API server start', () => Cluster.start(sandbox, programs));
    if (cluster !== undefined && process.argv[2] === 'kyverno-controller') {
      await kyvernoControllerCases(report, cluster, sandbox, programs, await prepareKyvernoController(process.cwd()));
    } else if (cluster !== undefined) {
      await controllerCases(report, cluster, sandbox, programs, await preparePolicyControllerWebhook(process.cwd()));
    }
  } finally {
    await programs.killAll();
  }
  return report.close(`build/e2e/${process.argv[2] ?? ''}.json`) ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  console.error(error instanceof CannotRun ? error.message : error);
  process.exit(error instanceof CannotRun ? 2 : 1);
});
