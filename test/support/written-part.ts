import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Replaces what a script wrote into a page the last time: the part between two lines that name the command.
 *
 * @param command - such as `npm run faults -- --write`
 * @throws Error when the page has no such part
 */
export function writePart(file: string, command: string, part: string): void {
  const [begin, end] = [`<!-- written by \`${command}\` -->`, '<!-- end of what is written -->'];
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(begin);
  const stop = text.indexOf(end, start);
  if (start < 0 || stop < 0) {
    throw new Error(`${file} has no lines ${begin} and ${end} to write between`);
  }
  writeFileSync(file, `${text.slice(0, start + begin.length)}\n\n${part}\n${text.slice(stop)}`);
}
