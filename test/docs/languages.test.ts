import { readdirSync, readFileSync } from 'node:fs';
import { codeBlocks, synthesize } from './pages';

const page = readFileSync('docs/languages.md', 'utf8');
jest.setTimeout(60_000);

const LANGUAGES = readdirSync('examples/languages').filter((name) => name !== 'README.md');
const MARKS: { readonly [language: string]: string } = { typescript: 'ts' };

test('there are programs in four languages', () => {
  expect(LANGUAGES.sort()).toEqual(['go', 'java', 'python', 'typescript']);
});

test.each(LANGUAGES)('the page shows the program in %s, whole, and no other one in that language', (language) => {
  const [file = ''] = readdirSync(`examples/languages/${language}`);
  expect(codeBlocks(page, MARKS[language] ?? language)).toEqual([readFileSync(`examples/languages/${language}/${file}`, 'utf8')]);
});

test('it is the program of the README: what it writes is what the quickstart writes', () => {
  expect(synthesize('languages/typescript')).toEqual(synthesize('quickstart'));
});

test('the reference shows it in four languages', () => {
  const reference = readFileSync('API.md', 'utf8');
  expect(LANGUAGES.filter((language) => !reference.includes(codeBlocks(page, MARKS[language] ?? language)[0] ?? language))).toEqual([]);
});

test('the modules that the page names are those that the package is generated as', () => {
  const { jsii: { targets }, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    version: string; jsii: { targets: { java: { maven: { groupId: string; artifactId: string } }; python: { distName: string }; go: { moduleName: string } } };
  };
  expect(page).toContain(`\`${targets.java.maven.groupId}:${targets.java.maven.artifactId}:${version}\``);
  expect(page).toContain(`${targets.python.distName}-${version}-py3-none-any.whl`);
  expect(page).toContain(`${targets.go.moduleName}/proofgate`);
  expect(Object.keys(targets).sort()).toEqual(['go', 'java', 'python']);
});
