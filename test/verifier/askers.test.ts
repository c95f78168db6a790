import { Askers } from '../../lib/verifier/askers';

let told: string[];
const watcher = { came: (name: string): unknown => told.push(`+${name}`), went: (name: string): unknown => told.push(`-${name}`) };

beforeEach(() => (told = []));

test('who stands in line hears who asks, who comes and who goes, until the turn has come', () => {
  const askers = Askers.only('a');
  const end = askers.stand(watcher);
  const leave = askers.follow(Askers.only('b'));
  leave();
  askers.follow(Askers.only('c'));
  end();
  askers.follow(Askers.only('d'));
  expect(told).toEqual(['+a', '+b', '-b', '+c']);
});

test('one who asks twice is there until both have gone', () => {
  const askers = new Askers();
  askers.stand(watcher);
  const leaves = [askers.follow(Askers.only('a')), askers.follow(Askers.only('a'))];
  leaves[0]?.();
  expect(told).toEqual(['+a']);
  expect(askers.areNone).toBe(false);
  leaves[0]?.();
  expect(told).toEqual(['+a']);
  leaves[1]?.();
  expect(told).toEqual(['+a', '-a']);
  expect(askers.areNone).toBe(true);
});

test('who comes to the others later comes here too, and goes with them', () => {
  const [inner, outer] = [new Askers(), new Askers()];
  inner.stand(watcher);
  const leave = inner.follow(outer);
  const gone = outer.follow(Askers.only('a'));
  outer.follow(Askers.only('b'));
  gone();
  leave();
  outer.follow(Askers.only('c'));
  expect(told).toEqual(['+a', '+b', '-a', '-b']);
});

test('work stands in line as long as a part of it does; who follows does not', () => {
  const askers = new Askers();
  new Askers().follow(askers);
  expect(askers.standInLine).toBe(false);
  const ends = [askers.stand(watcher), askers.stand({ ...watcher })];
  ends[0]?.();
  ends[0]?.();
  expect(askers.standInLine).toBe(true);
  ends[1]?.();
  expect(askers.standInLine).toBe(false);
});
