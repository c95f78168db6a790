import { AssertionError } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { KUBERNETES_VERSION } from './binaries';
import { messageOf } from './failure';
import { lastLines, type Programs } from './process';

const CASE_LIMIT_MS = 120_000;

/** What one case ended with, as in the results file. */
interface CaseResult {
  readonly claim: string;
  readonly passed: boolean;
  readonly durationMs: number;
  readonly failure?: string;
}

/** Runs cases one after the other and says how they went: a line each, a last line for all, and a results file. */
export class Report {
  private readonly results: CaseResult[] = [];

  /** @param limitMs - how long a case may take */
  constructor(private readonly programs: Programs, private readonly limitMs = CASE_LIMIT_MS) {}

  /** Runs a case and returns what it returned; a failed one is shown, and gives `undefined`: later ones run all the same. */
  async case<T>(claim: string, body: () => Promise<T>): Promise<T | undefined> {
    const started = Date.now();
    const logged = this.programs.listen();
    try {
      const result = await limited(body(), this.limitMs);
      this.add({ claim, passed: true, durationMs: Date.now() - started });
      return result;
    } catch (error) {
      this.add({ claim, passed: false, durationMs: Date.now() - started, failure: [describe(error), ...logTails(logged())].join('\n') });
      return undefined;
    }
  }

  /**
   * Writes the results file and the closing line.
   *
   * @returns whether there were cases and all of them passed
   */
  close(file: string): boolean {
    const failed = this.results.filter((result) => !result.passed).length;
    const passed = this.results.length - failed;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ kubernetes: KUBERNETES_VERSION, passed, failed, cases: this.results }, undefined, 2)}\n`);
    console.log(`\n${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0;
  }

  private add(result: CaseResult): void {
    this.results.push(result);
    console.log(`  ${result.passed ? '✓' : '✗'} ${result.claim} (${result.durationMs} ms)`);
    if (result.failure !== undefined) {
      console.log(result.failure.replace(/^/gm, '      '));
    }
  }
}

/** A body that never ends is a failed case, not a run that hangs. */
async function limited<T>(body: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`not done within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([body, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): string {
  const what = messageOf(error);
  return error instanceof AssertionError ? `${what}\nexpected: ${inspect(error.expected)}\nseen:     ${inspect(error.actual)}` : what;
}

function logTails(logged: readonly { readonly name: string; readonly text: string }[]): string[] {
  return logged.map(({ name, text }) => `log of ${name} during this case:\n${lastLines(text)}`);
}
