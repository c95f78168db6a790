// What esbuild turns into single files, and how.
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

/** Entry file, output file and the oldest Node that runs it, by name. */
export const BUNDLES = {
  proofgate: { entry: 'lib/cli/main.ts', output: 'build/bin/proofgate.cjs', target: 'node20.16' },
  verifier: { entry: 'lib/cli/verifier-main.ts', output: 'build/bin/verifier.cjs' },
  demo: { entry: 'demo/main.ts', output: 'build/demo/main.cjs' },
  bench: { entry: 'bench/main.ts', output: 'build/bench/main.cjs' },
  e2e: { entry: 'test/e2e/run.ts', output: 'build/e2e/run.cjs' },
};

/** What the package ships. */
export const SHIPPED = ['proofgate', 'verifier'];

/**
 * Writes one bundle: everything but Node's own modules in one file that may also be its own worker thread. The same sources give the same bytes.
 *
 * Licence texts of what is bundled go to a file beside it.
 */
export async function bundle(name) {
  const { entry, output, target = 'node24' } = BUNDLES[name] ?? failure(`no bundle is called ${name}; there are ${Object.keys(BUNDLES).join(', ')}`);
  if (!existsSync(entry)) {
    failure(`${output} cannot be built: its entry ${entry} does not exist`);
  }
  await build({
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: 'node',
    target,
    format: 'cjs',
    tsconfig: 'tsconfig.dev.json',
    sourcemap: false,
    charset: 'utf8',
    legalComments: 'external',
    logLevel: 'warning',
    // ES modules ask where they are; in one file the answer is that file.
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return output;
}

function failure(message) {
  throw new Error(message);
}
