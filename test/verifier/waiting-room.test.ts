import { Waiting, WaitingRoom } from '../../lib/verifier/waiting-room';

const PLACES = 16;
let room: WaitingRoom;
let ends: Array<() => void>;

beforeEach(() => {
  room = new WaitingRoom(PLACES);
  ends = [];
});

let count = 0;

/** A review, of a namespace that no other is of unless it is given. */
function someone(namespace = `n${count += 1}`): Waiting {
  return { review: {}, namespace };
}

/** Begins questions that wait until they are ended. @returns how many found a place */
async function ask(registry: string, image: string, times: number, namespace?: string): Promise<number> {
  let taken = 0;
  for (let asked = 0; asked < times; asked += 1) {
    const waiting = room.wait(someone(namespace), registry, image, () => new Promise<void>((resolve) => {
      taken += 1;
      ends.push(resolve);
    }));
    waiting.catch(() => undefined);
  }
  await new Promise((resolve) => setImmediate(resolve));
  return taken;
}

test('one image of one registry takes a quarter of the places; another of the same registry still finds one, and so does another registry', async () => {
  expect(await ask('slow.test', 'a', PLACES)).toBe(PLACES / 4);
  expect(await ask('slow.test', 'b', 1)).toBe(1);
  expect(await ask('other.test', 'a', 1)).toBe(1);
});

test('one registry takes half of the places with all of its images; another still finds some', async () => {
  let taken = 0;
  for (let index = 0; index < PLACES; index += 1) {
    taken += await ask('slow.test', String(index), 1);
  }
  expect(taken).toBe(PLACES / 2);
  expect(await ask('other.test', 'a', PLACES)).toBe(PLACES / 4);
});

test('however many registries there are, no more than all places are taken', async () => {
  let taken = 0;
  for (let index = 0; index < 2 * PLACES; index += 1) {
    taken += await ask(`${index}.test`, 'a', 1);
  }
  expect(taken).toBe(PLACES);
});

test.each([
  ['for the image', 'a', /^4 requests wait for answers of slow\.test about this image already, and 4 for answers of slow\.test$/, ['a']],
  ['for the registry', 'e', /^8 requests wait for answers of slow\.test already, and 8 in all$/, ['a', 'b', 'c', 'd']],
])('what finds no place %s is refused at once with OVERLOADED', async (_what, image, told, full) => {
  for (const each of full) {
    await ask('slow.test', each, PLACES);
  }
  await expect(room.wait(someone(), 'slow.test', image, () => Promise.resolve('allowed'))).rejects.toMatchObject({ code: 'OVERLOADED', message: expect.stringMatching(told) as string });
});

