// Runs the components under the real Pulumi engine: node scripts/pulumi.mjs [ARGUMENT...]
import { bundle } from './bundles.mjs';
import { become, fail, verifierNode } from './nodes.mjs';

try {
  const [program] = await Promise.all(['pulumi', 'policy'].map(bundle));
  become(verifierNode(), [program, ...process.argv.slice(2)]);
} catch (error) {
  fail(`pulumi: ${error.message}`);
}
