// Runs the demo, the benchmarks or the cluster test on the verifier's Node, from fresh bundles.
// node scripts/run.mjs (demo | bench | e2e) [ARGUMENT...]
import { bundle, SHIPPED } from './bundles.mjs';
import { become, fail, verifierNode } from './nodes.mjs';

const [name, ...args] = process.argv.slice(2);
try {
  const outputs = await Promise.all([name, ...SHIPPED].map(bundle));
  become(verifierNode(), [outputs[0], ...args]);
} catch (error) {
  fail(`${name}: ${error.message}`);
}
