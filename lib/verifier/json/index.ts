export { StrictJsonError } from './error';
export { JSON_LIMITS, parseStrictJson } from './parse';
export type { JsonLimits, Members } from './scanner';
