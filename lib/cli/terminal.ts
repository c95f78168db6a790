import { Writable } from 'node:stream';
import { EXIT } from './exit';

/** What a command needs of the process around it: where it writes, whether a person is looking, and which file its threads run. */
export interface Terminal {
  readonly out: Writable;
  readonly err: Writable;
  /** Colour only on a terminal, and never where NO_COLOR is set (to anything but the empty string: no-color.org). */
  readonly colour: boolean;
  /** A line that is rewritten while work goes on; does nothing where nobody looks. */
  progress(text: string): void;
  /** File that worker threads run, beside the bundle that runs. */
  readonly entry: string;
}

/** The terminal of this process, which ends where its output is lost. */
export function processTerminal(entry: string): Terminal {
  process.stdout.once('error', (error: Error) => {
    process.stderr.write(`proofgate: standard output cannot be written to (${error.message})\n`);
    // What was to be written is lost, whatever the command makes of it.
    process.exit(EXIT.failed);
  });
  const watched = process.stderr.isTTY === true;
  return {
    entry,
    out: process.stdout,
    err: process.stderr,
    colour: process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '',
    progress: (text) => {
      if (watched) {
        process.stderr.write(`\r\u001b[K${text}`);
      }
    },
  };
}
