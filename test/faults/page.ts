import { readFileSync, writeFileSync } from 'node:fs';
import { writePart } from '../support/written-part';
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

/** A line for the terminal. */
export function asLine({ row, seen }: Result): string {
  const verdict = seen.notRun !== undefined ? `not run: ${seen.notRun}` : seen.failures.length > 0 ? `FAILED: ${seen.failures.join('; ')}` : 'as expected';
  return `${row.name.padEnd(24)} ${figures(seen).padEnd(72)} ${verdict}\n${seen.notes.map((note) => `${' '.repeat(25)}${note}\n`).join('')}`;
}

/** Replaces what was written into the page before. @throws Error when the page has no place for it */
export function writePage(file: string, results: readonly Result[], circumstances: Circumstances): void {
  writePart(file, 'npm run faults -- --write', asPage(results, circumstances));
}

/**
 * Replaces the rows that the page has of these results, and says beside each when it was run again.
 *
 * @throws Error when the page has no row, or more than one, of some name
 */
export function rewriteRows(file: string, results: readonly Result[], { date }: Circumstances): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const result of results) {
    const start = `| \`${result.row.name}\` | `;
    const places = lines.flatMap((line, index) => (line.startsWith(start) ? [index] : []));
    const [place] = places;
    if (place === undefined || places.length > 1) {
      throw new Error(`${file} has ${places.length} rows of the name ${result.row.name}; exactly one can be written over`);
    }
    lines[place] = asRow(result, `run again by itself on ${date}`);
  }
  writeFileSync(file, lines.join('\n'));
}

function asRow({ row, seen }: Result, ...more: readonly string[]): string {
  return `| \`${row.name}\` | ${row.what} | ${row.expected} | ${cell(seen, more)} |`;
}

function asPage(results: readonly Result[], { machine, date }: Circumstances): string {
  const part = (name: Row['part'], heading: string): string => {
    const rows = results.filter(({ row }) => row.part === name).sort((one, other) => (name === 'load' ? one.row.name.localeCompare(other.row.name) : 0)).map((result) => asRow(result));
    return [`### ${heading}`, '', '| name | what | expected | seen |', '|---|---|---|---|', ...rows, ''].join('\n');
  };
  return `Seen on ${date}, ${machine}. Again: \`npm run faults -- NAME\`.\n\n${part('faults', 'Faults')}\n${part('load', 'Load')}`;
}

function cell(seen: Seen, more: readonly string[]): string {
  if (seen.notRun !== undefined) {
    return `not run: ${seen.notRun}`;
  }
  const lines = [figures(seen), ...seen.notes, ...more, ...seen.failures.map((failure) => `**not as expected: ${failure}**`)];
  return lines.map((line) => line.replaceAll('|', '\\|')).join('<br>');
}

function figures({ requests, wrongAllows, unanswered, broken, recovery, slowest }: Seen): string {
  return [
    `${requests} requests`, `${wrongAllows} wrong allows`, `${unanswered} unanswered`, ...(broken > 0 ? [`${broken} broken off`] : []),
    ...(recovery === undefined ? [] : [`recovery ${(recovery / 1000).toFixed(1)} s`]), `slowest ${(slowest / 1000).toFixed(1)} s`,
  ].join(', ');
}
