import { join } from 'node:path';
import { serveCommand } from './commands/serve';
import { runProgram } from './run';
import { processTerminal } from './terminal';

/** The process of the verifier's image: only `serve`. */
void runProgram([serveCommand], process.argv.slice(2), processTerminal(join(__dirname, 'sigstore-thread.cjs')), (code) => {
  process.exitCode = code;
});
