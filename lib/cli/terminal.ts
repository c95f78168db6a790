import { Writable } from 'node:stream';

/** Where a command writes, and whether a person is looking. */
export interface Terminal {
  readonly out: Writable;
  readonly err: Writable;
  /** Colour only on a terminal, and never where NO_COLOR is set. */
  readonly colour: boolean;
  /** A line that is rewritten while work goes on; does nothing where nobody looks. */
  progress(text: string): void;
}

export function processTerminal(): Terminal {
  const watched = process.stderr.isTTY === true;
  return {
    out: process.stdout,
    err: process.stderr,
    colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    progress: (text) => {
      if (watched) {
        process.stderr.write(`\r\u001b[K${text}`);
      }
    },
  };
}
