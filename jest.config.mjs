/**
 * Two projects: `library` runs on the machine's own Node, `verifier` on the Node that the verifier ships on. scripts/test.mjs calls both, with
 * `--ci`: a missing snapshot fails; `npx projen test:update` writes them.
 *
 * Types are checked by `npm run typecheck`; here TypeScript is only stripped.
 */
/** Folders of test/ that run on the verifier's Node. */
export const verifierFolders = ['bundle', 'cli', 'conformance', 'corpus', 'demo', 'fuzz', 'image', 'verifier'];
const verifierTests = verifierFolders.map((folder) => `<rootDir>/test/${folder}/`);

/** Published as ES modules only; jest's module system needs them as CommonJS. */
const esModules = [
  '@jsep-plugin/assignment', '@jsep-plugin/regex', '@kubernetes/client-node', '@marcbachmann/cel-js', '@noble/curves', '@noble/hashes', '@peculiar/utils', 'agent-base', 'fast-check', 'http-proxy-agent',
  'https-proxy-agent', 'jose', 'jsep', 'jsonpath-plus', 'oauth4webapi', 'openid-client', 'proxy-agent-negotiate', 'rfc4648', 'socks-proxy-agent', 'stream-chain', 'stream-json',
];

const shared = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/tools/jest/temporary-folder.cjs',
  globalTeardown: '<rootDir>/tools/jest/remove-temporary-folder.cjs',
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/tools/node24/'],
  // Examples import the package by its name, as users do.
  moduleNameMapper: { '^proofgate$': '<rootDir>/lib/index.ts', '^proofgate/([a-z/]+)$': '<rootDir>/lib/$1/index.ts' },
  transform: { '\\.[cm]?[jt]s$': '<rootDir>/tools/jest/transform.cjs' },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'library',
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', ...verifierTests],
    },
    {
      ...shared,
      displayName: 'verifier',
      testMatch: verifierFolders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
      // What the image holds runs on Linux only.
      testPathIgnorePatterns: ['/node_modules/', ...(process.platform === 'linux' ? [] : ['<rootDir>/test/image/run'])],
    },
  ],
};
