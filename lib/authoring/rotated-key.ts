import { RotatedKey as RotatedKeyDocument } from '../policy/document';
import { defined } from './defined';
import { refuseInput } from './input';
import { inDocument, optional, Properties, text } from './properties';
import { pem, readPem } from './pem';

/**
 * One of the keys of a party, and when it may sign: exactly one of `publicKey` and `file`.
 *
 * With a period, a signature by this key counts only when every trusted time of it lies within; one without trusted time does not count.
 *
 * @example
 *
 * const next: RotatedKey = { file: 'keys/release-2027.pub', validFrom: '2026-12-01' };
 */
export interface RotatedKey {
  /**
   * PEM, as in `KeyAttestorProps`.
   *
   * @default - `file` names it
   */
  readonly publicKey?: string;

  /**
   * Path of the PEM file, read when the construct is made.
   *
   * @default - `publicKey` holds it
   */
  readonly file?: string;

  /**
   * From when on it may sign: `YYYY-MM-DD` (start of that day in UTC) or an RFC 3339 date-time with offset.
   *
   * @default - since ever
   */
  readonly validFrom?: string;

  /**
   * From when on it may sign no more.
   *
   * @default - for ever
   */
  readonly validUntil?: string;
}

export const ROTATED_KEY: Properties<RotatedKey> = {
  publicKey: optional(pem('`file`')), file: optional(text), validFrom: optional(inDocument), validUntil: optional(inDocument),
};

/** The document's form. */
export function rotatedKeyDocument(path: string, { publicKey, file, validFrom, validUntil }: RotatedKey, index: number): RotatedKeyDocument {
  if ((publicKey === undefined) === (file === undefined)) {
    refuseInput(path, `keys[${index}] is made of exactly one of \`publicKey\` and \`file\``, 'Pass the PEM, or name its file.');
  }
  const validFor = validFrom === undefined && validUntil === undefined ? undefined : defined({ from: validFrom, until: validUntil });
  return defined<RotatedKeyDocument>({ publicKey: publicKey ?? readPem(path, file ?? '', 'public key'), validFor });
}
