// Runs a command on the Node that the verifier ships on: node scripts/node24.mjs (FILE | NAME) [ARGUMENT...]
// NAME is a command of an installed package, such as `jest`.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import node24 from 'proofgate-node24';

const [command, ...args] = process.argv.slice(2);
if (!command) {
  fail('Say what to run: node scripts/node24.mjs (FILE | NAME) [ARGUMENT...]');
}

const installed = `node_modules/.bin/${command}`;
const file = existsSync(installed) ? realpathSync(installed) : command;
const child = spawn(nodePath(), [file, ...args], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => child.kill(signal));
}
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

function nodePath() {
  try {
    return node24.nodePath();
  } catch (error) {
    return fail(error.message);
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
