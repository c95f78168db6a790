import { Stage, StageOptions } from './stage';
import { GOOD } from './traffic';
import { Outcome, Tally } from './tally';

/** One fault or level of load, and what has to be seen. */
export interface Row {
  /** For people and for choosing: `registry-hangs-100`. */
  readonly name: string;
  readonly part: 'faults' | 'load';
  /** What is done. */
  readonly what: string;
  readonly expected: string;
  /** Whether it needs a real API server, in a network of its own. */
  readonly cluster: boolean;
}

/** Milliseconds of what lasts ten minutes, and of the same where somebody asked for less. */
export const LONG = 600_000;
export const SHORT = 120_000;

export function inMinutes(milliseconds: number): string {
  return `${milliseconds / 60_000} minutes`;
}

/** What was seen in a row; it holds when `failures` is empty. */
export interface Seen {
  readonly requests: number;
  readonly wrongAllows: number;
  /** Without an answer within the time that the API server waits. */
  readonly unanswered: number;
  /** Refused by the connection, or broken before the answer: a refusal at once, to the API server. */
  readonly broken: number;
  /** Milliseconds after the end of the fault until every good request was allowed again; absent where nothing recovers. */
  readonly recovery?: number;
  /** Milliseconds of the slowest answer. */
  readonly slowest: number;
  /** Why this machine cannot run the row. @default - it was run */
  readonly notRun?: string;
  /** Further figures, for people. */
  readonly notes: readonly string[];
  /** What should have been otherwise. */
  readonly failures: readonly string[];
}

/** A row in front of verifiers without a cluster. */
export interface ProcessRow extends Row {
  readonly cluster: false;
  readonly run: () => Promise<Seen>;
}

export interface Expectation {
  /** How good requests may end that were sent during the fault; kinds that are not named are always allowed. */
  readonly during?: Readonly<Partial<Record<typeof GOOD[number], readonly Outcome[]>>>;
  /** Milliseconds. @default 10000 */
  readonly recovery?: number;
  /** How many requests may break off; those that a killed process had in work. @default 0 */
  readonly broken?: number;
  /** How many may remain without an answer in time. @default 0 */
  readonly unanswered?: number;
}

/** A fault for traffic before verifiers: the stage is set up, suffers and is taken down. */
export function faultRow(
  row: Pick<Row, 'name' | 'what' | 'expected'>, expectation: Expectation, suffer: (stage: Stage) => Promise<Partial<Pick<Seen, 'notes' | 'failures'>> | void>, options: StageOptions = {},
): ProcessRow {
  return {
    ...row,
    part: 'faults',
    cluster: false,
    run: async () => {
      const stage = await Stage.start(options);
      try {
        const { notes = [], failures = [] } = await suffer(stage) ?? {};
        return seenBy(stage.tally, expectation, notes, [...failures, ...unexpected(stage)]);
      } finally {
        await stage.close();
      }
    },
  };
}

/** What the tally says, compared with what was expected. */
export function seenBy(tally: Tally, expectation: Expectation, notes: readonly string[], more: readonly string[]): Seen {
  const { during = {}, recovery: limit = 10_000, broken: mayBreak = 0, unanswered: mayWait = 0 } = expectation;
  const recovery = tally.recovery(['cached', 'fresh']);
  const [broken, unanswered] = [tally.count('broken'), tally.count('unanswered')];
  const failures = [
    ...(tally.wrongAllows > 0 ? [`${tally.wrongAllows} wrong allows`] : []),
    ...(tally.count('malformed') > 0 ? [`${tally.count('malformed')} answers that are none`] : []),
    ...(unanswered > mayWait ? [`${unanswered} requests without an answer in time`] : []),
    ...(broken > mayBreak ? [`${broken} connections broke off, at most ${mayBreak} may`] : []),
    ...(recovery === undefined || recovery > limit ? [`good requests are not all allowed ${limit / 1000} s after the fault`] : []),
    ...GOOD.flatMap((kind) => {
      const may = ['allowed', ...(during[kind] ?? []), ...(mayBreak > 0 ? ['broken'] : []), ...(mayWait > 0 ? ['unanswered'] : [])];
      const others = [...tally.during(kind)].filter(([outcome]) => !may.includes(outcome));
      return others.map(([outcome, count]) => `${count} ${kind} requests ended with ${outcome}`);
    }),
    ...GOOD.filter((kind) => tally.before(kind).get('allowed') === undefined).map((kind) => `no ${kind} request was allowed before the fault: nothing is shown`),
    ...more,
  ];
  const found = GOOD.map((kind) => `${kind}: ${[...tally.during(kind)].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'none'}`);
  return {
    requests: tally.requests, wrongAllows: tally.wrongAllows, unanswered, broken, ...(recovery === undefined ? {} : { recovery }), slowest: tally.slowest,
    notes: [...found, ...notes], failures,
  };
}

/** A verifier that came up and is no longer running ended by itself; what it calls unexpected is a mistake of its own. */
function unexpected(stage: Stage): string[] {
  return stage.verifiers.flatMap((replica) => [
    ...(replica.isRunning ? [] : ['a verifier ended by itself']),
    ...(/"event":"unexpected"/.test(replica.log()) ? [`a verifier logged an unexpected error: ${/.*"event":"unexpected".*/.exec(replica.log())?.[0].slice(0, 300) ?? ''}`] : []),
  ]);
}
