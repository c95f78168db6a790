// Runs the components under the real Pulumi engine: node scripts/pulumi.mjs (pulumi | pulumi-cluster) [ARGUMENT...]
import { bundle, SHIPPED } from './bundles.mjs';
import { become, fail, verifierNode } from './nodes.mjs';

const [name, ...args] = process.argv.slice(2);
try {
  const [program] = await Promise.all([name, 'policy', ...SHIPPED].map(bundle));
  become(verifierNode(), [program, ...args]);
} catch (error) {
  fail(`pulumi: ${error.message}`);
}
