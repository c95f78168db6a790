import { Statement, Subject } from '../../decide/evidence';
import { Json } from '../../policy/document';
import { COSIGN_SIGN } from '../../policy/predicate-types';
import { EvidenceFailure } from './failure';
import { object, strictly } from './fields';
import { BUNDLE_LIMITS } from './limits';
import { textsOf } from './texts';

const STATEMENT_TYPES = new Set(['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1']);

/**
 * Reads an in-toto statement (v1 or v0.1) from the bytes that were signed.
 *
 * @throws EvidenceFailure MALFORMED, LIMIT, UNSUPPORTED
 */
export function decodeStatement(payload: Uint8Array): Statement {
  const json = object(strictly(payload, 'the statement'), 'the statement');
  if (typeof json._type !== 'string' || !STATEMENT_TYPES.has(json._type)) {
    throw new EvidenceFailure('UNSUPPORTED', 'the payload is no in-toto statement of version 1 or 0.1');
  }
  const { predicateType } = json;
  if (typeof predicateType !== 'string' || predicateType === '') {
    throw new EvidenceFailure('MALFORMED', 'the statement names no predicate type');
  }
  const isSignature = predicateType === COSIGN_SIGN;
  return {
    readable: true,
    says: isSignature ? 'signature' : 'attestation',
    predicateType,
    ...(json.predicate === undefined ? {} : { predicate: json.predicate }),
    subjects: subjectsOf(json.subject),
    ...(isSignature ? { annotations: annotationsOf(json.subject) } : {}),
  };
}

/** cosign annotates the subject, of which it writes one; where there are several, nobody can say which one is meant. */
function annotationsOf(subjects: Json | undefined): { readonly [name: string]: string } {
  const [only, ...others] = Array.isArray(subjects) ? subjects : [];
  return others.length > 0 ? {} : textsOf(object(only ?? {}, 'a subject').annotations);
}

function subjectsOf(value: Json | undefined): Subject[] {
  if (!Array.isArray(value)) {
    throw new EvidenceFailure('MALFORMED', 'the statement has no list of subjects');
  }
  if (value.length > BUNDLE_LIMITS.subjects) {
    throw new EvidenceFailure('LIMIT', `the statement has ${value.length} subjects; at most ${BUNDLE_LIMITS.subjects} are read`);
  }
  return value.map((subject) => {
    const { name, digest: digests } = object(subject, 'a subject');
    const digest = Object.fromEntries(Object.entries(object(digests, 'a subject\'s digest')).map(([algorithm, hex]) => {
      if (typeof hex !== 'string') {
        throw new EvidenceFailure('MALFORMED', 'a subject\'s digest is no text');
      }
      return [algorithm, hex];
    }));
    return { digest, ...(typeof name === 'string' ? { name } : {}) };
  });
}
