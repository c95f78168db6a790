import { JSON_LIMITS, parseStrictJson, StrictJsonError } from '../../../lib/verifier/json';
import { readJson } from '../../support/json-reader';
import { Target } from '../fuzz';
import { JSON_TEXT } from '../json-mutations';
import { corpusBlobs } from '../seeds';
import { expectSame, plain, read } from './refusal';

/** The strict reader that all others stand on, against JSON.parse and a reader that goes character by character. */
export const json: Target = {
  name: 'json',
  seeds: corpusBlobs((text) => text.startsWith('{')).filter(({ length }) => length < 4_000),
  mutations: JSON_TEXT,
  judge: (input) => {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);
    let refused: StrictJsonError | undefined;
    const ours = read(() => {
      try {
        return parseStrictJson(input, JSON_LIMITS);
      } catch (error) {
        refused = error instanceof StrictJsonError ? error : undefined;
        throw error;
      }
    }, StrictJsonError);
    if (ours === undefined) {
      // What a careful reader takes is only refused where a limit says so, or where the bytes are no text.
      const careful = input.length < 20_000 && refused?.code !== 'LIMIT' && Buffer.from(text).equals(input) ? read(() => readJson(text), SyntaxError, RangeError) : undefined;
      if (careful !== undefined) {
        throw new Error(`refused (${refused?.message}), and it can be read in one way`);
      }
      return 'refused';
    }
    expectSame('JSON.parse', plain(ours.value), plain(JSON.parse(text)));
    expectSame('read again', plain(parseStrictJson(Buffer.from(JSON.stringify(ours.value)))), plain(ours.value));
    return 'accepted';
  },
};
