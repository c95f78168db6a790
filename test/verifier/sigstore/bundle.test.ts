import { Json } from '../../../lib/policy/document';
import { decodeBundle } from '../../../lib/verifier/sigstore/bundle';
import { EvidenceFailure } from '../../../lib/verifier/sigstore/failure';
import { BundleJson, bundleBytes, githubRun, SigstoreWorld, signStatement } from '../../support/sigstore';

const world = SigstoreWorld.create();
const IMAGE = `sha256:${'1'.repeat(64)}`;

/** A bundle in which every field is there that any bundle has; the second entry of its log, so that the proof has a hash. */
const [, FULL] = [1, 2].map(() => {
  const bundle = world.signKeyless(githubRun(), signStatement(IMAGE), { log: 'rekor1', timestamp: true });
  bundle.dsseEnvelope!.signatures[0]!.keyid = 'some key';
  return bundle;
}) as [BundleJson, BundleJson];

function chained({ verificationMaterial: { certificate, ...material }, ...bundle }: BundleJson): BundleJson {
  return { ...bundle, mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2', verificationMaterial: { ...material, x509CertificateChain: { certificates: [certificate!] } } };
}

function keyed({ verificationMaterial: { certificate, ...material }, ...bundle }: BundleJson): BundleJson {
  return certificate === undefined ? bundle as BundleJson : { ...bundle, verificationMaterial: { ...material, publicKey: { hint: 'some key' } } };
}

interface Place {
  readonly place: string;
  readonly bundle: BundleJson;
}

const BUNDLES: readonly BundleJson[] = [FULL, chained(FULL), keyed(FULL)];
const ALL: readonly Place[] = BUNDLES.flatMap((bundle) => places(bundle as unknown as Json).map((place) => ({ place, bundle })));
const PLACES = ALL.filter(({ place }, index) => ALL.findIndex((other) => other.place === place) === index);

/** Every place of a JSON value, inner nodes as well. */
function places(value: Json, prefix = ''): string[] {
  return typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([name, inner]) => [`${prefix}${name}`, ...places(inner, `${prefix}${name}.`)]);
}

function valueAt(bundle: BundleJson, place: string): unknown {
  return place.split('.').reduce<unknown>((value, step) => Reflect.get(value as object, step), bundle);
}

function altered({ place, bundle }: Place, value: unknown): BundleJson {
  const copy = structuredClone(bundle);
  const steps = place.split('.');
  const last = steps.pop() ?? '';
  Reflect.set(valueAt(copy, steps.join('.')) === undefined ? copy : valueAt(copy, steps.join('.')) as object, last, value);
  return copy;
}

/** `decoded`, or the reason code. */
function outcome(bundle: BundleJson): string {
  const { mediaType } = bundle;
  try {
    decodeBundle({ bytes: bundleBytes(bundle), mediaType: typeof mediaType === 'string' ? mediaType : FULL.mediaType });
    return 'decoded';
  } catch (error) {
    if (error instanceof EvidenceFailure) {
      return error.code;
    }
    throw error;
  }
}

test('every field that a bundle may have is there', () => {
  expect(PLACES.map(({ place }) => place.split('.').at(-1))).toEqual(expect.arrayContaining([
    'hint', 'rawBytes', 'keyId', 'kind', 'version', 'integratedTime', 'signedEntryTimestamp', 'logIndex', 'rootHash', 'treeSize', 'envelope', 'canonicalizedBody',
    'signedTimestamp', 'payload', 'payloadType', 'sig', 'keyid',
  ]));
  expect(PLACES.map(({ place }) => place)).toContain('verificationMaterial.tlogEntries.0.inclusionProof.hashes.0');
});

describe('E73 a field of another type is refused before anything is made of it', () => {
  test.each(PLACES)('$place', ({ place, bundle }) => {
    const there = valueAt(bundle, place);
    const others: unknown[] = [[there], [[there]], true, /logIndex|integratedTime|treeSize/.test(place) ? 1.5 : 7, ...otherThan(there)];
    const outcomes = others.map((other) => outcome(altered({ place, bundle }, other)));
    expect(outcomes).toEqual(others.map(() => (place.endsWith('payloadType') ? 'UNSUPPORTED' : 'MALFORMED')));
    expect(outcome(altered({ place, bundle }, there))).toBe('decoded');
  });
});

function otherThan(there: unknown): unknown[] {
  if (typeof there === 'string') {
    return [{ length: 2_000_000_000 }, {}];
  }
  return Array.isArray(there) ? [{ ...there, length: 2_000_000_000 }, 'text'] : ['text'];
}

const BYTES = PLACES.filter(({ place }) => /rawBytes|keyId|signedEntryTimestamp|rootHash|hashes\.\d|canonicalizedBody|signedTimestamp|payload$|sig$/.test(place));

describe('E50 bytes in another spelling of base64 are refused', () => {
  test.each(BYTES)('$place', ({ place, bundle }) => {
    const there = valueAt(bundle, place) as string;
    const spellings = [
      '', ` ${there}`, `${there}\n`, `${there.slice(0, 4)} ${there.slice(4)}`, `${there}====`, `${there}AAA`, `${there}!junk`, `${Buffer.from(there, 'base64').toString('base64url')}-_`,
      there.replace(/=*$/, '='.repeat(3)),
    ];
    expect(spellings.map((spelling) => outcome(altered({ place, bundle }, spelling)))).toEqual(spellings.map(() => 'MALFORMED'));
    expect(outcome(altered({ place, bundle }, there))).toBe('decoded');
  });
});

describe('E70 a text or bytes beyond its limit is refused', () => {
  test.each<[string, number]>([
    ['logId.keyId', 65], ['inclusionProof.rootHash', 65], ['inclusionProof.hashes.0', 65], ['inclusionPromise.signedEntryTimestamp', 4_098], ['signatures.0.sig', 4_098],
  ])('%s of %i bytes', (suffix, bytes) => {
    const place = PLACES.find((one) => one.place.endsWith(suffix))!;
    expect(outcome(altered(place, Buffer.alloc(bytes + 3, 1).toString('base64')))).toBe('LIMIT');
    expect(outcome(altered(place, Buffer.alloc(bytes - 2, 1).toString('base64')))).toBe('decoded');
  });

  test.each<[string, number]>([['hint', 1_024], ['keyid', 1_024], ['kindVersion.kind', 1_024], ['kindVersion.version', 1_024], ['checkpoint.envelope', 8 * 1_024]])('%s of %i characters and one more', (suffix, length) => {
    const place = PLACES.find((one) => one.place.endsWith(suffix))!;
    expect(outcome(altered(place, 'x'.repeat(length + 1)))).toBe('LIMIT');
    expect(outcome(altered(place, 'x'.repeat(length)))).toBe('decoded');
  });
});

test('E36 nothing is made of fields that nobody knows', () => {
  const bundle = structuredClone(FULL) as unknown as { verificationMaterial: { [name: string]: unknown } };
  bundle.verificationMaterial['more'] = { length: 2_000_000_000 };
  expect(outcome(bundle as unknown as BundleJson)).toBe('decoded');
});
