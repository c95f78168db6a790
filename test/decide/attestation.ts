import { Statement } from '../../lib/decide/evidence';
import { Verdict } from '../../lib/decide/verdict';
import { AttestationRequirement, Attestor, Json } from '../../lib/policy/document';
import { judge, NOW, piece, PieceOptions, policy, release, signed } from './world';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** An instant before now, as predicates write it. */
export function before(milliseconds: number): string {
  return new Date(NOW - milliseconds).toISOString();
}

/** An attestation of the image; signed a second ago by `release` where nothing else is said. */
export interface Attested extends Omit<PieceOptions, 'statement'> {
  readonly predicate?: Json;
  readonly predicateType?: string;
}

/** What is required, without what every requirement here has. */
export type Wanted = Pick<AttestationRequirement, 'predicateType' | 'checks'> & Partial<AttestationRequirement>;

/** The verdict over attestations under one requirement on them. */
export function judgeAttestations(wanted: Wanted, attestations: readonly Attested[], attestors: { readonly [name: string]: Attestor } = { release }, now = NOW): Verdict {
  const requirement: AttestationRequirement = { type: 'attestation', name: 'required', attestors: Object.keys(attestors), ...wanted };
  return judge([policy({ attestors, requirements: [requirement] })], attestations.map(({ predicate, predicateType = wanted.predicateType, ...options }, index) => {
    const statement: Statement = { ...signed, says: 'attestation', predicateType, ...(predicate === undefined ? {} : { predicate }) };
    return piece({ label: `attestation ${index}`, under: Object.values(attestors), ...options, statement });
  }), { now });
}

/** Marks a place that is to be taken out. */
export const ABSENT = Symbol('absent');

/** A predicate with another value at a place such as `scanner.db`, or without it. */
export function altered(predicate: Json, place: string, value: Json | typeof ABSENT): Json {
  const copy = structuredClone(predicate);
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  const parent = steps.reduce<object>((object, step) => Reflect.get(object, step) as object, copy as object);
  if (value === ABSENT) {
    Reflect.deleteProperty(parent, last);
  } else {
    Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/** Checks that a verdict lists beyond those that every attestation by a workflow passes. */
export function checksOf({ proof }: Verdict): readonly string[] {
  const all = proof.flatMap((entry) => (entry.type === 'requirement' ? entry.checks : []));
  return all.slice(all.indexOf('subject') + 1);
}
