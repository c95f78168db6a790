import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostSettings } from '../../../lib/verifier/registry';
import { DockerConfigFile } from '../../../lib/verifier/registry/credentials/docker-config-file';
import { RegistryLimits } from '../../../lib/verifier/registry/limits';
import { CredentialSource, fixedCredentials } from '../../../lib/verifier/registry/credentials/source';
import { speaksFor } from '../../../lib/verifier/registry/realm';
import { basicAuth, BearerAuth, faults, TestRegistry } from '../../support/registry';
import { BearerOptions } from '../../support/registry/auth';
import { Reading } from '../../support/registry/reading';
import { containing, matching } from '../../support/texts';

const APP = 'acme/app';
const USER = { username: 'reader', password: 'p:ä$$' };
const SECRETS = new RegExp(['p:ä', 'refresh-me', Buffer.from('reader:').toString('base64').slice(0, 8)].join('|'));
const open: Array<{ close(): Promise<void> }> = [];

const folder = mkdtempSync(join(tmpdir(), 'registry-authentication-'));

afterAll(() => rmSync(folder, { recursive: true }));

function dockerFile(auths: { readonly [key: string]: { readonly username: string; readonly password: string } }): string {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ auths }));
  return file;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function serve(auth: BearerAuth | ReturnType<typeof basicAuth>, settings: Partial<HostSettings> = {}): Promise<Reading> {
  const reading = await Reading.start({ auth, config: ({ host }) => new Map([[host, { plainHttp: true, ...settings }]]) });
  open.push(reading);
  reading.registry.pushImage(APP, 'app', 'v1');
  reading.registry.pushImage('acme/other', 'app', 'v1');
  return reading;
}

async function otherServer(auth?: BearerAuth): Promise<TestRegistry> {
  const server = await TestRegistry.start(auth === undefined ? {} : { auth });
  open.push(server);
  return server;
}

