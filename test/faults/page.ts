import { readFileSync, writeFileSync } from 'node:fs';
import { Row, Seen } from './row';

export interface Result {
  readonly row: Row;
  readonly seen: Seen;
}

/** Where figures were made, without saying whose machine it is. */
export interface Circumstances {
  readonly machine: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

const [BEGIN, END] = ['<!-- written by `npm run faults -- --write` -->', '<!-- end of what is written -->'];

/** A line for the terminal. */
export function asLine({ row, seen }: Result): string {
  const verdict = seen.notRun !== undefined ? `not run: ${seen.notRun}` : seen.failures.length > 0 ? `FAILED: ${seen.failures.join('; ')}` : 'as expected';
  return `${row.name.padEnd(24)} ${figures(seen).padEnd(72)} ${verdict}\n${seen.notes.map((note) => `${' '.repeat(25)}${note}\n`).join('')}`;
}

/** Replaces the part of a page between its two markers. @throws Error when the page has no such part */
export function writePage(file: string, results: readonly Result[], circumstances: Circumstances): void {
  const text = readFileSync(file, 'utf8');
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start < 0 || end < start) {
    throw new Error(`${file} has no lines ${BEGIN} and ${END} to write between`);
  }
  writeFileSync(file, `${text.slice(0, start + BEGIN.length)}\n\n${asPage(results, circumstances)}\n${text.slice(end)}`);
}

function asPage(results: readonly Result[], { machine, date }: Circumstances): string {
  const part = (name: Row['part'], heading: string): string => {
    const rows = results.filter(({ row }) => row.part === name).map(({ row, seen }) => (
      `| \`${row.name}\` | ${row.what} | ${row.expected} | ${cell(seen)} |`
    ));
    return [`### ${heading}`, '', '| name | what | expected | seen |', '|---|---|---|---|', ...rows, ''].join('\n');
  };
  return `Seen on ${date}, ${machine}. Again: \`npm run faults -- NAME\`.\n\n${part('faults', 'Faults')}\n${part('load', 'Load')}`;
}

function cell(seen: Seen): string {
  if (seen.notRun !== undefined) {
    return `not run: ${seen.notRun}`;
  }
  const lines = [figures(seen), ...seen.notes, ...seen.failures.map((failure) => `**not as expected: ${failure}**`)];
  return lines.map((line) => line.replaceAll('|', '\\|')).join('<br>');
}

function figures({ requests, wrongAllows, unanswered, broken, recovery, slowest }: Seen): string {
  return [
    `${requests} requests`, `${wrongAllows} wrong allows`, `${unanswered} unanswered`, ...(broken > 0 ? [`${broken} broken off`] : []),
    ...(recovery === undefined ? [] : [`recovery ${(recovery / 1000).toFixed(1)} s`]), `slowest ${(slowest / 1000).toFixed(1)} s`,
  ].join(', ');
}
