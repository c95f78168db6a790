import { join } from 'node:path';
import { explainCommand } from './commands/explain';
import { importCommand } from './commands/import';
import { lintCommand } from './commands/lint';
import { serveCommand } from './commands/serve';
import { synthCommand } from './commands/synth';
import { verifyCommand } from './commands/verify';
import { runProgram } from './run';
import { processTerminal } from './terminal';

/**
 * The command line.
 *
 * What only the verifier needs is loaded by the commands that need it: the rest also runs on a Node on which the verifier does not.
 */
const terminal = processTerminal(join(__dirname, 'sigstore-thread.cjs'));
void runProgram([verifyCommand, serveCommand, lintCommand, synthCommand, importCommand, explainCommand], process.argv.slice(2), terminal, (code) => {
  process.exitCode = code;
});
