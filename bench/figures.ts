/** One line of a result: what was measured, the figure, and what it is compared with. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  /** How it compares with the floor or the peer that was measured in the same run. */
  readonly ratio?: string;
  /** What it should be, and whether it is; timings never decide an exit code. */
  readonly target?: { readonly text: string; readonly met: boolean };
}

export interface Section {
  readonly title: string;
  /** How it was measured, for whom wants to repeat it. */
  readonly method: string;
  readonly figures: readonly Figure[];
}

/** A table for people. */
export function asText({ title, method, figures }: Section): string {
  const rows = figures.map(({ name, value, ratio, target }) => [
    name, value, ratio ?? '', target === undefined ? '' : `${target.met ? 'met' : 'NOT MET'}: ${target.text}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
  return `${title}\n  ${method}\n\n${lines.join('\n')}\n\n`;
}

/** The part of a page: one table for each section. */
export function asPage(sections: readonly Section[], circumstances: string): string {
  const cell = (text: string): string => text.trim().replaceAll('|', '\\|');
  const parts = sections.map(({ title, method, figures }) => [
    `### ${title}`, '', `${method}.`, '', '| what | measured | compared | goal |', '|---|---|---|---|',
    ...figures.map(({ name, value, ratio = '', target }) => (
      `| ${cell(name)} | ${cell(value)} | ${cell(ratio)} | ${target === undefined ? '' : cell(`${target.text}: ${target.met ? 'met' : '**not met**'}`)} |`
    )),
    '',
  ].join('\n'));
  return `${circumstances}\n\n${parts.join('\n')}`;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export function inMilliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

export function percentiles(latencies: readonly number[]): string {
  return `p50 ${inMilliseconds(quantile(latencies, 0.5))}, p99 ${inMilliseconds(quantile(latencies, 0.99))}`;
}
