import { isSigstoreWorker, runSigstoreWorker } from '../verifier/sigstore';
import { serveCommand } from './commands/serve';
import { runProgram } from './run';
import { processTerminal } from './terminal';

/** The process of the verifier's image: only `serve`, and the workers of the same file. */
if (isSigstoreWorker) {
  runSigstoreWorker();
} else {
  void runProgram([serveCommand], process.argv.slice(2), processTerminal(__filename), (code) => {
    process.exitCode = code;
  });
}
