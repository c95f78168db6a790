import { availableParallelism } from 'node:os';
import { writePart } from '../../support/written-part';

/** What was measured beside what was checked; for people. */
export class Figures {
  private readonly lines: Array<readonly [what: string, seen: string]> = [];

  add(what: string, seen: string): void {
    this.lines.push([what, seen]);
    console.log(`    ${what}: ${seen}`);
  }

  /** Milliseconds that something takes, as a figure. */
  async time<T>(what: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.add(what, `${((performance.now() - started) / 1000).toFixed(1)} s`);
    return result;
  }

  /** Replaces what an earlier run wrote into a page. @throws Error when the page has no place for it */
  write(page: string): void {
    const rows = this.lines.map(([what, seen]) => `| ${what} | ${seen} |`);
    const circumstances = `Seen on ${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, Node ${process.version}.`;
    writePart(page, 'npm run e2e:node -- --write', [circumstances, '', '| what | seen |', '|---|---|', ...rows, ''].join('\n'));
  }
}
