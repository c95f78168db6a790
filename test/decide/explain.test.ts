import { explain, explainWarning } from '../../lib/decide/explain';
import { Reason } from '../../lib/decide/reason';
import { Verdict } from '../../lib/decide/verdict';
import { certificate, DIGEST, judge, NAME, piece, policy } from './world';

test('an image that is allowed needs no explanation', () => {
  expect(explain(judge([policy()], [piece()]))).toBe('');
});

test('a refusal names image, code, policy, requirement and attestor, what was expected and found, and what to do', () => {
  expect(explain(judge([policy()], [piece({ signer: certificate({ subject: 'https://github.com/fork/payments/x.yml@refs/heads/main' }) })]))).toBe([
    `${NAME}@${DIGEST} may not run here:`,
    '  [WRONG_IDENTITY] policy payments, signature, by release: expected the signer "https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main", '
      + 'found the uri "https://github.com/fork/payments/x.yml@refs/heads/main" of "https://token.actions.githubusercontent.com"',
    'What to do: Build the image with the workflow the policy names, or name this signer in the policy.',
  ].join('\n'));
});

test('a refusal for want of a signature says who has to sign, in a bounded length', () => {
  const said = (attestor: object): string => judge([policy({ attestors: { release: attestor } } as never)], []).reasons.map(({ message }) => message).join('\n');
  const long = { ...policy().spec.attestors['release'], subject: `https://github.com/${'a'.repeat(2_000)}@refs/heads/main` };
  expect(said(long)).toMatch(/found none; "https:\/\/github\.com\/a+\.\.\." of "https:\/\/token\.actions\.githubusercontent\.com" has to sign$/);
  expect(said(long).length).toBeLessThan(500);
});

test('a reason that belongs to no policy has no empty place', () => {
  expect(explain(judge([policy({ images: ['ghcr.io/acme/other/**'] })], []))).toContain('\n  [UNMATCHED_IMAGE] expected a policy for');
});

test('what others wrote shows as printable ASCII on one line', () => {
  const text = explain(judge([policy()], [piece({ signer: certificate({ subject: 'https://x\n\u001b[31mallowed\u202e "quoted" а' }) })]));
  expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  expect(text.split('\n')).toHaveLength(3);
  expect(text).toContain('\\u{a}\\u{1b}[31mallowed\\u{202e} \\"quoted\\" \\u{430}');
});

test('a warning names the policy, the end of its window and what would be refused from then on', () => {
  const [warning] = judge([policy({ action: { type: 'Audit', reason: 'first look', owner: 'platform', until: '2027-01-01' } }, 'soon')], []).warnings;
  expect(warning && explainWarning(warning)).toBe('policy soon would refuse this from 2027-01-01: [NO_SIGNATURE] signature, by release: expected a signature of this digest, found none; '
    + '"https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main" of "https://token.actions.githubusercontent.com" has to sign');
});

test('a warning behind which no single policy stands has no date', () => {
  expect(explainWarning({ code: 'NAMESPACE_UNKNOWN', message: 'why' })).toBe('[NAMESPACE_UNKNOWN] why');
});

describe('many and long reasons', () => {
  const verdict = (reasons: readonly Reason[]): Verdict => ({ ...judge([policy()], []), reasons });
  const reason = (message: string, index = 0): Reason => ({ code: index % 2 === 0 ? 'NO_SIGNATURE' : 'WRONG_CLAIM', message, policy: `p${index}` });

  test('four short ones are shown, the rest counted', () => {
    const four = [0, 1, 2, 3].map((index) => reason('short', index));
    expect(explain(verdict(four))).not.toContain('more');
    expect(explain(verdict([...four, reason('fifth', 4)]))).toContain('\n  ... and 1 more reason\nWhat to do: ');
    expect(explain(verdict([...four, ...four]))).toContain('\n  ... and 4 more reasons\n');
  });

  test('they fit into about 1 KiB, and a cut message says that it was cut', () => {
    const long = explain(verdict(Array.from({ length: 20 }, (_, index) => reason('x'.repeat(5000), index))));
    expect(long.length).toBeLessThan(1500);
    expect(long).toContain(`${'x'.repeat(320)}...`);
    expect(long).toContain('... and 18 more reasons');
  });

  test('the first one is shown whatever its length, and what to do is said once for each code', () => {
    const text = explain(verdict([{ ...reason('x'), policy: 'p'.repeat(2000) }, reason('y')]));
    expect(text).toContain('[NO_SIGNATURE]');
    expect(explain(verdict([reason('x'), reason('y', 2)])).match(/Sign the image/g)).toHaveLength(1);
  });
});
