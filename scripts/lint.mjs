// Types, then style and import directions; both always run, so that one look shows all: node scripts/lint.mjs [--fix]
import { machineNode, run } from './nodes.mjs';

const codes = [
  run(machineNode(), ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.dev.json']),
  run(machineNode(), ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0', ...process.argv.slice(2)]),
];
process.exit(Math.max(...codes));
