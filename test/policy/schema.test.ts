import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { validateDocument } from '../../lib/policy/validate';
import { exemption, fullPolicy, put, smallPolicy, without } from './documents';

const schema = JSON.parse(readFileSync('schema/policy.json', 'utf8')) as object;

const satisfiesSchema = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

/** The words with which the validator reports what a schema can see as well. */
const SHAPE = new RegExp([
  ': write (?:a text|a list|an object|a whole number from 1|"|1 or 2)', 'is missing: add it$', 'is not known here',
  'is empty, which (?:says nothing|would select)', 'exactly one of them$',
].join('|'));

/** Every place in a document, outermost first. */
function placesOf(value: unknown, place = ''): string[] {
  const steps = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [...(place === '' ? [] : [place]), ...steps.flatMap(([step, inner]) => placesOf(inner, place === '' ? step : `${place}.${step}`))];
}

const REPLACEMENTS = [null, true, 0, 1, 2.5, '', 'x', 'undefined', [], ['x'], [null], {}, { x: 1 }, { type: 'x' }, { except: [] }];

const mutations = [smallPolicy, fullPolicy, exemption].flatMap((document) => placesOf(document)
  // A label may have any key; a dot in one is no step.
  .filter((place) => !place.includes('kubernetes.io'))
  .flatMap((place): [string, object][] => [
    ...REPLACEMENTS.map((value): [string, object] => [`${document.metadata.name}: ${place} = ${JSON.stringify(value)}`, put(document, place, value)]),
    ...(/\.\d+$/.test(place) ? [] : [[`${document.metadata.name}: without ${place}`, without(document, place)] as [string, object]]),
    [`${document.metadata.name}: beside ${place}`, put(document, place.replace(/[^.]+$/, 'extra'), 'x')],
  ]));

test('the written schema is what the types say', () => {
  execFileSync(process.execPath, ['scripts/schema.mjs', '--check'], { stdio: 'pipe' });
}, 60_000);

test('the schema takes the sound documents', () => {
  expect([smallPolicy, fullPolicy, exemption].map((document) => satisfiesSchema(document))).toEqual([true, true, true]);
});

test('on mutated documents, what the schema refuses the validator refuses', () => {
  const refused = mutations.filter(([, document]) => !satisfiesSchema(document));
  expect(refused.length).toBeGreaterThan(1000);
  expect(refused.filter(([, document]) => validateDocument(document).length === 0).map(([name]) => name)).toEqual([]);
});

test('on mutated documents, what the validator refuses for its shape the schema refuses', () => {
  const misshapen = mutations.filter(([, document]) => validateDocument(document).some((problem) => SHAPE.test(problem.message)));
  expect(misshapen.length).toBeGreaterThan(1000);
  expect(misshapen.filter(([, document]) => satisfiesSchema(document)).map(([name]) => name)).toEqual([]);
});
