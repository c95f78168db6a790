import { Json } from '../../policy/document';
import { VerifierError } from '../ports';
import { cutList } from './cut-list';
import { isObject, readJson } from './manifest';

/** A list inside a document, each of its elements read by itself. */
export interface Entries<T> {
  /** The document with zeros in place of the elements. */
  readonly frame: { readonly [key: string]: Json };
  readonly entries: ReadonlyArray<T | VerifierError>;
}

/**
 * Reads a list of an object so that an element that cannot be read is set aside and hides no other.
 *
 * @param name - of the list; `null` and a missing list are empty
 * @param most - elements
 * @throws VerifierError MALFORMED, LIMIT for what is around the elements
 */
export function readEntries<T>(bytes: Uint8Array, name: string, most: number, where: string, read: (element: Uint8Array) => T): Entries<T> {
  const cut = cutList(bytes, name, most);
  if (cut === undefined) {
    throw new VerifierError('LIMIT', `${where}: has more than ${most} entries`);
  }
  const frame = readJson(cut.frame, where);
  if (!isObject(frame)) {
    throw new VerifierError('MALFORMED', `${where}: is not an object`);
  }
  const list = frame[name] ?? [];
  if (!Array.isArray(list) || list.length !== cut.elements.length || list.some((item) => item !== 0)) {
    throw new VerifierError('MALFORMED', `${where}: expected a list of descriptors`);
  }
  return { frame, entries: cut.elements.map((element) => attempt(() => read(element))) };
}

function attempt<T>(read: () => T): T | VerifierError {
  try {
    return read();
  } catch (error) {
    if (error instanceof VerifierError) {
      return error;
    }
    throw error;
  }
}
