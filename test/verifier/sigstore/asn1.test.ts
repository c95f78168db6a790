import { ASN1Obj } from '@sigstore/core';
import { parseAsn1, parseByLibrary, writeAsn1, writeByLibrary } from '../../../lib/verifier/sigstore/asn1';
import { DER } from '../../fuzz/der-mutations';
import { Random } from '../../fuzz/random';
import { certificates } from '../../fuzz/seeds';
import { githubRun, SigstoreWorld, signStatement } from '../../support/sigstore';

test('the library reads and writes DER with it', () => {
  expect(ASN1Obj.parseBuffer).toBe(parseAsn1);
  const blocks = jest.spyOn(Buffer, 'alloc');
  parseAsn1(Buffer.from([0x05, 0])).toDER();
  expect(blocks).not.toHaveBeenCalled();
  writeByLibrary(parseAsn1(Buffer.from([0x05, 0])));
  expect(blocks).toHaveBeenCalledWith(1_024);
  blocks.mockRestore();
});

test('makes of certificates, and of what is nearly one, what the library makes of them', () => {
  const seeds = certificates();
  let [accepted, refused] = [0, 0];
  for (let run = 0; run < 3_000; run += 1) {
    const random = new Random(run);
    const input = random.pick(DER)(random.pick(seeds), random, seeds);
    // Only what the library has soon read can be compared.
    const theirs = octetStrings(input) > 40 ? 'slow' : outcome(() => parseByLibrary(input as Buffer<ArrayBuffer>));
    if (theirs === 'slow') {
      continue;
    }
    expect(outcome(() => parseAsn1(input))).toBe(theirs);
    accepted += theirs === 'refused' ? 0 : 1;
    refused += theirs === 'refused' ? 1 : 0;
  }
  expect(accepted).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(300);
}, 60_000);

test('writes what the library writes: of certificates and timestamps, of what is nearly one, and of what was changed after it was read', () => {
  const seeds = [...certificates(), ...timestamps()];
  let compared = 0;
  for (let run = 0; run < 1_500; run += 1) {
    const random = new Random(run);
    const input = random.pick(DER)(random.pick(seeds), random, seeds);
    const elements = tryRead(input).flatMap(everyElement);
    if (elements.length > 0) {
      const { subs } = random.pick(elements);
      subs.splice(0, 1);
    }
    // The library writes what is inside with ours: that is compared by itself.
    elements.forEach((element) => expect(writeAsn1(element).toString('hex')).toBe(writeByLibrary(element).toString('hex')));
    compared += elements.length;
  }
  expect(compared).toBeGreaterThan(10_000);
}, 60_000);

test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 1_048_577])('writes %i bytes as the library does, and reads what was written', (length) => {
  const { tag } = parseAsn1(Buffer.from([0x0c, 0]));
  const element = new ASN1Obj(tag, Buffer.alloc(length, 7), []);
  expect(writeAsn1(element).equals(writeByLibrary(element))).toBe(true);
  expect(parseAsn1(writeAsn1(element)).value).toHaveLength(length);
});

test.each([
  ['one byte more', '04810100', '040100'],
  ['a zero before it', `04820080${'00'.repeat(128)}`, `048180${'00'.repeat(128)}`],
])('a length of %s than it needs is refused', (_, longer, shortest) => {
  expect(() => parseAsn1(Buffer.from(longer, 'hex'))).toThrow('not one element of DER');
  expect(parseAsn1(Buffer.from(shortest, 'hex')).tag.isOctetString()).toBe(true);
});

test('octet strings that look like the beginning of DER cost no more than others', () => {
  // Constructed, and longer than the octet string that it stands in.
  const hostile = Buffer.from([0x04, 4, 0x30, 0x7f, 0x30, 0x7f]);
  const harmless = Buffer.from([0x04, 4, 0xff, 0xff, 0xff, 0xff]);
  const filled = (octets: Buffer): Buffer => {
    const content = Buffer.concat(Array.from({ length: 10_000 }, () => octets));
    return Buffer.concat([Buffer.from([0x30, 0x82, content.length >> 8, content.length & 0xff]), content]);
  };
  const time = (bytes: Buffer): number => {
    const before = process.threadCpuUsage();
    expect(parseAsn1(bytes).subs).toHaveLength(10_000);
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  };
  time(filled(harmless));
  expect(time(filled(hostile))).toBeLessThan(20 * time(filled(harmless)) + 100_000);
});

function timestamps(): Buffer[] {
  const bundle = SigstoreWorld.create().signKeyless(githubRun(), signStatement(`sha256:${'0'.repeat(64)}`));
  return (bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? []).map(({ signedTimestamp }) => Buffer.from(signedTimestamp, 'base64'));
}

function tryRead(input: Buffer): ASN1Obj[] {
  try {
    return [parseAsn1(input)];
  } catch {
    return [];
  }
}

function everyElement(element: ASN1Obj): ASN1Obj[] {
  return [element, ...element.subs.flatMap(everyElement)];
}

/** Tags, values and structure as text. */
function outcome(read: () => ASN1Obj): string {
  try {
    return described(read());
  } catch {
    return 'refused';
  }
}

function described({ tag, value, subs }: ASN1Obj): string {
  return `${tag.toDER()}:${value.toString('hex')}(${subs.map(described).join(',')})`;
}

function octetStrings(bytes: Buffer): number {
  return bytes.reduce((count, byte) => count + (byte === 0x04 ? 1 : 0), 0);
}