describe('Basic', () => {
  test('user name and password are sent where they are asked for, and only then', async () => {
    const reading = await serve(basicAuth(USER.username, USER.password), { credentials: fixedCredentials({ type: 'password', ...USER }) });
    await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
    expect(reading.registry.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([false, true]);
    await reading.resolve(`${APP}:v1`);
    expect(reading.registry.requests).toHaveLength(3);
  });

  test('a password that is wrong, or missing, is REGISTRY_UNAVAILABLE, told without it, and not tried for ever', async () => {
    const wrong = await serve(basicAuth(USER.username, 'other'), { credentials: fixedCredentials({ type: 'password', ...USER }) });
    const failure: unknown = await wrong.resolve(`${APP}:v1`).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('credentials do not allow reading') });
    expect(String(failure)).not.toMatch(SECRETS);
    expect(wrong.registry.requests).toHaveLength(2);
    const missing = await serve(basicAuth(USER.username, USER.password));
    await expect(missing.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('has none for it') });
  });

  test('a host that asks for nothing is told nothing', async () => {
    const reading = await Reading.start({ config: ({ host }) => new Map([[host, { plainHttp: true, credentials: fixedCredentials({ type: 'password', ...USER }) }]]) });
    open.push(reading);
    reading.registry.pushImage(APP, 'app', 'v1');
    await reading.resolve(`${APP}:v1`);
    expect(reading.registry.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('several challenges', () => {
  const both = (challenge: (bearer: string) => string): BearerAuth & { challenge: BearerAuth['challenge'] } => {
    const auth = new BearerAuth();
    const bearer = auth.challenge.bind(auth);
    return Object.assign(auth, { challenge: (...request: Parameters<BearerAuth['challenge']>) => {
      const text = bearer(...request);
      return text === undefined ? undefined : challenge(text);
    } });
  };

  test.each<[string, (bearer: string) => string]>([
    ['one that is not known before', (bearer) => `Negotiate, ${bearer}`],
    ['one with a token before', (bearer) => `Negotiate YWJjZA==, ${bearer}`],
    ['a password that nobody has before', (bearer) => `Basic realm="x", ${bearer}`],
    ['a password that nobody has after', (bearer) => `${bearer}, Basic realm="x"`],
    ['parameters without quotes', (bearer) => `Digest realm=x,nonce=y, ${bearer}`],
  ])('%s: the first that can be met is taken', async (_what, challenge) => {
    const reading = await serve(both(challenge));
    await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
  });

  test('with a password, Basic is met where it comes first', async () => {
    const auth = { challenge: ({ headers }: { headers: { authorization?: unknown } }) => (headers.authorization === undefined ? 'Basic realm="x", Bearer realm="http://127.0.0.1:1/"' : undefined), answerToken: () => false };
    const reading = await serve(auth, { credentials: fixedCredentials({ type: 'password', ...USER }) });
    await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
    await expect((await serve(auth)).resolve(`${APP}:v1`)).rejects.toMatchObject({ message: containing('tokens to 127.0.0.1:1') });
  });
});

describe('Bearer', () => {
  test.each<[string, BearerOptions, () => Partial<HostSettings>]>([
    ['without saying who asks', {}, () => ({})],
    ['by user name and password', USER, () => ({ credentials: fixedCredentials({ type: 'password', ...USER }) })],
    ['in the field access_token', { field: 'access_token' }, () => ({})],
    ['by an identity token', { identityToken: 'refresh-me' }, () => ({ credentials: fixedCredentials({ type: 'identity-token', token: 'refresh-me' }) })],
  ])('a token is given %s', async (_what, options, settings) => {
    const reading = await Reading.start({ auth: new BearerAuth(options), config: ({ host }) => new Map([[host, { plainHttp: true, ...settings() }]]) });
    open.push(reading);
    reading.registry.pushImage(APP, 'app', 'v1');
    await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
  });

  test('the scope asked for is to pull this repository, whatever the challenge asks', async () => {
    const reading = await serve(new BearerAuth());
    await reading.resolve(`${APP}:v1`);
    const token = reading.registry.requests.find(({ path }) => path.startsWith('/token'));
    expect(new URL(token?.path ?? '', reading.registry.origin).searchParams.getAll('scope')).toEqual([`repository:${APP}:pull`]);
  });

  test('a token serves its repository again, and no other', async () => {
    const reading = await serve(new BearerAuth());
    await reading.resolve(`${APP}:v1`);
    await reading.resolve(`${APP}:v1`);
    expect(reading.registry.asked.filter((line) => line.includes('/token'))).toHaveLength(1);
    await reading.resolve('acme/other:v1');
    expect(reading.registry.asked.filter((line) => line.includes('/token'))).toHaveLength(2);
  });

  test.each<[string, Partial<RegistryLimits>, number]>([['all', {}, 2], ['the last one', { tokens: 64 }, 4]])('of tokens, as many are kept as have room: %s', async (_what, limits, fetched) => {
    const reading = await Reading.start({ auth: new BearerAuth(), limits });
    open.push(reading);
    reading.registry.pushImage(APP, 'app', 'v1');
    reading.registry.pushImage('acme/other', 'app', 'v1');
    for (const repository of [APP, 'acme/other', APP, 'acme/other']) {
      await reading.resolve(`${repository}:v1`);
    }
    expect(reading.registry.asked.filter((asked) => asked.startsWith('GET /token'))).toHaveLength(fetched);
  });

  test('a token that is over, or forgotten by the registry, is replaced', async () => {
    const brief = await serve(new BearerAuth({ expiresIn: 1 }));
    await brief.resolve(`${APP}:v1`);
    await brief.resolve(`${APP}:v1`);
    expect(brief.registry.asked.filter((line) => line.includes('/token'))).toHaveLength(2);
    const auth = new BearerAuth({ expiresIn: 3_600 });
    const forgetful = await serve(auth);
    await forgetful.resolve(`${APP}:v1`);
    auth.forgetTokens();
    await expect(forgetful.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
    expect(forgetful.registry.asked.filter((line) => line.includes('/token'))).toHaveLength(2);
  });

  test('G18: 401 after 401 ends after one token', async () => {
    const reading = await serve(new BearerAuth());
    reading.registry.fault(/manifests/, faults.status(401, { 'www-authenticate': `Bearer realm="${reading.registry.origin}/token"` }));
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect(reading.registry.asked.filter((line) => line.includes('/token'))).toHaveLength(1);
    expect(reading.registry.requests).toHaveLength(3);
  });

  test.each([
    ['refuses', faults.status(401), 'gives no token'],
    ['fails', faults.status(500), 'gives no token'],
    ['sends elsewhere', faults.redirect('http://127.0.0.1:1/'), 'gives no token'],
    ['breaks off', faults.cutOff, 'no whole answer'],
    ['answers HTML', faults.bytes('<html>'), 'cannot be read'],
    ['answers nothing', faults.bytes('{}'), 'cannot be read'],
    ['answers a token with a line break', faults.bytes('{"token":"a\\r\\nx-evil: 1"}'), 'cannot be read'],
    ['answers a token that is no text', faults.bytes('{"token":["a"]}'), 'cannot be read'],
  ])('a place for tokens that %s is REGISTRY_UNAVAILABLE, told without the credential', async (_what, fault, told) => {
    const reading = await serve(new BearerAuth(USER), { credentials: fixedCredentials({ type: 'password', ...USER }) });
    const mend = reading.registry.fault(/\/token/, fault);
    const failure: unknown = await reading.resolve(`${APP}:v1`).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing(told) });
    expect(String(failure)).not.toMatch(SECRETS);
    mend();
    await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
  });

  test.each([503, 429])('a place for tokens that answers %s once is asked again', async (status) => {
    const reading = await serve(new BearerAuth());
    reading.registry.fault(/\/token/, faults.status(status), 1);
    await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
  });

  test('an answer for tokens larger than the cap is LIMIT', async () => {
    const reading = await serve(new BearerAuth());
    reading.registry.fault(/\/token/, faults.endless());
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'LIMIT' });
  });
});

