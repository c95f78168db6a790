import { App, Chart } from 'cdk8s';
import { ReasonCode } from '../decide/reason';
import { Enforcement } from './enforcement';
import { EvidenceOfImages } from './evidence-of-images';
import { Expectation, EXPECTATIONS } from './expectations';
import { PLAIN } from './paint';
import { Workload } from './workload';

/**
 * Something is not as a test expects it.
 *
 * @example
 *
 * assert.throws(() => assertAdmits(chart, pod, unsigned()), ExpectationError);
 */
export class ExpectationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExpectationError';
  }
}

/**
 * What is written enforces its policies: it synthesizes, no rule has anything against it, and a violation is refused.
 *
 * A policy in its audit window is not enforced; where one is meant to be, name those that are.
 *
 * @param policies - names of policies that must refuse; without any, all of them
 *
 * @example
 *
 * assertEnforces(chart);
 *
 * @throws ExpectationError
 */
export function assertEnforces(enforcement: Enforcement, ...policies: string[]): void {
  assert(EXPECTATIONS.enforces(enforcement, policies));
}

/**
 * The cluster would run this workload, because its images have this evidence.
 *
 * A workload in a namespace that no policy covers would run, too, and does not satisfy this, nor does one that only an audit window admits: nothing
 * is verified there.
 *
 * @param evidence - what lies beside its images; nothing, when left out
 *
 * @example
 *
 * assertAdmits(chart, inNamespace('payments', 'ghcr.io/acme/payments/api:v1'), signedBy(release).withProvenance());
 *
 * @throws ExpectationError
 */
export function assertAdmits(enforcement: Enforcement, workload: Workload, evidence?: EvidenceOfImages): void {
  assert(EXPECTATIONS.admits(enforcement, workload, evidence));
}

/**
 * The cluster would run this workload only because of an audit window, and this is among the warnings.
 *
 * @param code - as docs/reason-codes.md lists them
 * @param evidence - what lies beside its images; nothing, when left out
 *
 * @example
 *
 * assertWarns(chart, inNamespace('payments', 'ghcr.io/acme/payments/api:v1'), 'NO_SIGNATURE');
 *
 * @throws ExpectationError
 */
export function assertWarns(enforcement: Enforcement, workload: Workload, code: ReasonCode, evidence?: EvidenceOfImages): void {
  assert(EXPECTATIONS.warns(enforcement, workload, code, evidence));
}

/**
 * The cluster would refuse this workload, and this is among the reasons.
 *
 * @param code - as docs/reason-codes.md lists them
 * @param evidence - what lies beside its images; nothing, when left out
 *
 * @example
 *
 * assertRefuses(chart, inNamespace('payments', 'ghcr.io/acme/payments/api:v1'), 'NO_SIGNATURE');
 *
 * @throws ExpectationError
 */
export function assertRefuses(enforcement: Enforcement, workload: Workload, code: ReasonCode, evidence?: EvidenceOfImages): void {
  assert(EXPECTATIONS.refuses(enforcement, workload, code, evidence));
}

/**
 * A chart or App is refused: when it is made, or when it is synthesized.
 *
 * @param make - makes and returns it
 * @param code - as RULES.md lists them
 *
 * @example
 *
 * assertRefusesSynthesis(() => new HousePolicies(Testing.app(), 'enforcement'), 'EXPIRED');
 *
 * @throws ExpectationError
 */
export function assertRefusesSynthesis(make: () => Chart | App, code: string): void {
  assert(EXPECTATIONS.refusesSynthesis(make, code));
}

function assert({ pass, message }: Expectation): void {
  if (!pass) {
    throw new ExpectationError(message(PLAIN));
  }
}
