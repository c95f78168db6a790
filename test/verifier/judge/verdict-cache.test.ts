import { Verdict } from '../../../lib/decide/verdict';
import { VerdictCache } from '../../../lib/verifier/judge/verdict-cache';

const remembered = { allowed: true, policies: [], reasons: [], proof: [], warnings: [], policyDigest: 'sha256:0' };
const verdict = (allowed: boolean): Verdict => ({ allowed, image: 'reg.test/a', policies: [], reasons: [], proof: [], warnings: [], policyDigest: 'sha256:0' });

test('P04: an allow is remembered, by a clock that nobody sets, until it is no longer fresh', () => {
  let now = 0;
  const cache = new VerdictCache({ entries: 10, freshFor: 100 }, () => now);
  cache.put('k', verdict(true));
  now = 99;
  expect(cache.tryGet('k')).toEqual(remembered);
  now = 100;
  expect(cache.tryGet('k')).toBeUndefined();
});

test('being asked for does not make it fresh again', () => {
  let now = 0;
  const cache = new VerdictCache({ entries: 10, freshFor: 100 }, () => now);
  cache.put('k', verdict(true));
  for (now = 0; now < 100; now += 10) {
    cache.tryGet('k');
  }
  expect(cache.tryGet('k')).toBeUndefined();
});

test('a refusal cannot be remembered', () => {
  const cache = new VerdictCache();
  expect(() => cache.put('k', verdict(false))).toThrow('only an allow may be remembered');
  expect(cache.size).toBe(0);
});

test('what was allowed comes back as it was, but for the image, beside any number of others that say other things', () => {
  const cache = new VerdictCache();
  const full = (name: string): Verdict => ({
    ...verdict(true), policies: [name, 'shared'], warnings: [{ code: 'NO_SIGNATURE', policy: name, message: name }],
    proof: [
      { type: 'requirement', policy: name, requirement: 'signature', attestor: 'signer', evidence: `sha256:${name}`, checks: ['signature', 'certificate-chain'] },
      { type: 'requirement', policy: name, requirement: 'signature', attestor: name, evidence: `sha256:${name}`, checks: ['signature'] },
      { type: 'exemption', exemption: name, reason: name, owner: name, until: name },
    ],
  });
  const names = ['a', 'b', 'c'];
  names.forEach((name) => cache.put(name, full(name)));
  for (const name of names) {
    const { image, ...rest } = full(name);
    expect({ ...cache.tryGet(name), image }).toEqual({ ...rest, image });
  }
  const checks = names.map((name) => cache.tryGet(name)!.proof[0]).map((proof) => (proof?.type === 'requirement' ? proof.checks : undefined));
  expect(new Set(checks).size).toBe(1);
});

test('P11: a million different keys stay within the limit, and the one in use stays', () => {
  const cache = new VerdictCache({ entries: 100, freshFor: 1_000 }, () => 0);
  cache.put('hot', verdict(true));
  for (let i = 0; i < 1_000_000; i += 1) {
    cache.put(`k${i}`, verdict(true));
    if (i % 50 === 0) {
      cache.tryGet('hot');
    }
  }
  expect(cache.size).toBe(100);
  expect(cache.tryGet('hot')).toBeDefined();
});
