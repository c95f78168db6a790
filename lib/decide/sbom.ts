import { Json } from '../policy/document';
import { CYCLONE_DX_TYPE } from '../policy/predicate-types';
import { Check } from './check';
import { CHECKS } from './check-names';
import { Examined } from './examined';
import { Fields, fields, own, text } from './json-fields';
import { predicateCheck } from './predicate-check';

/** Characters of a bill of materials that is a JSON text inside the predicate; parsing a longer one would hold up others. */
const LONGEST_TEXT = 2 * 1024 * 1024;

/** The predicate is a bill of materials in the format that its predicate type promises; what it lists is not looked at. */
export const sbomChecks: readonly Check<Examined>[] = [
  predicateCheck('WRONG_FORMAT', CHECKS.sbomFormat, ({ statement: { predicateType, predicate } }) => (
    predicateType === CYCLONE_DX_TYPE ? cycloneShortfall(fields(predicate)) : spdxShortfall(predicate))),
];

/** CycloneDX 1.x in JSON: `bomFormat` and `specVersion`. */
function cycloneShortfall(bom: Fields | undefined): string | undefined {
  return own(bom, 'bomFormat') === 'CycloneDX' && /^1\.[0-9]+$/.test(text(own(bom, 'specVersion')) ?? '')
    ? undefined
    : 'expected a CycloneDX document with bomFormat and specVersion 1.x, found another form';
}

/** SPDX 2.x: an object, or the text that cosign makes of a file with `--type spdx`, in JSON or tag-value form. */
function spdxShortfall(predicate: Json | undefined): string | undefined {
  const document = typeof predicate === 'string' && predicate.trimStart().startsWith('{') ? parsed(predicate) : predicate;
  const version = typeof document === 'string' ? tagVersion(document) : text(own(fields(document), 'spdxVersion'));
  return /^SPDX-2\.[0-9]+$/.test(version ?? '')
    ? undefined
    : 'expected an SPDX document with spdxVersion SPDX-2.x, found another form';
}

function parsed(json: string): Json | undefined {
  try {
    return json.length <= LONGEST_TEXT ? JSON.parse(json) as Json : undefined;
  } catch {
    return undefined;
  }
}

/** The first tag of a tag-value document, which is its version; lines before it are comments. */
function tagVersion(document: string): string | undefined {
  const first = document.slice(0, 4096).split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#'));
  return first?.startsWith('SPDXVersion:') === true ? first.slice('SPDXVersion:'.length).trim() : undefined;
}
