import { cdk, javascript, ProjenrcFile } from 'projen';

/** Entries beside the main one; compiled by tsc. */
const subpaths = ['pulumi', 'pulumi/policy', 'testing', 'testing/jest', 'testing/jest-globals'];

/** The same for what can only be imported as an ES module: Vitest cannot be required. */
const esSubpaths = ['testing/vitest'];

/** What both compilers insist on, beyond `strict`. */
const strictness = {
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noUncheckedIndexedAccess: true,
};

const project = new cdk.JsiiProject({
  name: 'proofgate',
  description: 'Only images with this proof may run here: typed policy, compiled to admission control that really refuses',
  author: 'The proofgate authors',
  authorAddress: 'maintainers@proofgate.dev',
  authorOrganization: true,
  copyrightOwner: 'The proofgate authors',
  copyrightPeriod: '2026',
  license: 'Apache-2.0',
  repositoryUrl: 'https://github.com/proofgate/proofgate.git',
  keywords: ['admission', 'cdk8s', 'cosign', 'kubernetes', 'policy', 'sigstore', 'slsa', 'supply-chain'],
  defaultReleaseBranch: 'main',
  majorVersion: 0,

  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',
  srcdir: 'lib',
  libdir: 'build/lib',
  artifactsDirectory: 'build/packages',
  entrypoint: 'build/lib/index.js',
  testdir: 'test',

  jsiiVersion: '*',
  typescriptVersion: '6.0.3',
  // exactOptionalPropertyTypes and its kin are refused by jsii's strict and generated rule sets.
  validateTsconfig: cdk.ValidateTsconfig.MINIMAL,
  docgen: false,
  publishToPypi: { distName: 'proofgate', module: 'proofgate' },
  publishToMaven: { javaPackage: 'dev.proofgate', mavenGroupId: 'dev.proofgate', mavenArtifactId: 'proofgate' },
  publishToGo: { moduleName: 'github.com/proofgate/proofgate-go' },

  tsconfig: { compilerOptions: { ...strictness, types: ['node'] } },
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    exclude: ['build', 'examples/*/dist'],
    compilerOptions: {
      module: 'preserve',
      moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
      lib: ['es2024'],
      declaration: false,
      inlineSourceMap: false,
      inlineSources: false,
      types: ['node', 'jest'],
      // Examples and their tests import the package by its name, as users do.
      paths: { 'proofgate': ['./lib/index.ts'], 'proofgate/*': ['./lib/*/index.ts'] },
    },
  },

  // Written by hand, where they can be read: eslint.config.mjs, jest.config.mjs.
  eslint: false,
  jest: false,
  projenrcTs: false,
  projenrcJs: false,

  github: false,
  release: false,
  depsUpgrade: false,
  sampleCode: false,
  pullRequestTemplate: false,
  // The package holds what `files` below names.
  npmignoreEnabled: false,

  peerDeps: ['cdk8s@^2.70.0', 'constructs@^10.4.0'],
  devDeps: [
    // The library's build.
    'jsii-docgen@10.12.6',
    'ts-json-schema-generator@2.10.0',
    'tsx@4.23.15',
    '@types/node@24.19.2',

    // Bundled into one file of the library, scripts/cel.mjs.
    '@marcbachmann/cel-js@8.0.0',

    // Bundled into the verifier and the command line.
    '@noble/curves@2.4.0',
    '@peculiar/asn1-schema@2.11.1',
    '@peculiar/asn1-x509@2.11.1',
    '@sigstore/bundle@5.0.1',
    '@sigstore/core@4.0.1',
    '@sigstore/protobuf-specs@0.5.2',
    '@sigstore/verify@4.1.3',
    'ajv@8.20.0',
    'commander@14.0.3',
    'esbuild@0.28.2',
    'picocolors@1.1.1',
    'pino@10.4.0',
    'prom-client@15.1.3',
    'tuf-js@6.0.2',
    'yaml@2.9.1',

    // The Node that the verifier ships on and is tested with.
    'proofgate-node24@file:./tools/node24',

    // The verifier's image and its release.
    '@sigstore/oci@0.7.2',
    '@sigstore/sign@5.1.0',
    '@types/tar-stream@3.1.5',
    'tar-stream@3.2.2',
    'xz-decompress@0.2.3',

    // Tests and lint.
    '@peculiar/x509@2.2.0',
    '@pulumi/kubernetes@4.25.0',
    '@pulumi/policy@1.21.0',
    '@pulumi/pulumi@3.245.0',
    '@sigstore/mock@0.12.1',
    '@tufjs/models@5.0.2',
    '@stylistic/eslint-plugin@5.10.0',
    '@jest/globals@30.5.2',
    '@types/jest@30.0.0',
    'cdk8s-cli@2.207.60',
    'cdk8s-plus-34@2.0.54',
    'eslint@10.15.0',
    'eslint-plugin-import-x@4.18.1',
    'asn1js@3.1.0',
    'fast-check@4.10.2',
    'jest@30.5.2',
    'pkijs@3.4.3',
    'reflect-metadata@0.2.2',
    'ts-jest@29.4.15',
    'typescript-eslint@8.73.0',
    'vitest@4.1.12',
  ],
});

