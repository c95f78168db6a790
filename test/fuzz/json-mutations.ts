import { DER } from './der-mutations';
import { ANY, Mutation, splice } from './mutations';
import { Random } from './random';

const VALUES = [
  'null', 'true', '0', '-0', '1e400', '9007199254740993', '1.0', '""', '"\\u0000"', '"\\ud800"', '[]', '{}', '[[]]', '[null]', '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}', '"__proto__"', '"\u212a"',
];

/** For JSON: what stays JSON more often than not, and what two readers might read differently. */
export const JSON_TEXT: readonly Mutation[] = [
  function otherValue(bytes, random) {
    return changed(bytes, random, VALUE, () => random.pick(VALUES));
  },
  function valueOfAnother(bytes, random, others) {
    const found = random.pick(others).toString('latin1').match(VALUE) ?? ['null'];
    return changed(bytes, random, VALUE, () => random.pick(found));
  },
  function keyTwice(bytes, random) {
    return changed(bytes, random, KEY, (key) => `${key}${random.pick(VALUES)},${key}`);
  },
  function otherCase(bytes, random) {
    return changed(bytes, random, KEY, (key) => {
      const name = random.pick([key.toUpperCase(), key.toLowerCase(), `"${key.charAt(1).toUpperCase()}${key.slice(2)}`]);
      return random.below(2) === 0 ? name : `${name}${random.pick(VALUES)},${key}`;
    });
  },
  function escapedKey(bytes, random) {
    return changed(bytes, random, KEY, (key) => `"\\u${key.charCodeAt(1).toString(16).padStart(4, '0')}${key.slice(2)}`);
  },
  function otherKey(bytes, random) {
    return changed(bytes, random, KEY, () => `"${random.pick(['__proto__', 'constructor', 'toString', 'manifests', 'layers', 'subject', 'image', ''])}":`);
  },
  function wrapped(bytes, random) {
    const depth = 1 << random.below(8);
    return changed(bytes, random, VALUE, (value) => `${'['.repeat(depth)}${value}${']'.repeat(depth)}`);
  },
  function spaced(bytes, random) {
    return changed(bytes, random, /[{}[\],:]/g, (mark) => `${random.pick([' ', '\n', '\t', '\r', '\v', '\u00a0'])}${mark}`);
  },
  function insideBase64(bytes, random, others) {
    return changed(bytes, random, BASE64, (text) => {
      const inner = Buffer.from(text, 'base64');
      const ways = inner[0] === 0x7b ? JSON_TEXT : inner[0] === 0x30 ? DER : ANY;
      return random.pick(ways)(inner, random, others).toString(random.pick(['base64', 'base64', 'base64', 'base64url']));
    });
  },
];

const KEY = /"(?:[^"\\]|\\.){1,64}"\s*:/g;
const VALUE = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d+(?:\.\d+)?|true|false|null|\[\]|\{\}/g;
const BASE64 = /(?<=")[A-Za-z0-9+/]{12,}={0,2}(?=")/g;

function changed(bytes: Buffer, random: Random, pattern: RegExp, change: (text: string) => string): Buffer {
  const text = bytes.toString('latin1');
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) {
    return random.pick(ANY)(bytes, random, [bytes]);
  }
  const [found] = [random.pick(places)];
  return splice(bytes, found.index, found[0].length, Buffer.from(change(found[0]), 'latin1'));
}