describe('credentials stay with their host', () => {
  test.each([
    ['another host', (realm: TestRegistry) => `http://localhost:${realm.host.split(':')[1]}/token`],
    ['another host that begins alike', (realm: TestRegistry) => `http://${realm.host.replace(':', '.evil.test:')}/token`],
    ['an address with a user in it', (realm: TestRegistry) => `http://x:y@${realm.host}/token`],
    ['another scheme', (realm: TestRegistry) => `https://${realm.host}/token`],
    ['a file', () => 'file:///etc/passwd'],
    ['no address', () => '/token'],
  ])('a realm that is %s is asked nothing and told nothing', async (_what, place) => {
    const realm = await otherServer(new BearerAuth());
    const reading = await serve(new BearerAuth({ ...USER, realm: place(realm) }), { credentials: fixedCredentials({ type: 'password', ...USER }) });
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('name it as tokenHost in the registry configuration') });
    expect(realm.requests).toEqual([]);
    expect(reading.registry.requests).toHaveLength(1);
  });

  test.each<[string, (origin: string) => string]>([
    ['with a user in its address', (origin) => origin.replace('http://', 'http://x:y@')],
    ['under another scheme', (origin) => origin.replace('http://', 'https://')],
  ])('a realm that the configuration names is asked nothing %s', async (_what, place) => {
    const realm = await otherServer(new BearerAuth());
    const reading = await serve(new BearerAuth({ ...USER, realm: `${place(realm.origin)}/token` }), { credentials: fixedCredentials({ type: 'password', ...USER }), tokenHost: realm.host });
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('is not known to speak for it') });
    expect(realm.requests).toEqual([]);
  });

  test.each<[string, (realm: TestRegistry) => Partial<HostSettings>, boolean]>([
    ['is asked when the configuration names it', ({ host }) => ({ tokenHost: host }), true],
    ['is asked nothing when the configuration names another', ({ host }) => ({ tokenHost: `localhost:${host.split(':')[1] ?? ''}` }), false],
    ['is asked nothing when the configuration names none', () => ({}), false],
  ])('a realm on another port of the same host %s', async (_what, settings, asked) => {
    const auth: { both?: BearerAuth } = {};
    const realm = await TestRegistry.start({ auth: { challenge: () => undefined, answerToken: (...request) => auth.both?.answerToken(...request) ?? false } });
    open.push(realm);
    auth.both = new BearerAuth({ ...USER, realm: `${realm.origin}/token` });
    const reading = await serve(auth.both, { credentials: fixedCredentials({ type: 'password', ...USER }), ...settings(realm) });
    const resolved = reading.resolve(`${APP}:v1`);
    await (asked ? expect(resolved).resolves.toMatch(/^sha256:/) : expect(resolved).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing(realm.host) }));
    expect(realm.requests).toHaveLength(asked ? 1 : 0);
  });

  test('the credential of one registry is never sent to another', async () => {
    const one = await TestRegistry.start({ auth: basicAuth('one', 'secret-one') });
    const two = await Reading.start({
      auth: basicAuth('two', 'secret-two'),
      config: ({ host }) => new Map([
        [one.host, { plainHttp: true, credentials: fixedCredentials({ type: 'password', username: 'one', password: 'secret-one' }) }],
        [host, { plainHttp: true, credentials: fixedCredentials({ type: 'password', username: 'two', password: 'secret-two' }) }],
      ]),
    });
    open.push(one, two);
    one.pushImage(APP, 'app', 'v1');
    two.registry.pushImage(APP, 'app', 'v1');
    await two.resolve(`${APP}:v1`);
    await two.resolve(`${APP}:v1`, one.host);
    const sent = ({ requests }: TestRegistry): unknown[] => requests.flatMap(({ headers }) => headers.authorization ?? []);
    expect(sent(one)).toEqual([`Basic ${Buffer.from('one:secret-one').toString('base64')}`]);
    expect(sent(two.registry)).toEqual([`Basic ${Buffer.from('two:secret-two').toString('base64')}`]);
  });

  test('a credential for one path is sent for that path only', async () => {
    const reading = await Reading.start({
      auth: basicAuth(USER.username, USER.password),
      config: ({ host }) => new Map([[host, { plainHttp: true, credentials: new DockerConfigFile(dockerFile({ [`${host}/acme`]: USER }), host) }]]),
    });
    open.push(reading);
    for (const repository of [APP, 'acme-evil/app']) {
      reading.registry.pushImage(repository, 'app', 'v1');
    }
    await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
    await expect(reading.resolve('acme-evil/app:v1')).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('has none for it') });
    expect(reading.registry.requests.filter(({ path, headers }) => path.includes('acme-evil') && headers.authorization !== undefined)).toEqual([]);
  });
});

