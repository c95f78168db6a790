import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codeBlocks } from '../docs/pages';
import { projectWith } from './install';

jest.setTimeout(120_000);

const project = projectWith('vitest', '@jest/expect', '@jest/globals', '@types/jest', '@types/node', 'expect', 'jest', 'pretty-format', 'ts-jest', 'typescript');
afterAll(() => rmSync(project, { recursive: true }));

/** A test file, the same for both runners but for how it gets at things. */
const SPECIFICATION = `
const chart = () => {
  const made = new Chart(new App(), 'enforcement');
  const attestor = KeylessAttestor.githubWorkflow(made, 'release', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
  new SignedImagePolicy(made, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [attestor] });
  return made;
};
const api = 'ghcr.io/acme/payments/api:v1';
const release = githubWorkflow({ repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });

test('good', () => {
  expect(chart()).toEnforce();
  expect(chart()).toAdmit(api, signedBy(release));
  expect(chart()).toRefuse(api, 'NO_SIGNATURE');
  expect(() => { const made = chart(); made.node.tryRemoveChild('payments'); return made; }).toRefuseSynthesis('REMOVED');
});
test('bad', () => expect(chart()).toAdmit(api, signedBy(stranger())));
test('negated', () => expect(chart()).not.toAdmit(api));
`;

const asModule = `import { App, Chart } from 'cdk8s';
import { KeylessAttestor, SignedImagePolicy } from 'proofgate';
import { githubWorkflow, signedBy, stranger } from 'proofgate/testing';
`;

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function node(args: readonly string[], env: { readonly [name: string]: string } = {}, folder = project): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: project, ...env } });
  return { status, output: `${stdout}${stderr}` };
}

const RUNNERS: { readonly [name: string]: { readonly write: () => void; readonly args: readonly string[] } } = {
  jest: {
    write: () => {
      const required = asModule.replace(/import (\{[^}]*\}) from ('[^']*')/g, 'const $1 = require($2)');
      writeFileSync(join(project, 'jest.config.cjs'), 'module.exports = { testEnvironment: "node", testMatch: ["**/*.spec.cjs"], moduleFileExtensions: ["js", "cjs", "json"], transform: {}, haste: { enableSymlinks: false } };');
      writeFileSync(join(project, 'policy.spec.cjs'), `require('proofgate/testing/jest');\n${required}${SPECIFICATION}`);
    },
    args: [resolve('node_modules/jest/bin/jest.js'), '--config', 'jest.config.cjs', '--ci', '--verbose'],
  },
  'jest without globals': {
    write: () => {
      const required = asModule.replace(/import (\{[^}]*\}) from ('[^']*')/g, 'const $1 = require($2)');
      writeFileSync(join(project, 'jest-globals.config.cjs'), 'module.exports = { testEnvironment: "node", injectGlobals: false, testMatch: ["**/*.globals.cjs"], moduleFileExtensions: ["js", "cjs", "json"], transform: {}, haste: { enableSymlinks: false } };');
      writeFileSync(join(project, 'policy.globals.cjs'), `require('proofgate/testing/jest-globals');\nconst { expect, test } = require('@jest/globals');\n${required}${SPECIFICATION}`);
    },
    args: [resolve('node_modules/jest/bin/jest.js'), '--config', 'jest-globals.config.cjs', '--ci', '--verbose'],
  },
  vitest: {
    write: () => {
      writeFileSync(join(project, 'vitest.config.mjs'), 'export default { test: { include: ["**/*.spec.mjs"], reporters: ["verbose"] } };');
      writeFileSync(join(project, 'policy.spec.mjs'), `import 'proofgate/testing/vitest';\nimport { expect, test } from 'vitest';\n${asModule}${SPECIFICATION}`);
    },
    args: [resolve('node_modules/vitest/vitest.mjs'), 'run'],
  },
};

describe.each(Object.keys(RUNNERS))('%s', (name) => {
  const { write, args } = RUNNERS[name] as (typeof RUNNERS)[string];
  const message = 'to be admitted, and it is refused with WRONG_IDENTITY';
  const escape = String.fromCharCode(27);
  beforeAll(write);

  test('knows the matchers: a good test passes, a bad one fails with the whole message, without colour where there is to be none', () => {
    const { status, output } = node(args, { NO_COLOR: '1' });
    expect(output).toMatch(/✓ .*good/);
    expect(output).toContain(message);
    expect(output).toMatch(/expected {2}the signer "https:[^]*found {5}the email "mallory@stranger.example"/);
    expect(output).toContain('it cannot be negated');
    expect(output).toMatch(/Tests: .*2 failed, 1 passed|Tests {2}2 failed \| 1 passed/);
    expect(output).not.toContain(escape);
    expect(status).toBe(1);
  });

  test('colours the message where it is told to', () => {
    const { output } = node(args, { FORCE_COLOR: '1' });
    expect(output).toMatch(new RegExp(`to be ${escape}\\[[0-9;]*m[^]{0,20}admitted`));
  });
});

test.each([['jest', ''], ['jest-globals', 'import { expect } from \'@jest/globals\';\n'], ['vitest', 'import { expect } from \'vitest\';\n']])('%s: the matchers have types', (runner, how) => {
  const file = `types-${runner}.ts`;
  writeFileSync(join(project, file), `import 'proofgate/testing/${runner}';\n${how}${asModule}
declare const chart: Chart;
expect(chart).toEnforce('payments');
expect(chart).toAdmit('image', signedBy(stranger()).withProvenance());
expect(chart).toAdmit({ containers: [] }, { image: signedBy(githubWorkflow({ repository: 'a/b', workflow: 'c', ref: 'd' })) });
expect(chart).toRefuse('image', 'NO_SIGNATURE');
expect(() => chart).toRefuseSynthesis('EXPIRED');
// @ts-expect-error: no such code
expect(chart).toRefuse('image', 'UNSIGNED');
// @ts-expect-error: no evidence
expect(chart).toAdmit('image', 'signed');
export { App, KeylessAttestor, SignedImagePolicy };
`);
  const { status, output } = node([resolve('node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', '--types', 'node', file]);
  expect({ status, output }).toEqual({ status: 0, output: '' });
});

test('Jest under the configuration of docs/first-policy.md passes the test of that page, and reads its types', () => {
  const page = readFileSync('docs/first-policy.md', 'utf8');
  const [chart = '', , tests = ''] = codeBlocks(page, 'ts');
  const [configuration = ''] = codeBlocks(page, 'js');
  const folder = join(project, 'enforcement');
  mkdirSync(folder);
  const written = (specification: string): Ended => {
    Object.entries({ 'package.json': '{}', 'jest.config.js': configuration, 'chart.ts': chart, 'chart.test.ts': specification })
      .forEach(([name, content]) => writeFileSync(join(folder, name), content));
    return node([resolve('node_modules/jest/bin/jest.js')], { NO_COLOR: '1' }, folder);
  };
  expect(page).toContain('\nnpx jest ');
  expect(written(tests)).toEqual({ status: 0, output: expect.stringMatching(/Tests: +1 passed, 1 total\nSnapshots: +1 written, 1 total/) as unknown });
  expect(written(tests.replace('toEnforce()', 'toEnforceAll()'))).toEqual({ status: 1, output: expect.stringContaining('\'toEnforceAll\' does not exist') as unknown });
});
