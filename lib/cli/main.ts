import { isSigstoreWorker, runSigstoreWorker } from '../verifier/sigstore';
import { lintCommand } from './commands/lint';
import { serveCommand } from './commands/serve';
import { verifyCommand } from './commands/verify';
import { runProgram } from './run';
import { processTerminal } from './terminal';

/** The command line; worker threads of the same file run cryptography instead. */
if (isSigstoreWorker) {
  runSigstoreWorker();
} else {
  void runProgram([verifyCommand, serveCommand, lintCommand], process.argv.slice(2), processTerminal(__filename), (code) => {
    process.exitCode = code;
  });
}
