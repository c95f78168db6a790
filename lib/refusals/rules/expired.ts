import { isOver } from '../../policy/instant';
import { Rule } from '../rule';

export const expired: Rule = {
  code: 'EXPIRED',
  title: 'An exemption or audit window is over',
  why: 'The verifier refuses from that date on; a manifest that still says otherwise misleads whoever reads it.',
  remedy: 'Remove it, or agree on a new date with its owner.',
  check: ({ documents, now }) => documents.flatMap(({ object, document }) => {
    const dated = document.kind === 'ImageExemption' ? { path: 'spec.until', until: document.spec.until }
      : document.spec.action?.type === 'Audit' ? { path: 'spec.action.until', until: document.spec.action.until } : undefined;
    return dated !== undefined && isOver(dated.until, now) ? [{ object, path: dated.path, message: `It was over on ${dated.until}.` }] : [];
  }),
};