describe('credentials that change', () => {
  const withFile = ({ host }: TestRegistry): Map<string, HostSettings> =>
    new Map([[host, { plainHttp: true, credentials: new DockerConfigFile(dockerFile({ [host]: USER }), host) }]]);

  test('a password that is no longer taken is read anew from its file, where the new one is', async () => {
    const accepted = { ...USER };
    const auth = { challenge: (...request: Parameters<BearerAuth['challenge']>) => basicAuth(accepted.username, accepted.password).challenge(...request), answerToken: () => false };
    const reading = await Reading.start({ auth, config: withFile });
    open.push(reading);
    reading.registry.pushImage(APP, 'app', 'v1');
    await reading.resolve(`${APP}:v1`);
    accepted.password = 'rotated';
    await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    dockerFile({ [reading.registry.host]: accepted });
    await expect(reading.resolve(`${APP}:v1`)).resolves.toMatch(/^sha256:/);
  });

  test.each([
    ['is gone', (file: string) => rmSync(file), /config\.json, where its credentials are, cannot be read .* mend the file/],
    ['can no longer be read', (file: string) => writeFileSync(file, '{"auths": {"x": {"auth": "SECRET"'), /config\.json, where its credentials are, is not JSON, .* mend the file/],
  ])('P18: a file that %s is REGISTRY_UNAVAILABLE, not anonymous reading', async (_what, spoil, told) => {
    const reading = await Reading.start({ auth: new BearerAuth(), config: withFile });
    open.push(reading);
    spoil(join(folder, 'config.json'));
    const failure: unknown = await reading.resolve(`${APP}:v1`).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: matching(told) });
    expect(String(failure)).not.toContain('SECRET');
    expect(reading.registry.asked).toHaveLength(1);
  });

  test('a password that ends is asked for anew when it has ended, before the registry refuses it', async () => {
    let given = 0;
    const source = (life: number): CredentialSource => ({
      credentialsFor: async () => {
        given += 1;
        return [{ credential: { type: 'password', ...USER }, until: performance.now() + life }];
      },
    });
    for (const [life, expected] of [[-1, 2], [60_000, 1]] as const) {
      given = 0;
      const reading = await serve(basicAuth(USER.username, USER.password), { credentials: source(life) });
      await reading.resolve(`${APP}:v1`);
      await reading.resolve(`${APP}:v1`);
      expect(given).toBe(expected);
    }
  });
});

