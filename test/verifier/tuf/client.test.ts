import { Json } from '../../../lib/policy/document';
import { startDeadline } from '../../../lib/verifier/deadline';
import { TufClient } from '../../../lib/verifier/tuf/client';
import { TufError } from '../../../lib/verifier/tuf/error';
import { TUF_LIMITS } from '../../../lib/verifier/tuf/limits';
import { Mirror } from '../../../lib/verifier/tuf/mirror';
import { alias, respelt, tufKey, TufRepository } from '../../support/tuf-repository';

jest.setTimeout(60_000);

const HOUR = 60 * 60 * 1000;

let repository: TufRepository;
const clients: TufClient[] = [];

beforeEach(async () => {
  repository = await TufRepository.start('one');
});
afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await repository.close();
});

function clientOf(of = repository): TufClient {
  const client = new TufClient(of.source, new Mirror(of.url, { ca: of.certificate }));
  clients.push(client);
  return client;
}

/** The content, or why there is none. */
async function ask(client: TufClient, milliseconds = 10_000): Promise<string> {
  const deadline = startDeadline(milliseconds);
  try {
    return (await client.refresh(deadline)).bytes.toString();
  } catch (error) {
    if (error instanceof TufError) {
      return error.message;
    }
    throw error;
  } finally {
    deadline.done();
  }
}

describe('what the repository vouches for', () => {
  test('is read, and anew when it changes', async () => {
    const client = clientOf();
    expect(await ask(client)).toBe('one');
    repository.release('two');
    expect(await ask(client)).toBe('two');
  });

  test('is read where files have no version in their names, and below folders', async () => {
    const plain = await TufRepository.start('plain', { consistent: false, target: 'roots/corp/trusted_root.json' });
    try {
      expect(await ask(clientOf(plain))).toBe('plain');
      expect(plain.asked).toContain('targets/roots/corp/trusted_root.json');
    } finally {
      await plain.close();
    }
  });

  test('is not fetched again while it is the same', async () => {
    const client = clientOf();
    await ask(client);
    repository.asked.length = 0;
    repository.release();
    expect(await ask(client)).toBe('one');
    expect(repository.asked.filter((path) => path.startsWith('targets/'))).toEqual([]);
  });

  test('may be used until the first of its roles ends', async () => {
    repository.roles.targets.endsIn = 3 * HOUR;
    repository.release();
    const deadline = startDeadline(10_000);
    const { ends } = await clientOf().refresh(deadline);
    deadline.done();
    expect(Math.abs(ends - Date.now() - 3 * HOUR)).toBeLessThan(10_000);
  });

  test('is believed through every version of the root that lies between, each signed by the one before', async () => {
    const client = clientOf();
    for (let version = 2; version < 5; version += 1) {
      repository.rotate(({ root }) => {
        root.keys = [tufKey(), tufKey(), tufKey()];
      });
    }
    repository.release('two');
    expect(await ask(client)).toBe('two');
    // A client that begins with the first root, too.
    expect(await ask(clientOf())).toBe('two');
  });
});

