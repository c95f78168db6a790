import { Json } from '../../lib/policy/document';
import { checksOf, judgeAttestations } from './attestation';
import { outcome } from './world';

const SPDX = 'https://spdx.dev/Document';
const CYCLONE_DX = 'https://cyclonedx.org/bom';

const judged = (predicateType: string, predicate: Json | undefined) => judgeAttestations(
  { predicateType, checks: { type: 'sbom' } }, [{ ...(predicate === undefined ? {} : { predicate }) }],
);

const SPDX_JSON = { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', packages: [] };
const CYCLONE_JSON = { bomFormat: 'CycloneDX', specVersion: '1.6', components: [] };
const TAG_VALUE = '# made by a tool\n\nSPDXVersion: SPDX-2.2\r\nDataLicense: CC0-1.0\n';

test.each<[string, string, Json]>([
  ['SPDX in JSON', SPDX, SPDX_JSON],
  ['SPDX under the type with a version', `${SPDX}/v2.3`, SPDX_JSON],
  ['the text that cosign makes of SPDX in JSON', SPDX, JSON.stringify(SPDX_JSON, null, 2)],
  ['the text that cosign makes of SPDX in tag-value form', SPDX, TAG_VALUE],
  ['CycloneDX', CYCLONE_DX, CYCLONE_JSON],
])('%s is a bill of materials, and the proof says that its form was looked at', (_, predicateType, predicate) => {
  expect(checksOf(judged(predicateType, predicate))).toEqual(['sbom:format']);
});

test.each<[string, string, Json | undefined]>([
  ['nothing', SPDX, undefined], ['null', SPDX, null], ['an empty object', SPDX, {}], ['a list of documents', SPDX, [SPDX_JSON]],
  ['another version of SPDX', SPDX, { ...SPDX_JSON, spdxVersion: 'SPDX-3.0' }], ['a version that goes on', SPDX, { ...SPDX_JSON, spdxVersion: 'SPDX-2.3\n' }],
  ['a version that is a list', SPDX, { ...SPDX_JSON, spdxVersion: ['SPDX-2.3'] }], ['CycloneDX under the type of SPDX', SPDX, CYCLONE_JSON],
  ['a text that only mentions SPDX', SPDX, 'This is no SPDXVersion: SPDX-2.3'], ['a text that ends too early', SPDX, '{"spdxVersion":"SPDX-2.3"'],
  ['a text in JSON without version', SPDX, '{"SPDXID":"SPDXRef-DOCUMENT"}'], ['a text of comments', SPDX, '# SPDXVersion: SPDX-2.3'],
  ['a text in JSON of 3 MiB', SPDX, `{"spdxVersion":"SPDX-2.3","comment":"${'x'.repeat(3 * 1024 * 1024)}"}`],
  ['a text of a million brackets', SPDX, '{"a":'.repeat(1_000_000)],
  ['SPDX under the type of CycloneDX', CYCLONE_DX, SPDX_JSON], ['CycloneDX as text', CYCLONE_DX, JSON.stringify(CYCLONE_JSON)],
  ['CycloneDX without specVersion', CYCLONE_DX, { bomFormat: 'CycloneDX' }], ['another bomFormat', CYCLONE_DX, { ...CYCLONE_JSON, bomFormat: 'cyclonedx' }],
  ['a specVersion that is a number', CYCLONE_DX, { ...CYCLONE_JSON, specVersion: 1.6 }],
])('%s is no bill of materials', (_, predicateType, predicate) => {
  expect(outcome(judged(predicateType, predicate))).toEqual(['WRONG_FORMAT']);
});

test('the names of a prototype are no fields', () => {
  const inherited = Object.create(SPDX_JSON) as Json;
  expect(outcome(judged(SPDX, inherited))).toEqual(['WRONG_FORMAT']);
  expect(outcome(judged(SPDX, { ...SPDX_JSON }))).toBe('allowed');
});
