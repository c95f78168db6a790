// Whether every case of test/security/cases.ts was shown by the tests that just ran: node --import tsx scripts/security-cases.mjs RESULTS.json...
// Exit code 1 says that a case has no test that passed, or that a title carries an id that no case has.
import { readFileSync } from 'node:fs';
import { SECURITY_CASES } from '../test/security/cases.ts';
import { CASE_ID, titledFiles } from '../test/security/titled.ts';

const cases = SECURITY_CASES.flatMap((group) => group.cases);
const passed = new Set(process.argv.slice(2).flatMap(passedTitles).flatMap((title) => title.match(CASE_ID) ?? []));
const inCluster = new Set([...titledFiles('test/e2e').keys()]);

const problems = [
  ...cases.filter(({ id }, index) => cases.findIndex((other) => other.id === id) !== index).map(({ id }) => `${id} stands twice in test/security/cases.ts`),
  ...cases.filter(({ id, suite }) => !(suite === 'test' ? passed : inCluster).has(id)).map(({ id, attempt }) => `${id} (${attempt}) has no test that passed`),
  ...[...passed, ...inCluster].filter((id) => !cases.some((one) => one.id === id)).map((id) => `${id} is in a title, and not in test/security/cases.ts`),
];
problems.forEach((problem) => console.error(problem));
console.log(`${cases.length - problems.length} of ${cases.length} security cases shown`);
process.exit(problems.length === 0 ? 0 : 1);

function passedTitles(file) {
  return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed').map(({ fullName }) => fullName);
}
