import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const BLOBS = 'test/corpus/data/blobs';
const VECTORS = 'test/conformance/vectors';
const GITHUB = 'test/conformance/github';

/** What tools of the field wrote: every blob of the corpus, by what it is. */
export function corpusBlobs(is: (text: string) => boolean): Buffer[] {
  return readdirSync(BLOBS).sort().map((name) => readFileSync(join(BLOBS, name))).filter((bytes) => is(bytes.toString('latin1')));
}

/** Bundles of the corpus, of sigstore-conformance and of GitHub. */
export function bundles(): Buffer[] {
  const vectors = readdirSync(VECTORS).sort().filter((name) => !name.includes('.')).map((name) => readFileSync(join(VECTORS, name, 'bundle.sigstore.json')));
  const github = readdirSync(GITHUB).sort().filter((name) => name.endsWith('.json')).map((name) => readFileSync(join(GITHUB, name)));
  return [...corpusBlobs((text) => text.startsWith('{"mediaType":"application/vnd.dev.sigstore.bundle')), ...vectors, ...github];
}

/** DER of every certificate that a bundle or trust root holds, each once. */
export function certificates(): Buffer[] {
  const roots = readdirSync('test/corpus/data/trust').sort().map((name) => readFileSync(join('test/corpus/data/trust', name)));
  const found = [...bundles(), ...roots].flatMap((bytes) => [...bytes.toString('latin1').matchAll(/"rawBytes"\s*:\s*"(MII[A-Za-z0-9+/=]+)"/g)].map(([, text = '']) => text));
  return [...new Set(found)].map((text) => Buffer.from(text, 'base64')).filter((der) => der[4] === 0x30 && der.includes(Buffer.from([0xa3])));
}

/** Signed statements, out of their envelopes. */
export function statements(): Buffer[] {
  const found = bundles().flatMap((bytes) => [...bytes.toString('latin1').matchAll(/"payload"\s*:\s*"([A-Za-z0-9+/=]+)"/g)].map(([, text = '']) => text));
  return [...new Set(found)].map((text) => Buffer.from(text, 'base64')).filter(({ length }) => length < 20_000);
}