describe('P07: what is not to be believed', () => {
  /** Each is refused after a first good answer, as is written; afterwards the repository is good again, where it can be. */
  test.each<[string, (of: TufRepository) => void, RegExp, ((of: TufRepository) => void)?]>([
    ['a timestamp from before', (of) => {
      of.roles.timestamp.version = 1;
      of.publish();
    }, /^timestamp: New timestamp version 1 is less than current version 2/],
    ['a snapshot from before', (of) => {
      of.roles.timestamp.version += 1;
      of.roles.snapshot.version = 1;
      of.publish();
    }, /^timestamp: New snapshot version 1 is less than current version 2/],
    ['targets from before', (of) => {
      of.roles.timestamp.version += 1;
      of.roles.snapshot.version += 1;
      of.roles.targets.version = 1;
      of.publish();
    }, /^snapshot: New version 1 of targets.json is less than current version 2/],
    ['targets of another release under the new snapshot', (of) => {
      const targets = of.files.get('2.targets.json')!;
      of.release('two');
      of.files.set('3.targets.json', targets);
    }, /^(targets: .*(hash|length)|3\.targets\.json: .*sent more than)/i],
    ['a snapshot of another release under the new timestamp', (of) => {
      const snapshot = of.files.get('2.snapshot.json')!;
      of.release('two');
      of.files.set('3.snapshot.json', snapshot);
    }, /^(snapshot: .*(hash|length)|3\.snapshot\.json: .*sent more than)/i],
    ['a target with other bytes of the same length', (of) => {
      of.release('two');
      [...of.files].filter(([, bytes]) => bytes.toString() === 'two').forEach(([path]) => of.files.set(path, Buffer.from('owt')));
    }, /^trusted_root\.json: its bytes are not those/],
    ['a target that is not there', (of) => {
      of.release('two');
      [...of.files].filter(([, bytes]) => bytes.toString() === 'two').forEach(([path]) => of.files.delete(path));
    }, /^targets\/.*the mirror has no such file/],
    ['targets without the target', (of) => {
      of.alter.targets = (signed): void => void (signed['targets'] = { '../trusted_root.json': (signed['targets'] as { [name: string]: Json })['trusted_root.json']! });
      of.release('two');
    }, /^targets: there is no target trusted_root\.json/],
    ['a hash that is a path', (of) => {
      of.alter.targets = (signed): void => void (signed['targets'] = { 'trusted_root.json': { length: 3, hashes: { sha256: '../../../etc/passwd' } } });
      of.release('two');
    }, /^targets: trusted_root\.json has no sha256/],
    ['a target larger than is read', (of) => {
      of.alter.targets = (signed): void => void (signed['targets'] = { 'trusted_root.json': { length: TUF_LIMITS.target + 1, hashes: { sha256: 'a'.repeat(64) } } });
      of.release('two');
    }, /has 1048577 bytes; at most 1048576 are read/],
    ['a timestamp signed by somebody else', (of) => {
      of.roles.timestamp.signers = [tufKey()];
      of.release('two');
    }, /^timestamp: timestamp was signed by 0\/1 keys/],
    ['targets with one signature of two', (of) => {
      of.roles.targets.signers = of.roles.targets.keys.slice(0, 1);
      of.release('two');
    }, /^targets: targets was signed by 1\/2 keys/],
    ['targets with the signature of one key twice', (of) => {
      const [key] = of.roles.targets.keys;
      of.roles.targets.signers = [key!, key!];
      of.release('two');
    }, /^targets: multiple signatures found for keyid/],
    ['targets signed by the key of the timestamp', (of) => {
      of.roles.targets.signers = of.roles.timestamp.keys;
      of.release('two');
    }, /^targets: targets was signed by 0\/2 keys/],
    ['a timestamp that is over', (of) => {
      of.roles.timestamp.endsIn = -HOUR;
      of.release('two');
    }, /^timestamp: Final timestamp\.json is expired/],
    ['a snapshot that is over', (of) => {
      of.roles.snapshot.endsIn = -HOUR;
      of.release('two');
    }, /^snapshot: snapshot\.json is expired/],
    ['targets that are over', (of) => {
      of.roles.targets.endsIn = -HOUR;
      of.release('two');
    }, /^targets: targets\.json is expired/],
    ['a timestamp in place of a snapshot', (of) => {
      of.alter.snapshot = (signed): void => void (signed['_type'] = 'timestamp');
      of.release('two');
    }, /^snapshot: expected 'snapshot', got timestamp/],
    ['an endless timestamp', (of) => of.odd.set('timestamp.json', (reply) => {
      reply.writeHead(200);
      const more = (): void => void (reply.destroyed || reply.write(' '.repeat(4_096), more));
      more();
    }), /^timestamp\.json: .*sent more than the 16384 bytes/],
    ['a timestamp that never comes', (of) => of.odd.set('timestamp.json', () => undefined), /^timestamp\.json: .*did not answer in time/],
    ['a redirect', (of) => of.odd.set('timestamp.json', (reply) => reply.writeHead(302, { location: '/tuf/other.json' }).end()), /^timestamp\.json: the mirror answered HTTP 302/],
    ['an error of the mirror', (of) => of.odd.set('timestamp.json', (reply) => reply.writeHead(500).end()), /^timestamp\.json: the mirror answered HTTP 500/],
    ['a mirror that is away', (of) => void (of.down = true), /^2\.root\.json: no whole answer from/, (of) => void (of.down = false)],
  ])('%s is refused; the repository as it should be is believed afterwards', async (_what, attack, told, mend = (of) => {
    of.odd.clear();
    of.alter = {};
    for (const role of Object.values(of.roles)) {
      delete role.signers;
      role.endsIn = 7 * 24 * HOUR;
      role.version = Math.max(3, role.version);
    }
    of.release('good again');
  }) => {
    repository.release('one');
    const client = clientOf();
    expect(await ask(client)).toBe('one');
    attack(repository);
    expect(await ask(client, 1_500)).toMatch(told);
    mend(repository);
    expect(await ask(client)).toMatch(/^(good again|one)$/);
  });
});

