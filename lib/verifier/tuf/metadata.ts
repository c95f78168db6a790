import { createPublicKey } from 'node:crypto';
import { Json } from '../../policy/document';
import { parseStrictJson, StrictJsonError } from '../json';
import { reasonOf, TufError } from './error';
import { TUF_LIMITS } from './limits';

export type Role = 'root' | 'timestamp' | 'snapshot' | 'targets';

type Fields = { readonly [key: string]: Json };

/** RFC 3339 in whole seconds and UTC, as the specification writes it (section 4.2.1); anything else a clock could be wrong about. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * Refuses metadata that could be read in two ways, before the library reads it; signatures are not looked at.
 *
 * Refused beside what the library refuses: a key twice in an object, a version that is no whole number from 1, an end that is no instant in
 * UTC; in a root, one public key under two ids of a role, which would count twice for its threshold, and a threshold that cannot be met.
 *
 * @throws TufError
 */
export function checkMetadata(role: Role, bytes: Uint8Array): void {
  const signed = fieldsOf(fieldsOf(parse(role, bytes)).signed);
  const { version, expires } = signed;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    throw new TufError(`${role}: its version is no whole number from 1`);
  }
  if (typeof expires !== 'string' || !INSTANT.test(expires) || Number.isNaN(Date.parse(expires))) {
    throw new TufError(`${role}: its end is not written as YYYY-MM-DDTHH:MM:SSZ`);
  }
  if (role === 'root') {
    const keys = fieldsOf(signed.keys);
    Object.entries(fieldsOf(signed.roles)).forEach(([name, of]) => checkKeys(name.slice(0, 64), fieldsOf(of), keys));
  }
}

function checkKeys(role: string, { keyids, threshold }: Fields, keys: Fields): void {
  const ids = Array.isArray(keyids) ? keyids : [];
  if (ids.length > TUF_LIMITS.keys) {
    throw new TufError(`root: the role ${role} has ${ids.length} keys; at most ${TUF_LIMITS.keys} are read`);
  }
  if (typeof threshold !== 'number' || !Number.isSafeInteger(threshold) || threshold < 1 || threshold > ids.length) {
    throw new TufError(`root: the threshold of the role ${role} is no number of signatures that its ${ids.length} keys can give`);
  }
  const known = ids.map((id) => (typeof id === 'string' && Object.hasOwn(keys, id) ? keyOf(fieldsOf(fieldsOf(keys[id]).keyval).public) : undefined));
  if (known.some((key, index) => key !== undefined && known.indexOf(key) !== index)) {
    throw new TufError(`root: the role ${role} has one public key under two ids, which would count twice`);
  }
}

/** The key itself, in whatever form it is written; a text that holds none stands for itself, and the library takes it no more. */
function keyOf(key: Json | undefined): string | undefined {
  if (typeof key !== 'string') {
    return undefined;
  }
  const forms = [() => createPublicKey(key), ...hexadecimalForms(key.trim()).map((der) => () => createPublicKey({ key: der, format: 'der', type: 'spki' }))];
  for (const read of forms) {
    try {
      const { kty, crv, x, y, n, e } = read().export({ format: 'jwk' });
      return JSON.stringify([kty, crv, x, y, n, e]);
    } catch {
      // Another form.
    }
  }
  return key.trim().toLowerCase();
}

/** OpenSSL ignores what follows a key, so that only a text of the right length is tried. */
function hexadecimalForms(text: string): Buffer[] {
  return HEXADECIMAL.map((prefix) => Buffer.from(prefix + text, 'hex')).filter((der) => der.length === (der[1] ?? 0) + 2);
}

/** What stands before the bits of a key that is written as hexadecimal: Ed25519, and points of P-256 and P-384, in full and compressed. */
const HEXADECIMAL = [
  '302a300506032b6570032100',
  '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  '3076301006072a8648ce3d020106052b81040022036200',
  '3039301306072a8648ce3d020106082a8648ce3d030107032200',
  '3046301006072a8648ce3d020106052b81040022033200',
];

function parse(role: Role, bytes: Uint8Array): Json {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    throw error instanceof StrictJsonError ? new TufError(`${role}: cannot be read in exactly one way: ${reasonOf(error)}`, { cause: error }) : error;
  }
}

function fieldsOf(value: Json | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
