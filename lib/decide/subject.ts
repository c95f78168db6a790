import { Check, CLOSENESS } from './check';
import { CHECKS } from './check-names';
import { Subject } from './evidence';
import { Examined } from './examined';
import { show } from './show';

/**
 * The statement is about this very digest: one of its subjects names `sha256` with exactly these 64 lower-case digits.
 *
 * A subject that lists a further algorithm is no match, whatever its sha256: only the sha256 of the image is known here, so the other
 * digest cannot be confirmed, and a subject that contradicts itself is about nothing.
 */
export const subjectCheck: Check<Examined> = {
  name: CHECKS.subjectDigest,
  shortfall: ({ statement, digest }) => {
    if (statement.subjects.some((subject) => isExactly(subject.digest, digest))) {
      return undefined;
    }
    const named = found(statement.subjects.map((subject) => subject.digest), digest.slice('sha256:'.length));
    return { code: 'WRONG_SUBJECT', closeness: CLOSENESS.otherSubject, message: `expected a statement about ${show(digest)}, found ${named}` };
  },
};

type DigestSet = Subject['digest'];

/** `sha256:` and 64 lower-case hexadecimal digits, the only digests that are judged. */
export function isSha256(digest: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(digest);
}

/** Whether a set of digests is `sha256` alone, and that of an image. */
export function isExactly(subject: DigestSet, digest: string): boolean {
  return isSha256(digest) && Object.keys(subject).length === 1 && Object.hasOwn(subject, 'sha256') && `sha256:${subject['sha256']}` === digest;
}

function found(subjects: readonly DigestSet[], hex: string): string {
  const contradictory = subjects.find((subject) => Object.hasOwn(subject, 'sha256') && subject['sha256'] === hex);
  if (contradictory !== undefined) {
    const others = Object.keys(contradictory).filter((algorithm) => algorithm !== 'sha256');
    return `it beside a digest of another algorithm that cannot be confirmed (${others.slice(0, 3).map(show).join(', ')})`;
  }
  const [first] = subjects;
  if (first === undefined) {
    return 'one about nothing';
  }
  const [algorithm, value] = Object.entries(first)[0] ?? [];
  const named = algorithm === undefined || value === undefined ? 'a subject without digest' : show(`${algorithm}:${value}`);
  return subjects.length === 1 ? `one about ${named}` : `one about ${named} and ${subjects.length - 1} more`;
}