describe('P07: roots that are not to be believed', () => {
  const fresh = (): void => {
    const { root } = repository.roles;
    root.keys = [tufKey(), tufKey()];
    root.version = 2;
  };

  test('one that the keys of the old root did not sign; its twin is signed by both', async () => {
    const client = clientOf();
    const old = [...repository.roles.root.keys];
    fresh();
    repository.publish();
    expect(await ask(client)).toMatch(/^root: root was signed by 0\/2 keys/);
    repository.roles.root.keys = old;
    repository.roles.root.version = 1;
    repository.rotate(({ root }) => void (root.keys = [tufKey(), tufKey()]));
    expect(await ask(client)).toBe('one');
  });

  test('one that its own keys did not sign; its twin did', async () => {
    const client = clientOf();
    const old = [...repository.roles.root.keys];
    repository.roles.root.signers = old;
    fresh();
    repository.publish();
    expect(await ask(client)).toMatch(/^root: root was signed by 0\/2 keys/);
    repository.roles.root.signers = [...old, ...repository.roles.root.keys];
    repository.publish();
    expect(await ask(client)).toBe('one');
  });

  test('one with one signature where two are needed; its twin has two', async () => {
    const client = clientOf();
    const [first, second] = repository.roles.root.keys;
    repository.roles.root.version = 2;
    repository.roles.root.signers = [first!];
    repository.publish();
    expect(await ask(client)).toMatch(/^root: root was signed by 1\/2 keys/);
    repository.roles.root.signers = [first!, second!];
    repository.publish();
    expect(await ask(client)).toBe('one');
  });

  test('one that says to be of another version; its twin is the next', async () => {
    const client = clientOf();
    repository.roles.root.version = 3;
    repository.publish();
    repository.files.set('2.root.json', repository.files.get('3.root.json')!);
    repository.files.delete('3.root.json');
    expect(await ask(client)).toMatch(/^root: Expected version 2, got 3/);
    repository.roles.root.version = 2;
    repository.publish();
    expect(await ask(client)).toBe('one');
  });

  test('those behind a missing version, which nothing connects; they are, once it is there', async () => {
    const client = clientOf();
    repository.rotate(({ timestamp }) => void (timestamp.keys = [tufKey()]));
    const between = repository.files.get('2.root.json')!;
    repository.rotate(({ root }) => void (root.keys = [tufKey(), tufKey()]));
    repository.release('two');
    repository.files.delete('2.root.json');
    expect(await ask(client)).toMatch(/^timestamp: timestamp was signed by 0\/1 keys/);
    repository.files.set('2.root.json', between);
    expect(await ask(client)).toBe('two');
  });

  test.each(['hybrid', 'hexadecimal', 'compressed'] as const)('one with a key under two ids, once with a point that is %s', async (form) => {
    const client = clientOf();
    const key = tufKey();
    repository.rotate(({ targets }) => void (targets.keys = [key, respelt(key, form)]));
    repository.release('two');
    expect(await ask(client)).toMatch(/^root: the role targets has one public key under two ids/);
  });

  test('one with a key under two ids for a threshold of two; its twin has two keys', async () => {
    const client = clientOf();
    const key = tufKey();
    repository.rotate(({ targets }) => void (targets.keys = [key, alias(key)]));
    repository.release('two');
    expect(await ask(client)).toMatch(/^root: the role targets has one public key under two ids/);
    repository.roles.root.version = 1;
    repository.rotate(({ targets }) => void (targets.keys = [key, tufKey()]));
    repository.release('two');
    expect(await ask(client)).toBe('two');
  });

  test('the last one when it is over; an older one may be', async () => {
    const ended = await TufRepository.start('one');
    try {
      ended.roles.root.endsIn = -HOUR;
      ended.publish();
      ended.initialRoot = JSON.parse(ended.files.get('1.root.json')!.toString()) as Json;
      expect(await ask(clientOf(ended))).toMatch(/^timestamp: Final root\.json is expired/);
      ended.rotate(({ root }) => void (root.endsIn = HOUR));
      expect(await ask(clientOf(ended))).toBe('one');
    } finally {
      await ended.close();
    }
  });

  test('more new ones than are followed at once', async () => {
    for (let count = 0; count <= TUF_LIMITS.rootVersions; count += 1) {
      repository.rotate(() => undefined);
    }
    const client = clientOf();
    expect(await ask(client)).toMatch(/^root: there are more than 64 newer versions/);
    // What was followed is kept.
    expect(await ask(client)).toBe('one');
  });

  test('an endless one', async () => {
    repository.odd.set('2.root.json', (reply) => {
      reply.writeHead(200);
      const more = (): void => void (reply.destroyed || reply.write(' '.repeat(65_536), more));
      more();
    });
    expect(await ask(clientOf())).toMatch(/^2\.root\.json: .*sent more than the 262144 bytes/);
    repository.odd.clear();
    expect(await ask(clientOf())).toBe('one');
  });

  test('the first one, where its own keys did not sign it', () => {
    const { signed, signatures } = repository.initialRoot as { signed: { [field: string]: Json }; signatures: Json[] };
    const make = (root: Json): TufClient => new TufClient({ ...repository.source, root }, new Mirror(repository.url, {}));
    expect(() => make({ signed: { ...signed, version: 2 }, signatures })).toThrow(/^root: root was signed by 0\/2 keys/);
    expect(() => make({ signed, signatures: signatures.slice(0, 1) })).toThrow(/^root: root was signed by 1\/2 keys/);
    clients.push(make({ signed, signatures }));
  });
});