// jsii refuses peers that are no jsii modules, even optional ones: lib/pulumi/peers.ts checks that they are there.
project.package.addField('peerDependenciesMeta', Object.fromEntries(['kubernetes', 'policy', 'pulumi'].map((name) => [`@pulumi/${name}`, { optional: true }])));
project.package.addField('bin', { proofgate: 'bin/proofgate' });
project.package.addField('files', ['build/lib', 'build/bin', 'bin', 'schema', '.jsii', '.warnings.jsii.js', 'API.md', 'RULES.md', 'MIGRATION.md', 'docs', 'examples', 'monitoring']);
project.package.addField('exports', {
  '.': { types: './build/lib/index.d.ts', default: './build/lib/index.js' },
  ...Object.fromEntries(subpaths.map((name) => [`./${name}`, { types: `./build/lib/${name}/index.d.ts`, default: `./build/lib/${name}/index.js` }])),
  ...Object.fromEntries(esSubpaths.map((name) => [`./${name}`, { types: `./build/lib/${name}/index.d.mts`, default: `./build/lib/${name}/index.mjs` }])),
  './schema': './schema/policy.json',
  './schema/policy.json': './schema/policy.json',
  './package.json': './package.json',
  './.jsii': './.jsii',
  './.warnings.jsii.js': './.warnings.jsii.js',
});
// moduleResolution node10 does not know `exports`.
project.package.addField('typesVersions', { '*': Object.fromEntries(subpaths.map((name) => [name, [`build/lib/${name}/index.d.ts`]])) });

// jsii compiles the main entry and what it reaches; everything else is for tsc or esbuild alone.
project.tsconfig?.removeInclude('lib/**/*.ts');
project.tsconfig?.addInclude('lib/index.ts');
project.tsconfigDev.addInclude('.projenrc.ts');
project.tsconfigDev.addInclude('**/*.mts');
const subpathsConfig = new javascript.TypescriptConfig(project, {
  fileName: 'tsconfig.subpaths.json',
  include: [...subpaths.map((name) => `lib/${name}/index.ts`), ...esSubpaths.map((name) => `lib/${name}/index.mts`)],
  compilerOptions: { noEmit: false },
});
subpathsConfig.addExtends(project.tsconfig!);

// Added by projen with a range unless they are named after it.
project.addDevDeps('jsii@6.0.16', 'jsii-pacmak@1.140.0', 'jsii-rosetta@6.0.17', 'projen@0.103.25');
// Nothing has been published that a release could be compared with.
project.removeTask('compat');
project.deps.removeDependency('jsii-diff');

// Tells projen which file the generated ones come from.
class TypeScriptProjenrc extends ProjenrcFile {
  readonly filePath = '.projenrc.ts';
}
new TypeScriptProjenrc(project);
project.defaultTask?.exec('tsx .projenrc.ts');
project.addTask('test:update', {
  description: 'Rewrites the snapshots, on purpose: read the diff as carefully as code',
  exec: 'node scripts/node24.mjs jest --updateSnapshot',
  receiveArgs: true,
});

// The scripts are plain commands, so that package.json says what runs.
for (const [name, command] of Object.entries({
  build: 'node scripts/build.mjs',
  bundle: 'node scripts/bundle.mjs',
  // A tarball holds what is built: without this it would be packed without.
  prepack: 'npm run build',
  lint: 'node scripts/lint.mjs',
  typecheck: 'tsc --project tsconfig.dev.json',
  schema: 'node scripts/node24.mjs scripts/schema.mjs',
  cel: 'node scripts/node24.mjs scripts/cel.mjs',
  docs: 'node --import tsx scripts/docs.mjs',
  image: 'node scripts/image.mjs',
  test: 'node scripts/test.mjs',
  demo: 'node scripts/run.mjs demo',
  bench: 'node scripts/run.mjs bench',
  faults: 'node scripts/run.mjs faults',
  samples: 'node --import tsx test/samples/main.ts',
  fuzz: 'node scripts/run.mjs fuzz',
  e2e: 'node scripts/run.mjs e2e',
  'e2e:engines': 'node scripts/run.mjs engines',
  'e2e:languages': 'node scripts/build.mjs subpaths jsii && node scripts/run.mjs languages',
  'e2e:node': 'node scripts/run.mjs node',
  'e2e:pulumi': 'node scripts/pulumi.mjs pulumi-cluster',
  'e2e:pulumi-engine': 'node scripts/pulumi.mjs pulumi',
  mutation: 'node scripts/mutate.mjs',
})) {
  project.package.setScript(name, command);
}

project.gitignore.addPatterns('/build/', '/.jsii', '/.warnings.jsii.js', '*.tsbuildinfo');

// 1.13.0 names platform packages that were never published, which npm ci refuses.
project.package.addField('overrides', { 'unrs-resolver': '1.11.1' });

project.synth();
