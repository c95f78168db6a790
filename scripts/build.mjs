// The whole package, from nothing, or some steps of that: node scripts/build.mjs [STEP...]
// Stops at the first step that fails.
import { existsSync, rmSync } from 'node:fs';
import { bundle, SHIPPED } from './bundles.mjs';
import { fail, machineNode, run, verifierNode } from './nodes.mjs';

const TSC = 'node_modules/typescript/bin/tsc';
const SUBPATHS = 'tsconfig.subpaths.json';

/** In the order in which they build on each other. */
const STEPS = {
  clean: () => ['build/lib', 'build/bin', '.jsii', '.warnings.jsii.js'].forEach((output) => rmSync(output, { recursive: true, force: true })),
  schema: () => node(verifierNode(), ['scripts/schema.mjs']),
  types: () => node(machineNode(), [TSC, '--project', 'tsconfig.dev.json']),
  // Before jsii: tsc emits the shared files too, and jsii's, with the marks other languages need at run time, must stay.
  subpaths: () => existsSync(SUBPATHS) && node(machineNode(), [TSC, '--project', SUBPATHS]),
  jsii: () => node(machineNode(), ['node_modules/jsii/bin/jsii', '--silence-warnings=reserved-word', '--fail-on-warnings'], JSII_ENVIRONMENT),
  bundles: () => Promise.all(SHIPPED.map(bundle)),
};

/** The oldest Node that this package supports is past its end of life, and compiles it as well as any. */
const JSII_ENVIRONMENT = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STEPS);
for (const name of names) {
  console.log(`build: ${name}`);
  try {
    await (STEPS[name] ?? unknown(name))();
  } catch (error) {
    fail(`build: ${name} failed: ${error.message}`);
  }
}

function node(program, args, environment = {}) {
  const code = run(program, args, { env: { ...process.env, ...environment } });
  if (code !== 0) {
    throw new Error(`exit code ${code}, see above`);
  }
}

function unknown(name) {
  return fail(`build: no step is called ${name}; there are ${Object.keys(STEPS).join(', ')}`);
}
