import { parseReference } from '../../../lib/kubernetes/reference';
import { onBehalfOf, startDeadline } from '../../../lib/verifier/deadline';
import { placesOf } from '../../../lib/verifier/judge/places';
import { Registry } from '../../../lib/verifier/ports';

test('a mirror and the registry are asked for the same namespace', async () => {
  const references = ['mirror.test/app', 'registry.test/app'].map((name) => parseReference(name));
  const registry = { places: () => references } as Partial<Registry> as Registry;
  const deadline = startDeadline(60_000);
  const asked = onBehalfOf('shop', deadline);
  const places = placesOf(registry, references[1] ?? parseReference('none.test/app'), asked);
  await expect(Promise.all(places.map((place) => place.ask((at, time) => Promise.resolve([at.registry, time.askers === asked.askers]))))).resolves.toEqual([['mirror.test', true], ['registry.test', true]]);
  deadline.done();
});
