// What esbuild turns into single files, and how.
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

/** Left to be found beside the bundle. */
const PULUMI = ['@pulumi/*', '@grpc/grpc-js', 'google-protobuf'];

/** What makes certificates is read by those alone who need one, from a file beside theirs. */
const CERTIFICATES_APART = {
  name: 'certificates-apart',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/mint$/ }, () => ({ path: './certificates.cjs', external: true })),
};

/** The verifier starts no programs: what would (commander has commands that are files of their own) finds nothing to start them with. */
const NO_PROGRAMS = {
  name: 'no-programs',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:)?child_process$/ }, ({ path }) => ({ path, namespace: 'no-programs' }));
    onLoad({ filter: /.*/, namespace: 'no-programs' }, () => ({ contents: '' }));
  },
};

/** Entry file, output file and the oldest Node that runs it, by name. */
export const BUNDLES = {
  proofgate: { entry: 'lib/cli/main.ts', output: 'build/bin/proofgate.cjs', target: 'node20.16', plugins: [CERTIFICATES_APART] },
  // Its library is published as CommonJS in one piece, and as ES modules of which most is left out.
  certificates: { entry: 'lib/verifier/tls/mint.ts', output: 'build/bin/certificates.cjs', target: 'node20.16', compact: true, mainFields: ['module', 'main'] },
  // What threads of both run. Half as long without indentation and comments, and Node reads all of it before the first line runs.
  'sigstore-thread': { entry: 'lib/verifier/sigstore/thread-main.ts', output: 'build/bin/sigstore-thread.cjs', compact: true },
  verifier: { entry: 'lib/cli/verifier-main.ts', output: 'build/bin/verifier.cjs', compact: true, plugins: [CERTIFICATES_APART, NO_PROGRAMS] },
  demo: { entry: 'demo/main.ts', output: 'build/demo/main.cjs' },
  bench: { entry: 'bench/main.ts', output: 'build/bench/main.cjs' },
  faults: { entry: 'test/faults/main.ts', output: 'build/faults/main.cjs' },
  fuzz: { entry: 'test/fuzz/main.ts', output: 'build/fuzz/main.cjs' },
  languages: { entry: 'test/languages/run.ts', output: 'build/test-languages/run.cjs' },
  e2e: { entry: 'test/e2e/run.ts', output: 'build/e2e/run.cjs' },
  node: { entry: 'test/e2e/node/run.ts', output: 'build/e2e/node.cjs' },
  engines: { entry: 'test/e2e/engines/run.ts', output: 'build/e2e/engines.cjs' },
  // Pulumi knows its own objects by their class, so that there has to be one copy of it.
  pulumi: { entry: 'test/pulumi/run.ts', output: 'build/pulumi/run.cjs', external: PULUMI },
  'pulumi-cluster': { entry: 'test/pulumi/cluster/run.ts', output: 'build/pulumi/cluster.cjs', external: PULUMI },
  policy: { entry: 'lib/pulumi/policy/index.ts', output: 'build/pulumi/policy.cjs', external: PULUMI },
};

/** What the image holds. */
export const OF_THE_IMAGE = ['verifier', 'sigstore-thread', 'certificates'];

/** What the package ships. */
export const SHIPPED = ['proofgate', ...OF_THE_IMAGE];

/**
 * Writes one bundle: everything but Node's own modules in one file. The same sources give the same bytes.
 *
 * Licence texts of what is bundled go to a file beside it.
 */
export async function bundle(name) {
  const options = optionsOf(name);
  await build(options);
  return options.outfile;
}

/** The code of one bundle, and the files it is made of, as paths from here; nothing is written. */
export async function bundleInMemory(name) {
  const { outputFiles, metafile } = await build({ ...optionsOf(name), write: false, metafile: true });
  return { code: outputFiles.find(({ path }) => path.endsWith('.cjs')).text, inputs: Object.keys(metafile.inputs) };
}

function optionsOf(name) {
  const { entry, output, target = 'node24', compact = false, external = [], plugins = [], mainFields } = BUNDLES[name] ?? failure(`no bundle is called ${name}; there are ${Object.keys(BUNDLES).join(', ')}`);
  if (!existsSync(entry)) {
    failure(`${output} cannot be built: its entry ${entry} does not exist`);
  }
  return {
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: 'node',
    target,
    format: 'cjs',
    tsconfig: 'tsconfig.dev.json',
    sourcemap: false,
    // A text with one character beyond Latin-1 takes twice the memory, and whoever runs a file keeps it.
    charset: 'ascii',
    external,
    plugins,
    ...(mainFields === undefined ? {} : { mainFields }),
    // What is imported late is asked for as everything else is: Node's loader of ES modules would take longer than most of it.
    ...(plugins.includes(CERTIFICATES_APART) ? { supported: { 'dynamic-import': false } } : {}),
    minifyWhitespace: compact,
    ...(compact ? { lineLimit: 160 } : {}),
    legalComments: 'external',
    logLevel: 'warning',
    // ES modules ask where they are; in one file the answer is that file.
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  };
}

function failure(message) {
  throw new Error(message);
}