test.each<[string, (reading: Reading) => void, number]>([
  ['that is taken', () => undefined, 0],
  ['that is not taken', ({ registry }) => registry.fault(/manifests/, faults.status(401, { 'www-authenticate': 'Basic realm="x"' })), 1],
  ['that may not read', ({ registry }) => registry.fault(/manifests/, (response, answer) => (registry.requests.length > 1 ? faults.status(403)(response, answer) : answer())), 1],
])('where a password comes from is told of one %s', async (_what, spoil, times) => {
  let refused = 0;
  const source: CredentialSource = { credentialsFor: async () => [{ credential: { type: 'password', ...USER }, refused: () => void (refused += 1) }] };
  const reading = await serve(basicAuth(USER.username, USER.password), { credentials: source });
  spoil(reading);
  await reading.resolve(`${APP}:v1`).catch(() => undefined);
  expect(refused).toBe(times);
});

test.each([
  ['nothing', {}], ['a scheme that is not known', { 'www-authenticate': 'Negotiate' }], ['Bearer without realm', { 'www-authenticate': 'Bearer service="x"' }],
])('401 with %s is REGISTRY_UNAVAILABLE', async (_what, headers) => {
  const reading = await serve(new BearerAuth(), { credentials: fixedCredentials({ type: 'password', ...USER }) });
  reading.registry.fault(/manifests/, faults.status(401, headers));
  await expect(reading.resolve(`${APP}:v1`)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing('neither Basic nor Bearer') });
});

test.each([
  ['ghcr.io', 'ghcr.io', true],
  ['acme.azurecr.io', 'acme.azurecr.io', true],
  ['auth.docker.io', 'docker.io', true],
  ['gitlab.com', 'registry.gitlab.com', true],
  ['docker-auth.elastic.co', 'docker.elastic.co', true],
  ['reg.test:5000', 'reg.test:5000', true],
  ['[::1]:5000', '[::1]:5000', true],
  ['reg.test:5001', 'reg.test:5000', false],
  ['reg.test', 'reg.test:5000', false],
  ['evil.azurecr.io', 'acme.azurecr.io', false],
  ['evil.co.uk', 'acme.co.uk', false],
  ['evil.github.io', 'acme.github.io', false],
  ['azurecr.io', 'acme.azurecr.io', false],
  ['auth.acme.test', 'registry.acme.test', false],
  ['gitlab.com.evil.test', 'registry.gitlab.com', false],
  ['evilgitlab.com', 'registry.gitlab.com', false],
  ['evil.com', 'gitlab.com', false],
  ['auth.docker.io', 'quay.io', false],
  ['constructor', 'constructor.test', false],
])('a realm at %s speaks for the registry %s: %s', (realm, registry, expected) => {
  expect(speaksFor(realm, registry, registry)).toBe(expected);
});

test('a host that the configuration names speaks in place of the one that is well known', () => {
  expect(speaksFor('auth.docker.io', 'docker.io', 'registry-1.docker.io')).toBe(true);
  expect(speaksFor('auth.docker.io', 'docker.io', 'registry-1.docker.io', 'auth.acme.test')).toBe(false);
  expect(speaksFor('auth.acme.test', 'docker.io', 'registry-1.docker.io', 'auth.acme.test')).toBe(true);
});
