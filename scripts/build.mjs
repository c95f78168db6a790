// The whole package, from nothing: schema, types, subpath entries, the jsii entry, the bundles. Stops at the first step that fails.
import { existsSync, rmSync } from 'node:fs';
import { bundle, SHIPPED } from './bundles.mjs';
import { fail, machineNode, run, verifierNode } from './nodes.mjs';

const TSC = 'node_modules/typescript/bin/tsc';

for (const output of ['build/lib', 'build/bin', '.jsii', '.warnings.jsii.js']) {
  rmSync(output, { recursive: true, force: true });
}
step('schema', verifierNode(), ['scripts/schema.mjs']);
step('types', machineNode(), [TSC, '--project', 'tsconfig.dev.json']);
if (existsSync('tsconfig.subpaths.json')) {
  // Before jsii: tsc emits the shared files too, and jsii's, with the marks other languages need at run time, must stay.
  step('subpath entries', machineNode(), [TSC, '--project', 'tsconfig.subpaths.json']);
}
step('jsii', machineNode(), ['node_modules/jsii/bin/jsii', '--silence-warnings=reserved-word', '--fail-on-warnings']);
console.log('build: bundles');
await Promise.all(SHIPPED.map(bundle)).catch((error) => fail(`bundle: ${error.message}`));

function step(title, node, args) {
  console.log(`build: ${title}`);
  const code = run(node, args);
  if (code !== 0) {
    console.error(`build: ${title} failed`);
    process.exit(code);
  }
}
