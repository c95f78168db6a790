import { App, Chart } from 'cdk8s';
import { ReasonCode } from '../decide/reason';
import { Enforcement } from './enforcement';
import { EvidenceOfImages } from './evidence-of-images';
import { Expectation, EXPECTATIONS } from './expectations';
import { PLAIN } from './paint';
import { Workload } from './workload';

/**
 * What `expect` learns. None of them can be negated: what is not admitted is refused for a reason, and the test says which.
 *
 * @typeParam R - what a matcher returns in the test runner
 *
 * @example
 *
 * // For a runner whose types are not declared here.
 * interface Matchers<R> extends EnforcementMatchers<R> {}
 */
export interface EnforcementMatchers<R = void> {
  /**
   * What is written enforces its policies: it synthesizes, no rule has anything against it, and a violation is refused.
   *
   * A policy in its audit window is not enforced; where one is meant to be, name those that are.
   *
   * @example
   *
   * expect(chart).toEnforce();
   */
  toEnforce(...policies: string[]): R;

  /**
   * The cluster would run this workload, because its images have this evidence. One that no policy covers, or that only an audit window admits, does not satisfy this.
   *
   * @example
   *
   * expect(chart).toAdmit(inNamespace('payments', 'ghcr.io/acme/payments/api:v1'), signedBy(release).withProvenance());
   */
  toAdmit(workload: Workload, evidence?: EvidenceOfImages): R;

  /**
   * The cluster would run this workload only because of an audit window, and this is among the warnings.
   *
   * @example
   *
   * expect(chart).toWarn(inNamespace('payments', 'ghcr.io/acme/payments/api:v1'), 'NO_SIGNATURE');
   */
  toWarn(workload: Workload, code: ReasonCode, evidence?: EvidenceOfImages): R;

  /**
   * The cluster would refuse this workload, and this is among the reasons.
   *
   * @example
   *
   * expect(chart).toRefuse(inNamespace('payments', 'ghcr.io/acme/payments/api:v1'), 'WRONG_IDENTITY', signedBy(stranger()));
   */
  toRefuse(workload: Workload, code: ReasonCode, evidence?: EvidenceOfImages): R;

  /**
   * The chart or App that a function makes and returns is refused: when it is made, or when it is synthesized.
   *
   * @example
   *
   * expect(() => new HousePolicies(Testing.app(), 'enforcement')).toRefuseSynthesis('EXPIRED');
   */
  toRefuseSynthesis(code: string): R;
}

/** What Jest and Vitest hand to a matcher as `this`, as far as it is needed. */
interface MatcherContext {
  readonly isNot?: boolean;
  /** Whether there are colours is the runner's decision. */
  readonly utils?: { readonly EXPECTED_COLOR?: (text: string) => string; readonly RECEIVED_COLOR?: (text: string) => string };
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * The matchers for `expect.extend`, in Jest, Vitest and whatever takes matchers of that form. `proofgate/testing/jest` and
 * `proofgate/testing/vitest` register them, with their types.
 *
 * @example
 *
 * expect.extend(matchers);
 */
export const matchers = {
  toEnforce(this: MatcherContext, enforcement: Enforcement, ...policies: string[]): MatcherResult {
    return resultOf(this, () => EXPECTATIONS.enforces(enforcement, policies));
  },
  toAdmit(this: MatcherContext, enforcement: Enforcement, workload: Workload, evidence?: EvidenceOfImages): MatcherResult {
    return resultOf(this, () => EXPECTATIONS.admits(enforcement, workload, evidence));
  },
  toWarn(this: MatcherContext, enforcement: Enforcement, workload: Workload, code: ReasonCode, evidence?: EvidenceOfImages): MatcherResult {
    return resultOf(this, () => EXPECTATIONS.warns(enforcement, workload, code, evidence));
  },
  toRefuse(this: MatcherContext, enforcement: Enforcement, workload: Workload, code: ReasonCode, evidence?: EvidenceOfImages): MatcherResult {
    return resultOf(this, () => EXPECTATIONS.refuses(enforcement, workload, code, evidence));
  },
  toRefuseSynthesis(this: MatcherContext, make: () => Chart | App, code: string): MatcherResult {
    return resultOf(this, () => EXPECTATIONS.refusesSynthesis(make, code));
  },
};

/** @throws Error where it is negated, which would be satisfied by any other outcome, whatever its reason */
function resultOf({ isNot, utils }: MatcherContext, expect: () => Expectation): MatcherResult {
  if (isNot === true) {
    throw new Error('it cannot be negated, since any other outcome would do: say what is expected, with toAdmit, toWarn(…, code), toRefuse(…, code) or toRefuseSynthesis(code)');
  }
  const { pass, message } = expect();
  return { pass, message: () => message({ expected: utils?.EXPECTED_COLOR ?? PLAIN.expected, found: utils?.RECEIVED_COLOR ?? PLAIN.found }) };
}
