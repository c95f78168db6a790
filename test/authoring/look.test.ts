import { look, StandingLook } from '../../lib/authoring/look';
import { Manifest } from '../../lib/engines/manifest';

const RENDERED: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'policy' }, immutable: true, data: { policy: '{}' } };
const SEEN = { altered: [], misread: [] };

/** One that has seen that an object is as it was rendered. */
function standing(rendered: Manifest = RENDERED): StandingLook {
  const looks = new StandingLook();
  expect(looks.look(rendered, structuredClone(rendered))).toEqual(SEEN);
  return looks;
}

test.each<[string, object]>([
  ['an altered field', { immutable: false }],
  ['a field more', { binaryData: {} }],
  ['a text that kubectl reads otherwise', { metadata: { name: 'policy', annotations: { team: 'a\u2028b' } } }],
])('%s is seen, though the object was as it had to be before, and no longer when it is gone', (_, change) => {
  const looks = standing();
  const written = { ...structuredClone(RENDERED), ...change };
  const seen = looks.look(RENDERED, written);
  expect(seen).not.toEqual(SEEN);
  expect(seen).toEqual(look(RENDERED, written));
  expect(looks.look(RENDERED, structuredClone(written))).toEqual(seen);
  expect(looks.look(RENDERED, structuredClone(RENDERED))).toEqual(SEEN);
});

test('an object that is changed in place is looked at anew', () => {
  const written = { ...structuredClone(RENDERED), immutable: true };
  const looks = new StandingLook();
  looks.look(RENDERED, written);
  written.immutable = false;
  expect(looks.look(RENDERED, written).altered).toEqual([{ field: 'immutable', rendered: true, written: false }]);
});

test('so is one whose rendering is changed in place', () => {
  const rendered = structuredClone(RENDERED) as { immutable: boolean } & Manifest;
  const looks = standing(rendered);
  rendered.immutable = false;
  expect(looks.look(rendered, RENDERED).altered).toEqual([{ field: 'immutable', rendered: false, written: true }]);
});
