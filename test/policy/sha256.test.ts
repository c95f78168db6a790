import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { decodeBase64 } from '../../lib/policy/base64';
import { sha256Hex, utf8 } from '../../lib/policy/sha256';

const nodeDigest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('SHA-256', () => {
  test.each(Array.from({ length: 200 }, (_, length) => length))('of %i bytes is that of another implementation', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 151 + length) % 256);
    expect(sha256Hex(bytes)).toBe(nodeDigest(bytes));
  });

  test('of any bytes is that of another implementation', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      expect(sha256Hex(bytes)).toBe(nodeDigest(bytes));
    }));
  });

  test('of a million letters is the published vector', () => {
    expect(sha256Hex(new Uint8Array(1_000_000).fill(0x61))).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
  });

  test('leaves the bytes as they were, also those of a part of a buffer', () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, index) => index).subarray(10, 20);
    expect(sha256Hex(bytes)).toBe(nodeDigest(bytes));
    expect([...bytes]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });
});

describe('UTF-8', () => {
  test('of any text is that of another implementation', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(Buffer.from(utf8(text))).toEqual(Buffer.from(text, 'utf8'));
    }));
  });

  test.each(['\u007f', '\u0080', '\u07ff', '\u0800', '\uffff', '\u{10000}', '\u{10ffff}'])('is right at the edge %j', (text) => {
    expect(Buffer.from(utf8(text))).toEqual(Buffer.from(text, 'utf8'));
  });

  test('of half a surrogate pair does not exist', () => {
    expect(() => utf8('a\ud800')).toThrow(/unpaired surrogate \(U\+D800\)/);
    expect(() => utf8('\udc00\ud800')).toThrow(RangeError);
    expect(utf8('\ud83d\ude00')).toHaveLength(4);
  });
});

describe('base64', () => {
  test('decodes what another implementation encodes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(new Uint8Array(bytes));
    }));
  });

  test('has one spelling: what is accepted is what encoding gives back', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...'AQgw+/_-= \nz09'), { maxLength: 12 }).map((letters) => letters.join('')), (text) => {
      const bytes = decodeBase64(text);
      expect(bytes === undefined ? undefined : Buffer.from(bytes).toString('base64')).toBe(bytes === undefined ? undefined : text);
    }), { numRuns: 5000 });
  });

  test.each(['QQ', 'QQ=', 'QR==', 'QUI', 'QUJ=', 'Q===', '====', 'QQ==QQ==', 'Q-==', 'QQ ==', 'QQ==\n'])('%j is none', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
    expect(decodeBase64('QQ==')).toEqual(Uint8Array.of(0x41));
  });
});
