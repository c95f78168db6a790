import { parseReference } from '../../../lib/kubernetes/reference';
import { onBehalfOf, startDeadline } from '../../../lib/verifier/deadline';
import { BYTES_LIMITS, GateLimits } from '../../../lib/verifier/gate';
import { REGISTRY_LIMITS } from '../../../lib/verifier/registry/limits';
import { faults } from '../../support/registry';
import { Reading } from '../../support/registry/reading';

const APP = 'acme/app';
const SIZE = 1_000;
let reading: Reading;
let images: string[];

/** Two images with a bundle of 1,000 bytes each. */
async function start(memory: GateLimits): Promise<void> {
  await reading?.close();
  reading = await Reading.start({ memory });
  images = ['one', 'two'].map((name) => {
    const image = reading.registry.pushImage(APP, name, name);
    reading.registry.attach(APP, image, Buffer.alloc(SIZE, name));
    return image;
  });
}

afterEach(() => reading.close());

function hold(): { readonly held: Promise<void>; readonly release: () => void; readonly done: Promise<void> } {
  let [begin, release] = [(): void => undefined, (): void => undefined];
  const held = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const end = new Promise<void>((resolve) => {
    release = resolve;
  });
  const done = reading.using(APP, images[0] ?? '', () => {
    begin();
    return end;
  });
  return { held, done, release: () => release() };
}

async function whileHeld<T>(work: () => Promise<T>): Promise<T> {
  const { held, release, done } = hold();
  await held;
  try {
    return await work();
  } finally {
    release();
    await done;
  }
}

const read = (): Promise<number> => reading.using(APP, images[1] ?? '', ({ bundles }) => Promise.resolve(bundles.length));

test('bundles count until they have been used: one byte less than both may have, and the second waits for the first', async () => {
  await start({ capacity: 3 * SIZE, waiting: 1 });
  await expect(whileHeld(read)).resolves.toBe(1);
  await start({ capacity: 3 * SIZE - 1, waiting: 1 });
  const { held, release, done } = hold();
  await held;
  let ended = false;
  const second = read().finally(() => {
    ended = true;
  });
  while (!reading.registry.asked.some((line) => line.includes(`referrers/${images[1] ?? ''}`))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(ended).toBe(false);
  release();
  await done;
  await expect(second).resolves.toBe(1);
});

test('namespaces take turns: one whose evidence is large, and much, waits behind itself', async () => {
  await start({ capacity: 3 * SIZE - 1, waiting: 64 });
  const more = Array.from({ length: 5 }, (_, index) => {
    const image = reading.registry.pushImage(APP, `more-${index}`);
    reading.registry.attach(APP, image, Buffer.alloc(SIZE, `more-${index}`));
    return image;
  });
  const [quiets = '', ...busys] = more;
  const deadline = startDeadline(60_000);
  const { held, release, done } = hold();
  await held;
  const order: string[] = [];
  const ends: Array<Promise<unknown>> = [];
  for (const [namespace, image] of [...busys.map((busy) => ['busy', busy] as const), ['quiet', quiets] as const]) {
    const reference = parseReference(`${reading.registry.host}/${APP}@${image}`);
    ends.push(reading.client.bundles(reference, image, onBehalfOf(namespace, deadline), () => Promise.resolve(order.push(namespace))));
    while (!reading.registry.asked.some((line) => line.includes(`referrers/${image}`))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  release();
  await Promise.all([done, ...ends]);
  deadline.done();
  expect(order).toEqual(['busy', 'quiet', 'busy', 'busy', 'busy']);
});

test('an image without evidence needs no room and waits for none', async () => {
  await start({ capacity: 3 * SIZE - 1, waiting: 0 });
  const bare = reading.registry.pushImage(APP, 'bare');
  await expect(whileHeld(() => reading.using(APP, bare, ({ bundles }) => Promise.resolve(bundles.length)))).resolves.toBe(0);
  reading.registry.attach(APP, bare, Buffer.alloc(SIZE, 'bare'));
  await expect(whileHeld(() => reading.using(APP, bare, ({ bundles }) => Promise.resolve(bundles.length)))).rejects.toMatchObject({ code: 'OVERLOADED' });
});

test('where nobody may wait, it is OVERLOADED at once', async () => {
  await start({ capacity: 3 * SIZE, waiting: 0 });
  await expect(whileHeld(read)).resolves.toBe(1);
  await start({ capacity: 3 * SIZE - 1, waiting: 0 });
  await expect(whileHeld(read)).rejects.toMatchObject({ code: 'OVERLOADED' });
});

test('an answer larger than 64 KiB takes room as well; a smaller one needs none', async () => {
  await start({ capacity: SIZE, waiting: 0 });
  const resolved = (size: number): Promise<unknown> => {
    reading.registry.fault(/manifests\/two/, faults.bytes(`{"layers":[]}${' '.repeat(size - 13)}`), 1);
    return whileHeld(() => reading.resolve(`${APP}:two`));
  };
  await expect(resolved(64 * 1024)).resolves.toMatch(/^sha256:/);
  await expect(resolved(64 * 1024 + 70_000)).rejects.toMatchObject({ code: 'OVERLOADED' });
});

test('what goes wrong gives its room back', async () => {
  await start({ capacity: SIZE, waiting: 0 });
  await expect(reading.using(APP, images[0] ?? '', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(read()).resolves.toBe(1);
});

test('the largest evidence of one image is a fraction of what there is for all', () => {
  expect(REGISTRY_LIMITS.bundles * 4).toBeLessThanOrEqual(BYTES_LIMITS.capacity);
  expect(REGISTRY_LIMITS.listing * 4).toBeLessThanOrEqual(BYTES_LIMITS.capacity);
});
