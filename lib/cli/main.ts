import { isSigstoreWorker } from '../verifier/sigstore/role';
import { explainCommand } from './commands/explain';
import { importCommand } from './commands/import';
import { lintCommand } from './commands/lint';
import { serveCommand } from './commands/serve';
import { synthCommand } from './commands/synth';
import { verifyCommand } from './commands/verify';
import { runProgram } from './run';
import { processTerminal } from './terminal';

/**
 * The command line; worker threads of the same file run cryptography instead.
 *
 * What only the verifier needs is loaded by the commands that need it: the rest also runs on a Node on which the verifier does not.
 */
if (isSigstoreWorker) {
  void import('../verifier/sigstore/worker').then(({ runSigstoreWorker }) => runSigstoreWorker());
} else {
  void runProgram([verifyCommand, serveCommand, lintCommand, synthCommand, importCommand, explainCommand], process.argv.slice(2), processTerminal(__filename), (code) => {
    process.exitCode = code;
  });
}
