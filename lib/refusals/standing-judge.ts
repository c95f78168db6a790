import { ENFORCING_RULES, ReadSubject, readSubject } from './judge';
import { jsonText } from './read-object';
import { Finding, Observation, Rule } from './rule';

/**
 * Judges what is applied together as `judgeManifests` does, again and again: what it found is found again as long as every text is the same.
 *
 * Of the objects it keeps nothing but their texts, so that whoever changes one has all of them judged anew. What a rule that asks for the time
 * found is asked anew each time.
 */
export class StandingJudge {
  #last: LastJudgement | undefined;

  /** Never throws. */
  judge(values: readonly unknown[], now: number): Finding[] {
    const texts = values.map(jsonText);
    const last = isSame(texts, this.#last?.texts) ? this.#last : undefined;
    const subject = last?.subject ?? readSubject(texts);
    const rulings = ENFORCING_RULES.map((rule, index) => {
      const known = last?.rulings[index];
      return known === undefined || known.dated ? ruling(rule, subject, now) : known;
    });
    this.#last = { texts, subject, rulings };
    return [...subject.findings, ...rulings.flatMap(({ rule: { code, remedy }, found }) => found.map((observation) => ({ code, remedy, ...observation })))];
  }
}

interface LastJudgement {
  readonly texts: ReadonlyArray<string | undefined>;
  readonly subject: ReadSubject;
  /** One for each rule, in their order. */
  readonly rulings: readonly Ruling[];
}

/** What a rule found. */
interface Ruling {
  readonly rule: Rule;
  readonly found: readonly Observation[];
  /** Whether it asked for the time. */
  readonly dated: boolean;
}

function ruling(rule: Rule, { objects, documents }: ReadSubject, now: number): Ruling {
  let dated = false;
  const found = rule.check({
    alone: false,
    objects,
    documents,
    get now() {
      dated = true;
      return now;
    },
  });
  return { rule, found, dated };
}

function isSame(texts: ReadonlyArray<string | undefined>, others: ReadonlyArray<string | undefined> | undefined): boolean {
  return others !== undefined && texts.length === others.length && texts.every((text, index) => text === others[index]);
}