test('who has an answer, or has failed, gives the place back', async () => {
  for (let round = 0; round < 3; round += 1) {
    expect(await ask('slow.test', 'a', PLACES)).toBe(PLACES / 4);
    ends.splice(0).forEach((end) => end());
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (let index = 0; index < 2 * PLACES; index += 1) {
    await expect(room.wait(someone(), 'slow.test', 'a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  }
  expect(await ask('slow.test', 'a', PLACES)).toBe(PLACES / 4);
});

test('who has an answer gives the place back to those who want the same image, beside others of its registry', async () => {
  void room.wait(someone(), 'slow.test', 'other', () => new Promise<void>(() => undefined));
  for (let round = 0; round < 3; round += 1) {
    expect(await ask('slow.test', 'a', PLACES)).toBe(PLACES / 4);
    ends.splice(0).forEach((end) => end());
    await new Promise((resolve) => setImmediate(resolve));
  }
});

test('a place that is given back is a place for others', async () => {
  await ask('slow.test', 'a', PLACES);
  ends.splice(0, 1).forEach((end) => end());
  await new Promise((resolve) => setImmediate(resolve));
  expect(await ask('slow.test', 'a', PLACES)).toBe(1);
});

test('a review takes one place at a registry, however many of its images it waits for, and keeps it until the last is answered', async () => {
  const asks = (review: Waiting, images: number): Promise<PromiseSettledResult<string>[]> => Promise.allSettled(Array.from({ length: images }, (_, index) =>
    room.wait(review, 'slow.test', `${ends.length}-${index}`, () => new Promise<string>((resolve) => ends.push(() => resolve('answered'))))));
  const reviews = Array.from({ length: PLACES / 2 }, () => asks(someone(), 20));
  expect(ends).toHaveLength(PLACES / 2 * 20);
  await expect(room.wait(someone(), 'slow.test', 'one more', () => Promise.resolve('answered'))).rejects.toMatchObject({ code: 'OVERLOADED' });
  ends.splice(0, 19).forEach((end) => end());
  await new Promise((resolve) => setImmediate(resolve));
  await expect(room.wait(someone(), 'slow.test', 'one more', () => Promise.resolve('answered'))).rejects.toMatchObject({ code: 'OVERLOADED' });
  ends.splice(0, 1).forEach((end) => end());
  await new Promise((resolve) => setImmediate(resolve));
  await expect(room.wait(someone(), 'slow.test', 'one more', () => Promise.resolve('answered'))).resolves.toBe('answered');
  ends.forEach((end) => end());
  expect((await Promise.all(reviews)).flat().map(({ status }) => status)).toEqual(Array.from({ length: PLACES / 2 * 20 }, () => 'fulfilled'));
});

test('many spellings of one image in one review take one of its places', async () => {
  const review = someone();
  const spellings = Array.from({ length: 100 }, () => room.wait(review, 'slow.test', 'app', () => new Promise<string>((resolve) => ends.push(() => resolve('answered')))));
  expect(await ask('slow.test', 'app', PLACES)).toBe(PLACES / 4 - 1);
  ends.splice(0, 99).forEach((end) => end());
  await new Promise((resolve) => setImmediate(resolve));
  expect(await ask('slow.test', 'app', 1)).toBe(0);
  ends.splice(0, 1).forEach((end) => end());
  await new Promise((resolve) => setImmediate(resolve));
  expect(await ask('slow.test', 'app', PLACES)).toBe(1);
  await expect(Promise.all(spellings)).resolves.toHaveLength(100);
});

describe('namespaces', () => {
  /** Of all places. */
  const FULL = 1_536;
  /** One more, and fewer than 24 wait. */
  const OTHERS = 22;

  beforeEach(() => (room = new WaitingRoom()));

  /** Namespaces that take all that each of them gets, one after another. @param where - registry and image of each of their reviews */
  async function flood(namespaces: number, where: (index: number) => readonly [registry: string, image: string]): Promise<number> {
    let taken = 0;
    for (let each = 0; each < namespaces; each += 1) {
      for (let index = 0; index < FULL / 2; index += 1) {
        taken += await ask(...where(index), 1, `busy-${each}`);
      }
    }
    return taken;
  }

  const SPREADS: ReadonlyArray<[string, number, (index: number) => readonly [registry: string, image: string]]> = [
    ['one image', FULL / 16, () => ['slow.test', 'a']],
    ['images of one registry', FULL / 8, (index) => ['slow.test', `a${index}`]],
    ['images of any registry', FULL / 4, (index) => [`${index}.test`, 'a']],
  ];

  test.each(SPREADS)('one that wants %s has the quarter of its places, %s', async (_what, most, where) => {
    expect(await flood(1, where)).toBe(most);
  });

  test.each(SPREADS)('where 22 have all that they get of %s, another finds four places for the same', async (_what, _most, where) => {
    await flood(OTHERS, where);
    expect(await ask(...where(0), 4, 'quiet')).toBe(4);
  });

  test('one with many waiting is refused with the reason; one that asks for the first time is not', async () => {
    await flood(1, () => ['slow.test', 'a']);
    await expect(room.wait(someone('busy-0'), 'slow.test', 'a', () => Promise.resolve('allowed'))).rejects.toMatchObject({
      code: 'OVERLOADED', message: '96 of the 96 requests that wait for answers of slow.test about this image already are of this namespace, which leaves the other places to others',
    });
    await expect(room.wait(someone('quiet'), 'slow.test', 'a', () => Promise.resolve('allowed'))).resolves.toBe('allowed');
  });

  test('what is answered is a place for the same namespace again, beside others that wait', async () => {
    void room.wait(someone(), 'slow.test', 'a', () => new Promise<void>(() => undefined));
    for (let round = 0; round < 3; round += 1) {
      expect(await ask('slow.test', 'a', FULL, 'busy')).toBe(FULL / 16);
      ends.splice(0).forEach((end) => end());
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  test('a review that has a place needs no other one where its namespace has all that it gets', async () => {
    const review = someone('busy');
    void room.wait(review, 'slow.test', 'a', () => new Promise<void>(() => undefined));
    expect(await ask('slow.test', 'a', FULL, 'busy')).toBe(FULL / 16 - 1);
    await expect(room.wait(review, 'slow.test', 'a', () => Promise.resolve('allowed'))).resolves.toBe('allowed');
  });
});

test('a review that waits at many registries takes one of all places', async () => {
  const review = someone();
  for (const registry of ['a.test', 'b.test', 'c.test', 'd.test']) {
    void room.wait(review, registry, 'app', () => new Promise<void>((resolve) => ends.push(resolve)));
  }
  let taken = 0;
  for (let index = 0; index < 2 * PLACES; index += 1) {
    taken += await ask(`${index}.test`, 'a', 1);
  }
  expect(taken).toBe(PLACES - 1);
  ends.forEach((end) => end());
});
