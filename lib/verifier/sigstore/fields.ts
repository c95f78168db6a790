import { Json } from '../../policy/document';
import { JsonLimits, parseStrictJson, StrictJsonError } from '../json';
import { EvidenceFailure } from './failure';

/** A JSON object of which nothing is known yet. */
export type Fields = { readonly [key: string]: Json };

/** An empty object is a hundred bytes; a third of a thread's heap is what the values of one document may take. */
const LIMITS: JsonLimits = { depth: 64, values: 200_000 };

/** Reads JSON strictly, as evidence. @throws EvidenceFailure */
export function strictly(bytes: Uint8Array, what: string): Json {
  try {
    return parseStrictJson(bytes, LIMITS);
  } catch (error) {
    if (error instanceof StrictJsonError) {
      throw new EvidenceFailure(error.code, `${what} cannot be read in exactly one way: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Whether a field is there: protojson writes an absent one as nothing or as null. */
export function isGiven(value: Json | undefined): value is NonNullable<Json> {
  return value !== undefined && value !== null;
}

/** @throws EvidenceFailure */
export function object(value: Json | undefined, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EvidenceFailure('MALFORMED', `${what} is not an object`);
  }
  return value;
}

/** A list of at most `limit` elements; one that is not given is empty. @throws EvidenceFailure */
export function list(value: Json | undefined, what: string, limit: number): readonly Json[] {
  if (!isGiven(value)) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw new EvidenceFailure('MALFORMED', `${what} is not a list`);
  }
  if (value.length > limit) {
    throw new EvidenceFailure('LIMIT', `${what} has ${value.length} elements; at most ${limit} are read`);
  }
  return value;
}

/** A text of at most `limit` characters; one that is not given is empty. @throws EvidenceFailure */
export function text(value: Json | undefined, what: string, limit: number): string {
  const given = isGiven(value) ? value : '';
  if (typeof given !== 'string') {
    throw new EvidenceFailure('MALFORMED', `${what} is not a text`);
  }
  if (given.length > limit) {
    throw new EvidenceFailure('LIMIT', `${what} has ${given.length} characters; at most ${limit} are read`);
  }
  return given;
}

/** A whole number as protojson writes it: an omitted zero, a number, or at most 19 decimal digits. @throws EvidenceFailure */
export function integer(value: Json | undefined, what: string): string {
  const given = isGiven(value) ? value : 0;
  if ((typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) || (typeof given === 'string' && /^[0-9]{1,19}$/.test(given))) {
    return String(given);
  }
  throw new EvidenceFailure('MALFORMED', `${what} is not a whole number of at most 19 digits`);
}

/** Strict base64 of at least one byte and at most `limit`. @throws EvidenceFailure */
export function base64(value: Json | undefined, what: string, limit: number): Buffer {
  return Buffer.from(base64Text(value, what, limit), 'base64');
}

/** The same, still as text. @throws EvidenceFailure */
export function base64Text(value: Json | undefined, what: string, limit: number): string {
  if (typeof value === 'string' && value.length > Math.ceil(limit / 3) * 4) {
    throw new EvidenceFailure('LIMIT', `${what} has ${value.length} letters of base64; at most ${limit} bytes are read`);
  }
  // The decoder takes much that is not base64; the encoder knows one spelling.
  if (typeof value !== 'string' || value === '' || Buffer.from(value, 'base64').toString('base64') !== value) {
    throw new EvidenceFailure('MALFORMED', `${what} is not base64 in its standard alphabet with padding`);
  }
  return value;
}
