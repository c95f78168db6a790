import stylistic from '@stylistic/eslint-plugin';
import { defineConfig } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** What each folder of lib/ may import besides itself. */
const pure = {
  policy: [],
  kubernetes: ['policy'],
  decide: ['policy', 'kubernetes'],
  refusals: ['policy', 'kubernetes'],
  explain: ['policy', 'kubernetes', 'decide'],
  engines: ['policy', 'kubernetes', 'decide', 'refusals'],
};
const pureFolders = Object.keys(pure);
const allowed = {
  ...pure,
  authoring: pureFolders,
  cdk8s: [...pureFolders, 'authoring'],
  pulumi: [...pureFolders, 'authoring'],
  testing: [...pureFolders, 'authoring', 'cdk8s'],
  verifier: ['policy', 'kubernetes', 'decide', 'engines'],
  cli: [...pureFolders, 'authoring', 'verifier'],
};
const directions = Object.entries(allowed).map(([folder, others]) => ({
  target: `./lib/${folder}`,
  from: './lib',
  except: [folder, ...others].map((name) => `./${name}`),
  message: `lib/${folder} may import ${['itself', ...others.map((name) => `lib/${name}`)].join(', ')}, nothing else of lib/.`,
}));

const machineGlobals = ['Buffer', 'console', 'fetch', 'performance', 'process', 'require', 'setImmediate', 'setInterval', 'setTimeout'];

export default defineConfig(
  { ignores: ['build/', 'lib/policy/cel/library.ts', '**/node_modules/', 'examples/*/dist/', '**/*.snap'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,mts,mjs,cjs,js}', 'bin/proofgate'],
    plugins: { '@stylistic': stylistic },
    rules: {
      curly: 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': 'error',
      'no-shadow': 'off',
      'no-var': 'error',
      'prefer-const': 'error',
      '@stylistic/array-bracket-spacing': 'error',
      '@stylistic/arrow-parens': 'error',
      '@stylistic/brace-style': 'error',
      '@stylistic/comma-dangle': ['error', 'always-multiline'],
      '@stylistic/comma-spacing': 'error',
      '@stylistic/eol-last': 'error',
      '@stylistic/indent': ['error', 2, { SwitchCase: 1 }],
      '@stylistic/keyword-spacing': 'error',
      '@stylistic/max-len': ['error', { code: 180, ignoreStrings: true, ignoreTemplateLiterals: true }],
      '@stylistic/no-multiple-empty-lines': ['error', { max: 1, maxEOF: 0, maxBOF: 0 }],
      '@stylistic/no-trailing-spaces': 'error',
      '@stylistic/object-curly-spacing': ['error', 'always'],
      '@stylistic/quotes': ['error', 'single', { avoidEscape: true }],
      '@stylistic/semi': 'error',
      '@stylistic/space-before-blocks': 'error',
      '@stylistic/space-infix-ops': 'error',
    },
  },
  {
    files: ['**/*.{ts,mts}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.mjs', '.json'] })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: directions }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-shadow': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `async` is the plainest way to meet a port that returns a promise, also where nothing is awaited.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // Pure: same input, same output, in any JavaScript engine.
    files: pureFolders.map((folder) => `lib/${folder}/**/*.ts`),
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', {
        patterns: [{ regex: '^[^.]', message: 'The pure folders import nothing from Node and no package.' }],
      }],
      'no-restricted-globals': ['error', ...machineGlobals.map((name) => ({ name, message: 'The pure folders do no I/O and know no machine.' }))],
      'no-restricted-properties': ['error',
        { object: 'Date', property: 'now', message: 'Take the clock as a parameter.' },
        { object: 'Math', property: 'random', message: 'The same input must give the same output.' }],
      'no-restricted-syntax': ['error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the clock as a parameter.' }],
    },
  },
  {
    // What test runners are taught can only be said in the form in which they declare it.
    files: ['lib/testing/{jest,jest-globals,vitest}/*.{ts,mts}'],
    rules: {
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    // A module that is loaded where it is first needed, in code that does not wait.
    files: ['lib/verifier/read-yaml.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['test/**/*.ts', 'examples/**/*.test.ts'],
    rules: {
      // expect(object.method) does not call it.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
