import assert from 'node:assert';
import { join } from 'node:path';
import { CannotRun } from '../e2e/harness/failure';
import { Programs } from '../e2e/harness/process';
import { Report } from '../e2e/harness/report';
import { lastWordCases } from './cases/last-word';
import { lifeCases } from './cases/life';
import { Scene } from './cases/scene';
import { valueCases } from './cases/values';
import { preparePulumi } from './harness/binaries';
import { untried } from './last-word-table';

/*
 * The components and the policy pack under the real engine, with a provider that creates whatever it is asked to and remembers it
 * (harness/echo-provider.ts): what it was never asked would never have reached a cluster. Which case shows what: last-word-table.ts.
 *
 * With arguments, only the cases whose claims hold one of them.
 *
 * Exit code 0: all cases passed; 1: some failed; 2: could not run.
 */
async function main(): Promise<number> {
  const engine = await preparePulumi(process.cwd());
  const wanted = process.argv.slice(2);
  const report = new Report(new Programs(join(process.cwd(), 'build/pulumi/logs')));
  const claims: string[] = [];
  for (const cases of [lifeCases, lastWordCases, valueCases]) {
    await cases(async (claim, body) => {
      claims.push(claim);
      if (wanted.length === 0 || wanted.some((part) => claim.includes(part))) {
        await Scene.case(report, engine, claim, body);
      }
    });
  }
  await report.case('every row of the table of who has the last word has its cases', async () => {
    assert.deepEqual(untried(claims), []);
  });
  return report.close('build/pulumi/results.json') ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  console.error(error instanceof CannotRun ? error.message : error);
  process.exit(error instanceof CannotRun ? 2 : 1);
});
