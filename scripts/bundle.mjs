// Bundles what the package ships, or what is named: node scripts/bundle.mjs [NAME...]
import { bundle, SHIPPED } from './bundles.mjs';
import { fail } from './nodes.mjs';

const names = process.argv.length > 2 ? process.argv.slice(2) : SHIPPED;
try {
  await Promise.all(names.map(bundle));
} catch (error) {
  fail(`bundle: ${error.message}`);
}
