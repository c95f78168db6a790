// Runs a program on the Node that the verifier ships on: node scripts/node24.mjs (FILE | NAME) [ARGUMENT...]
// NAME is a command of an installed package, such as `jest`.
import { existsSync, realpathSync } from 'node:fs';
import { become, fail, verifierNode } from './nodes.mjs';

const [command, ...args] = process.argv.slice(2);
if (!command) {
  fail('Say what to run: node scripts/node24.mjs (FILE | NAME) [ARGUMENT...]');
}
const installed = `node_modules/.bin/${command}`;
become(verifierNode(), [existsSync(installed) ? realpathSync(installed) : command, ...args]);
