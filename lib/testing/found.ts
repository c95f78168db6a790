import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { REASONS } from '../decide/reason';
import { isPlainObject } from '../policy/canonical-json';
import { ImageEvidence } from './evidence';
import { PlacedWorkload, UpdatedWorkload } from './given-workload';
import { Identity } from './identities';

/** What a test passed where something else belongs, as it knows it: arguments that changed places are then told. */
export function nameFound(value: unknown): string {
  if (value === undefined || value === null) {
    return 'nothing';
  }
  if (typeof value === 'string') {
    return isReasonCode(value) ? `the reason code ${value}` : `the text ${JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value)}`;
  }
  if (typeof value !== 'object') {
    return typeof value === 'function' ? 'a function' : JSON.stringify(value) ?? 'a symbol';
  }
  const known = KINDS.find(([is]) => is(value));
  return known === undefined ? `an object of the class ${value.constructor.name}` : known[1];
}

export function isReasonCode(text: string): boolean {
  return Object.hasOwn(REASONS, text);
}

/** Whether something is no data, but what another argument of this kit may be. */
export function isOtherArgument(value: unknown): boolean {
  return value === undefined || value === null || Construct.isConstruct(value) || value instanceof ImageEvidence || value instanceof Identity;
}

const KINDS: ReadonlyArray<readonly [is: (value: object) => boolean, name: string]> = [
  [(value) => value instanceof PlacedWorkload || value instanceof UpdatedWorkload || ApiObject.isApiObject(value), 'a workload'],
  [(value) => value instanceof ImageEvidence, 'evidence'],
  [(value) => value instanceof Identity, 'an identity, which is evidence by signedBy(…)'],
  [(value) => Chart.isChart(value), 'a chart'],
  [(value) => value instanceof App, 'an App'],
  [(value) => Construct.isConstruct(value), 'a construct that is no chart'],
  [Array.isArray, 'a list'],
  [isPlainObject, 'an object'],
];
