/** One DER value: tag, minimal length, content. For building certificates and timestamps no library would make. */
export function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(body.length)]), body]);
}

export function sequence(...content: Uint8Array[]): Buffer {
  return der(0x30, ...content);
}

/** SET OF: elements in the order of their encodings (X.690, section 11.6). */
export function setOf(...content: Buffer[]): Buffer {
  return der(0x31, ...[...content].sort((a, b) => Buffer.compare(a, b)));
}

/** Constructed, context-specific. */
export function context(number: number, ...content: Uint8Array[]): Buffer {
  return der(0xa0 | number, ...content);
}

export function integer(value: number | Uint8Array): Buffer {
  const bytes = typeof value === 'number' ? Buffer.from([value]) : Buffer.from(value);
  const isNegative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return der(0x02, isNegative ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function bool(value: boolean): Buffer {
  return der(0x01, Buffer.from([value ? 0xff : 0]));
}

export function octetString(bytes: Uint8Array): Buffer {
  return der(0x04, bytes);
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return der(0x03, Buffer.from([unusedBits]), bytes);
}

export function utf8String(text: string): Buffer {
  return der(0x0c, Buffer.from(text, 'utf8'));
}

/** Dotted decimal to OBJECT IDENTIFIER. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** GeneralizedTime in whole seconds, which RFC 3161 wants and RFC 5280 allows from 2050 on. */
export function generalizedTime(date: Date): Buffer {
  return der(0x18, Buffer.from(`${digits(date)}Z`, 'ascii'));
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, section 4.1.2.5). */
export function time(date: Date): Buffer {
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(`${digits(date).slice(2)}Z`, 'ascii')) : generalizedTime(date);
}

/** A Name of one organization and one common name. */
export function distinguishedName(organization: string, commonName: string): Buffer {
  const attribute = (type: string, value: string): Buffer => setOf(sequence(oid(type), utf8String(value)));
  return sequence(attribute('2.5.4.10', organization), attribute('2.5.4.3', commonName));
}

function digits(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-:T]/g, '');
}

function base128(value: number): number[] {
  const octets = [value % 128];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    octets.unshift(0x80 | left % 128);
  }
  return octets;
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) {
    return [length];
  }
  const octets: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) {
    octets.unshift(left % 256);
  }
  return [0x80 | octets.length, ...octets];
}
