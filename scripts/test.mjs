// Everything that `npm test` stands for. Each part runs even when an earlier one failed; the last line sums them up.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { machineNode, run, verifierNode } from './nodes.mjs';

const RESULTS = 'build/results';
const total = { passed: 0, failed: 0 };

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
check('bundles', machineNode(), ['scripts/bundle.mjs']);
check('schema is current', verifierNode(), ['scripts/schema.mjs', '--check']);
check('lint', machineNode(), ['scripts/lint.mjs']);
// The compiler for other languages refuses what they cannot express, and API.md is made from what it writes.
check('sub-paths, and the main entry in jsii', machineNode(), ['scripts/build.mjs', 'subpaths', 'jsii']);
check('generated pages are current', machineNode(), ['--import', 'tsx', 'scripts/docs.mjs', '--check']);
check('the source names its own image', verifierNode(), ['--import', 'tsx', 'image/main.ts', '--check']);
tests('library', machineNode());
tests('verifier', verifierNode());
check('every security case was shown', machineNode(), ['--import', 'tsx', 'scripts/security-cases.mjs', `${RESULTS}/library.json`, `${RESULTS}/verifier.json`]);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/** A step that is no test: it counts only when it fails. */
function check(title, node, args) {
  console.log(`\n== ${title}`);
  if (run(node, args) !== 0) {
    total.failed += 1;
    console.log(`== ${title}: failed`);
  }
}

/** One jest project. A suite that does not load, a skipped test and a snapshot without a test are failures: none of them proves anything. */
function tests(project, node) {
  console.log(`\n== ${project} tests`);
  const output = `${RESULTS}/${project}.json`;
  const code = run(node, [
    'node_modules/jest/bin/jest.js', '--selectProjects', project, '--ci', '--maxWorkers=2', '--json', `--outputFile=${output}`,
  ], { stdio: ['inherit', 'ignore', 'inherit'] });
  const failed = existsSync(output) ? count(JSON.parse(readFileSync(output, 'utf8'))) : 0;
  if (code !== 0 && failed === 0) {
    total.failed += 1;
    console.log(`== ${project} tests: jest ended with exit code ${code} and named no failed test`);
  }
}

function count(result) {
  const unproven = result.numPendingTests + result.numTodoTests + result.snapshot.unchecked + result.snapshot.filesRemoved;
  if (unproven > 0) {
    console.log(`${unproven} skipped tests or snapshots without a test: run them or remove them`);
  }
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites + unproven;
  total.passed += result.numPassedTests;
  total.failed += failed;
  return failed;
}