describe('P07: versions that were run ahead by a stolen key', () => {
  test.each(['timestamp', 'snapshot'] as const)('of the %s keep what is older from being believed, until the root names another key', async (role) => {
    const client = clientOf();
    repository.roles[role].version = Number.MAX_SAFE_INTEGER;
    repository.roles.timestamp.version = role === 'timestamp' ? Number.MAX_SAFE_INTEGER : 2;
    repository.publish();
    expect(await ask(client)).toBe('one');
    repository.roles.timestamp.version = 3;
    repository.roles.snapshot.version = 3;
    repository.roles.targets.version = 3;
    repository.content = 'two';
    repository.publish();
    expect(await ask(client)).toMatch(/^timestamp: New (timestamp|snapshot) version 3 is less than/);
    repository.rotate(({ timestamp, snapshot }) => {
      timestamp.keys = [tufKey()];
      snapshot.keys = [tufKey()];
    });
    repository.publish();
    expect(await ask(client)).toBe('two');
  });
});

describe('what was seen', () => {
  test('counts also where a later step failed', async () => {
    const client = clientOf();
    repository.release('two');
    const older = new Map(repository.files);
    repository.release('three');
    const targets = repository.files.get('3.targets.json')!;
    repository.files.delete('3.targets.json');
    expect(await ask(client)).toMatch(/^3\.targets\.json: the mirror has no such file/);
    const newest = new Map(repository.files);
    older.forEach((bytes, path) => repository.files.set(path, bytes));
    expect(await ask(client)).toMatch(/^timestamp: New timestamp version 2 is less than current version 3/);
    newest.forEach((bytes, path) => repository.files.set(path, bytes));
    repository.files.set('3.targets.json', targets);
    expect(await ask(client)).toBe('three');
  });

  test('is not known to a client that begins anew: it believes what is signed and not over', async () => {
    const older = new Map(repository.files);
    repository.release('two');
    const client = clientOf();
    expect(await ask(client)).toBe('two');
    older.forEach((bytes, path) => repository.files.set(path, bytes));
    expect(await ask(client)).toMatch(/^timestamp: New timestamp version 1 is less than/);
    expect(await ask(clientOf())).toBe('one');
  });
});

describe('metadata that can be read in two ways, though it is signed', () => {
  test.each<[string, (signed: { [field: string]: Json }) => void, RegExp]>([
    ['a version that is a text', (signed) => void (signed['version'] = '2'), /^timestamp: its version is no whole number from 1/],
    ['a version below one', (signed) => void (signed['version'] = 0), /^timestamp: its version is no whole number from 1/],
    ['an end without a time', (signed) => void (signed['expires'] = '2999-01-01'), /^timestamp: its end is not written as/],
    ['an end in another zone', (signed) => void (signed['expires'] = '2999-01-01T00:00:00+14:00'), /^timestamp: its end is not written as/],
    ['an end that no calendar has', (signed) => void (signed['expires'] = '2999-13-01T00:00:00Z'), /^timestamp: its end is not written as/],
  ])('%s', async (_what, alter, told) => {
    repository.alter.timestamp = alter;
    repository.publish();
    expect(await ask(clientOf())).toMatch(told);
    repository.alter = {};
    repository.publish();
    expect(await ask(clientOf())).toBe('one');
  });

  test('a name twice', async () => {
    const text = repository.files.get('timestamp.json')!.toString();
    repository.files.set('timestamp.json', Buffer.from(text.replace('{"signatures"', '{"signed":{},"signatures"')));
    expect(await ask(clientOf())).toMatch(/^timestamp: cannot be read in exactly one way/);
    repository.files.set('timestamp.json', Buffer.from(text));
    expect(await ask(clientOf())).toBe('one');
  });

  test.each<[string, Json, RegExp]>([
    ['none', 0, /threshold of the role targets is no number/], ['more than there are keys', 3, /threshold of the role targets is no number/],
  ])('a threshold of %s', async (_what, threshold, told) => {
    const client = clientOf();
    repository.alter.root = (signed): void => {
      (signed['roles'] as { [role: string]: { [field: string]: Json } })['targets']!['threshold'] = threshold;
    };
    repository.rotate(() => undefined);
    expect(await ask(client)).toMatch(told);
    repository.alter = {};
    repository.roles.root.version = 1;
    repository.rotate(() => undefined);
    expect(await ask(client)).toBe('one');
  });
});
