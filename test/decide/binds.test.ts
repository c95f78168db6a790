import { enforcedIn } from '../../lib/decide/binds';
import { policySet } from '../../lib/policy/policy-set';
import { NOW, policy } from './world';

const audit = (until: string): object => ({ action: { type: 'Audit' as const, reason: 'first look', owner: 'platform', until } });
const labelled = { namespaces: { labels: { tier: 'prod' } } };

describe('whether the entries that fail closed are called for a namespace', () => {
  test.each<[string, boolean, object, object?]>([
    ['a policy that refuses covers it', true, {}],
    ['a policy that refuses covers another', false, { namespaces: { names: ['bank'] } }],
    ['a window is open', false, audit('2999-01-01')],
    ['a window is over', true, audit('2000-01-01')],
    ['labels that it carries are asked for', true, labelled, { labels: { tier: 'prod' } }],
    ['labels that it does not carry are asked for', false, labelled, { labels: { tier: 'dev' } }],
    ['its labels are not known, and asked for', true, labelled],
  ])('%s: %s', (_what, expected, spec, context = {}) => {
    expect(enforcedIn(policySet([policy(spec)]), { name: 'shop', ...context }, NOW)).toBe(expected);
  });
});
