import { isOver } from '../../policy/instant';
import { dated } from '../dated';
import { Rule } from '../rule';
import { show } from '../show';

export const expired: Rule = {
  code: 'EXPIRED',
  title: 'An exemption, audit window or ignored vulnerability is over',
  why: 'The verifier refuses from that date on; a manifest that still says otherwise misleads whoever reads it.',
  remedy: 'Remove it, or agree on a new date with its owner.',
  check: ({ documents, now }) => dated(documents).filter(({ until }) => isOver(until, now))
    .map(({ object, path, until, by: { owner, reason } }) => (
      { object, path, message: `It was over on ${until}; ${show(owner)} answers for it, the reason was ${show(reason)}.` }
    )),
};
