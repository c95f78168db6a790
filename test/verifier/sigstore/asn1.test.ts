import { ASN1Obj } from '@sigstore/core';
import { parseAsn1, parseByLibrary } from '../../../lib/verifier/sigstore/asn1';
import { DER } from '../../fuzz/der-mutations';
import { Random } from '../../fuzz/random';
import { certificates } from '../../fuzz/seeds';

test('the library reads DER with it', () => {
  expect(ASN1Obj.parseBuffer).toBe(parseAsn1);
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
