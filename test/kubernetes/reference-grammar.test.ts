import fc from 'fast-check';
import { formatReference, ImageReference, parseReference } from '../../lib/kubernetes/reference';
import { expectedRegistry, readByGrammar, Reading } from './reference-grammar';

const HEX = '0123456789abcdef'.repeat(4);

const pieces = [
  'a', 'b', 'z', '0', '9', 'A', 'Z', '.', '-', '--', '_', '__', '___', '/', '/', '/', ':', ':', '@', '[', ']', '::', ' ', '\n', '+', '%', '*',
  '\u0430', '\u212a', '\u0130',
  'localhost', 'docker.io', 'Docker.io', 'index.docker.io', 'reg.test', 'ghcr.io', 'library', 'acme', 'app', 'nginx', 'latest', '5000', ':443', ':0',
  '127.0.0.1', '127.1', '0x7f',
  '[::1]', '[fd00::1]', '@sha256:', 'sha256:', 'sha512:', 'md5:', HEX, HEX.slice(1), HEX.toUpperCase(),
  '0'.repeat(64), HEX.repeat(2), 'oci:', 'https://', 'xn--',
];

const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(''));

const shaped = fc.tuple(
  fc.option(fc.constantFrom(
    'reg.test', 'GHCR.io', 'docker.io', 'index.docker.io', 'localhost', 'Acme', 'reg.test:5000', '127.0.0.1:80', '[::1]:5000', 'a', 'reg.test:70000',
  )),
  fc.array(fc.constantFrom('acme', 'app', 'a.b', 'a__b', 'a--b', 'a___b', 'App', '-a', ''), { minLength: 1, maxLength: 4 }),
  fc.option(fc.constantFrom('v1', 'V1_.-', '-v1', 'x'.repeat(128), 'x'.repeat(129), '')),
  fc.option(fc.constantFrom(
    `sha256:${HEX}`, `sha256:${HEX.slice(2)}`, `sha512:${HEX}${HEX}`, `md5:${HEX.slice(32)}`, `sha256:${HEX.toUpperCase()}`, `sha256+b:${HEX}`,
  )),
).map(([host, path, tag, digest]) => [
  host === null ? '' : `${host}/`, path.join('/'), tag === null ? '' : `:${tag}`, digest === null ? '' : `@${digest}`,
].join(''));

const texts = fc.oneof(soup, shaped);

/** The refusals that are ours alone; everything else the runtime accepts, we accept. */
const OURS = [
  'cannot be part of a reference', 'digest of zeros', 'are not supported', 'a digest alone', 'a transport', 'no valid port', 'ends in a number',
  'Docker Hub in capitals',
  'is not an IPv6 address', 'is not a registry host',
];

function tryParse(text: string): ImageReference | Error {
  try {
    return parseReference(text);
  } catch (error) {
    return error as Error;
  }
}

test('R20: no text that is accepted is read as another host, repository, tag or digest by the grammar of the runtime', () => {
  let accepted = 0;
  fc.assert(fc.property(texts, (text) => {
    const ours = tryParse(text);
    const theirs = readByGrammar(text);
    if (ours instanceof Error) {
      return;
    }
    accepted += 1;
    expect(theirs).toBeDefined();
    expect(ours.registry).toBe(expectedRegistry(theirs as Reading));
    expect(ours.repository).toBe(theirs?.path);
    expect(ours.digest).toBe(theirs?.digest);
    expect(ours.tag).toBe(theirs?.tag ?? (theirs?.digest === undefined ? 'latest' : undefined));
  }), { numRuns: 100_000 });
  expect(accepted).toBeGreaterThan(5_000);
});

test('no text that the runtime accepts is refused but for a reason that is ours and documented', () => {
  let refused = 0;
  fc.assert(fc.property(texts, (text) => {
    const ours = tryParse(text);
    if (!(ours instanceof Error) || readByGrammar(text) === undefined) {
      return;
    }
    refused += 1;
    expect(OURS.filter((reason) => ours.message.includes(reason))).toHaveLength(1);
  }), { numRuns: 50_000 });
  expect(refused).toBeGreaterThan(500);
});

test('the canonical text of a reference is read as the same reference', () => {
  fc.assert(fc.property(texts, (text) => {
    const reference = tryParse(text);
    if (reference instanceof Error) {
      return;
    }
    const again = parseReference(formatReference(reference));
    expect(again.name).toBe(reference.name);
    expect(again.digest).toBe(reference.digest);
    expect(formatReference(again)).toBe(formatReference(reference));
    expect(readByGrammar(formatReference(reference))?.path).toBe(reference.repository);
  }), { numRuns: 20_000 });
});

test('any bytes at all are read or refused, never anything else', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
    const ours = tryParse(text);
    expect(ours instanceof Error ? ours.name : 'reference').toMatch(/^(?:ImageReferenceError|reference)$/);
  }), { numRuns: 5_000 });
});
