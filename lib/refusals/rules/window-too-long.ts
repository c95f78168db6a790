import { parseInstant } from '../../policy/instant';
import { dated } from '../dated';
import { Rule } from '../rule';

/** In days: a year, whichever. */
const LONGEST = 366;

export const windowTooLong: Rule = {
  code: 'WINDOW_TOO_LONG',
  title: 'An exemption, audit window or ignored vulnerability without a foreseeable end',
  why: 'What is relaxed for ever is not relaxed but switched off; an end that nobody who agreed to it will see is none.',
  remedy: `Agree on an end at most ${LONGEST} days from now; it can be agreed on again then.`,
  check: ({ documents, now }) => dated(documents).filter(({ until }) => !(parseInstant(until) - now <= LONGEST * 86_400_000))
    .map(({ object, path, until }) => ({ object, path, message: `It lasts until ${until}, more than ${LONGEST} days.` })),
};
