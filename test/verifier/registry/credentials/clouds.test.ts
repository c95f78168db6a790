import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '../../../../lib/verifier/deadline';
import { awsEndpoints, ecrIssuer } from '../../../../lib/verifier/registry/credentials/aws';
import { azureEndpoints, azureIssuer } from '../../../../lib/verifier/registry/credentials/azure';
import { googleIssuer } from '../../../../lib/verifier/registry/credentials/google';
import { IssuedCredential, Issuer, RenewedCredential } from '../../../../lib/verifier/registry/credentials/renewed';
import { GivenCredential } from '../../../../lib/verifier/registry/credentials/source';
import { signAws } from '../../../../lib/verifier/registry/credentials/sigv4';
import { Transport } from '../../../../lib/verifier/registry/transport';
import { RecordedRequest } from '../../../support/registry';
import { CloudRoute, TestCloud } from '../../../support/registry/cloud';
import { containing } from '../../../support/texts';

const folder = mkdtempSync(join(tmpdir(), 'registry-clouds-'));
const tokenFile = join(folder, 'token');
const transport = new Transport((_bytes, _deadline, work) => work());
const SECRETS = /S3CR3T/;
let cloud: TestCloud | undefined;

beforeAll(() => {
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys/accessKeyId'), 'AKIDEXAMPLE\n');
  writeFileSync(join(folder, 'keys/secretAccessKey'), 'S3CR3T/key\n');
});

beforeEach(() => writeFileSync(tokenFile, 'S3CR3T.projected.token'));
afterEach(() => cloud?.close());
afterAll(() => {
  transport.close();
  rmSync(folder, { recursive: true });
});

async function serve(routes: { readonly [place: string]: CloudRoute }): Promise<TestCloud> {
  cloud = await TestCloud.start(routes);
  return cloud;
}

async function issue(issuer: Issuer, milliseconds = 60_000): Promise<IssuedCredential> {
  const deadline = startDeadline(milliseconds);
  try {
    return await issuer(transport, deadline);
  } finally {
    deadline.done();
  }
}

const form = ({ body }: RecordedRequest): { [name: string]: string } => Object.fromEntries(new URLSearchParams(body));

const STS = '<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>'
  + '<SecretAccessKey>S3CR3T/session+key=</SecretAccessKey><SessionToken>S3CR3T/session</SessionToken></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>';
const authorization = (password: string): string => JSON.stringify({ authorizationData: [{
  authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'), expiresAt: Date.now() / 1000 + 12 * 60 * 60, proxyEndpoint: 'https://1234.dkr.ecr.eu-west-1.amazonaws.com',
}] });
const AWS_ROUTES = { 'POST /sts': () => STS, 'POST /': () => authorization('S3CR3T:password') };
const ecr = ({ url }: TestCloud, identity: Parameters<typeof ecrIssuer>[2] = { type: 'web-identity', roleArn: 'arn:aws:iam::1234:role/reader', tokenFile }): Issuer =>
  ecrIssuer('1234.dkr.ecr.eu-west-1.amazonaws.com', 'eu-west-1', identity, { sts: new URL('/sts', url), ecr: url });

const GOOGLE_ROUTES = {
  'GET /computeMetadata/v1/instance/service-accounts/default/token': ({ headers }: RecordedRequest) => (
    headers['metadata-flavor'] === 'Google' ? '{"access_token":"S3CR3T.metadata","expires_in":3599,"token_type":"Bearer"}' : { status: 403, body: '' }),
  'POST /v1/token': () => '{"access_token":"S3CR3T.federated","expires_in":3600,"token_type":"Bearer"}',
  'POST /v1/projects/-/serviceAccounts/reader%40acme.iam.gserviceaccount.com:generateAccessToken': () => '{"accessToken":"S3CR3T.account","expireTime":"2099-01-01T00:00:00Z"}',
};
const google = ({ url }: TestCloud, identity: Parameters<typeof googleIssuer>[1]): Issuer => googleIssuer('europe-docker.pkg.dev', identity, { metadata: url, sts: url, iam: url });
const FEDERATION = { type: 'federation', audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x', tokenFile } as const;

const AZURE_ROUTES = { 'POST /tenant/oauth2/v2.0/token': () => '{"access_token":"S3CR3T.entra"}', 'POST /oauth2/exchange': () => '{"refresh_token":"S3CR3T.refresh"}' };
const azure = ({ url }: TestCloud): Issuer => azureIssuer('acme.azurecr.io', { tenantId: 'tenant', clientId: 'client', tokenFile }, { login: url, registry: url });

describe('ECR', () => {
  test('a token of the service account becomes a session of the role, and that the password of the registry', async () => {
    const services = await serve(AWS_ROUTES);
    const { credential, life } = await issue(ecr(services));
    expect(credential).toEqual({ type: 'password', username: 'AWS', password: 'S3CR3T:password' });
    expect(life / 3_600_000).toBeCloseTo(12, 1);
    const [assume, get] = services.requests;
    expect(assume && form(assume)).toEqual({ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: 'arn:aws:iam::1234:role/reader', RoleSessionName: 'proofgate', WebIdentityToken: 'S3CR3T.projected.token' });
    expect(get).toMatchObject({ body: '{}', headers: { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken', 'x-amz-security-token': 'S3CR3T/session' } });
  });

  test.each([['keys', { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'S3CR3T/key' }], ['a role', { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'S3CR3T/session+key=', sessionToken: 'S3CR3T/session' }]])(
    'with %s, what is sent is what was signed', async (how, keys) => {
      const services = await serve(AWS_ROUTES);
      await issue(how === 'keys' ? ecr(services, { type: 'keys', folder: join(folder, 'keys') }) : ecr(services));
      const sent = services.requests.at(-1)?.headers ?? {};
      const headers = Object.fromEntries(['content-type', 'x-amz-target'].map((name) => [name, String(sent[name])]));
      const time = String(sent['x-amz-date']).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
      const expected = signAws({ host: services.url.host, region: 'eu-west-1', service: 'ecr', headers, body: services.requests.at(-1)?.body ?? '' }, keys, Date.parse(time));
      expect(sent).toMatchObject(expected);
      expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
      expect(services.requests).toHaveLength(how === 'keys' ? 1 : 2);
    });

  test('the services of a region', () => {
    expect(awsEndpoints('eu-west-1')).toEqual({ sts: new URL('https://sts.eu-west-1.amazonaws.com/'), ecr: new URL('https://api.ecr.eu-west-1.amazonaws.com/') });
    expect(awsEndpoints('cn-north-1').ecr.host).toBe('api.ecr.cn-north-1.amazonaws.com.cn');
  });

  test.each<[string, { readonly [place: string]: CloudRoute }, string]>([
    ['a role that must not be taken', { 'POST /sts': () => ({ status: 403, body: '<Error><Code>AccessDenied</Code><Message>S3CR3T</Message></Error>' }) }, 'answers HTTP 403 (AccessDenied); see what the identity may do there'],
    ['an answer without keys', { 'POST /sts': () => '<x/>' }, 'has no AccessKeyId that can be used'],
    ['an answer with keys twice', { 'POST /sts': () => STS + STS }, 'has no AccessKeyId that can be used'],
    ['a password that must not be had', { 'POST /': () => ({ status: 400, body: '{"__type":"AccessDeniedException","message":"S3CR3T"}' }) }, 'answers HTTP 400 (AccessDeniedException)'],
    ['a password for several registries', { 'POST /': () => '{"authorizationData":[{},{}]}' }, 'has no authorizationData that can be used'],
    ['a password without a name', { 'POST /': () => JSON.stringify({ authorizationData: [{ authorizationToken: Buffer.from('S3CR3T').toString('base64'), expiresAt: 1 }] }) }, 'has no authorizationToken'],
    ['a password without an end', { 'POST /': () => JSON.stringify({ authorizationData: [{ authorizationToken: Buffer.from('AWS:S3CR3T').toString('base64') }] }) }, 'has no expiresAt'],
  ])('%s is REGISTRY_UNAVAILABLE, with the reason and without secrets', async (_what, routes, told) => {
    await expectRefusal(ecr(await serve({ ...AWS_ROUTES, ...routes })), told);
  });

  test('keys that are no line of text are not sent', async () => {
    writeFileSync(join(folder, 'broken'), '');
    mkdirSync(join(folder, 'twoLines'));
    for (const name of ['accessKeyId', 'secretAccessKey']) {
      writeFileSync(join(folder, 'twoLines', name), 'S3CR3T\nx: y');
    }
    const services = await serve(AWS_ROUTES);
    await expectRefusal(ecr(services, { type: 'keys', folder: join(folder, 'twoLines') }), 'does not hold one line of visible characters');
    expect(services.requests).toEqual([]);
  });
});

describe('Google', () => {
  test('the metadata server says who the machine is', async () => {
    await expect(issue(google(await serve(GOOGLE_ROUTES), { type: 'metadata' }))).resolves.toEqual({
      credential: { type: 'password', username: 'oauth2accesstoken', password: 'S3CR3T.metadata' }, life: 3_599_000 });
  });

  test('a token of the service account is exchanged', async () => {
    const services = await serve(GOOGLE_ROUTES);
    await expect(issue(google(services, FEDERATION))).resolves.toMatchObject({ credential: { password: 'S3CR3T.federated' }, life: 3_600_000 });
    expect(services.requests.map(form)).toMatchObject([{ audience: FEDERATION.audience, subject_token: 'S3CR3T.projected.token', grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' }]);
  });

  test('and speaks for a service account of Google where one is named', async () => {
    const services = await serve(GOOGLE_ROUTES);
    await expect(issue(google(services, { ...FEDERATION, serviceAccount: 'reader@acme.iam.gserviceaccount.com' }))).resolves.toMatchObject({ credential: { password: 'S3CR3T.account' } });
    expect(services.requests.at(-1)?.headers.authorization).toBe('Bearer S3CR3T.federated');
  });

  test.each<[string, { readonly [place: string]: CloudRoute }, string]>([
    ['a token that must not be exchanged', { 'POST /v1/token': () => ({ status: 400, body: '{"error":"invalid_grant","error_description":"S3CR3T"}' }) }, 'answers HTTP 400 (invalid_grant)'],
    ['an answer that is no JSON', { 'POST /v1/token': () => '<html>S3CR3T' }, 'is not JSON'],
    ['an answer that says two things', { 'POST /v1/token': () => '{"access_token":"S3CR3T","access_token":"b","expires_in":1}' }, 'is not JSON'],
    ['a token that is none', { 'POST /v1/token': () => '{"access_token":"S3CR3T\\r\\nx: y","expires_in":3600}' }, 'has no access_token that can be used'],
    ['an answer without end', { 'POST /v1/token': () => '{"access_token":"S3CR3T","expires_in":-1}' }, 'has no expires_in that can be used'],
    ['a service that is down', { 'POST /v1/token': () => ({ status: 503, body: '' }) }, 'answers HTTP 503; it may pass'],
    ['a service that breaks off', { 'POST /v1/token': () => (response) => void response.destroy() }, 'no whole answer from'],
    ['a service that sends elsewhere', { 'POST /v1/token': () => (response) => void response.writeHead(307, { location: '/v1/other' }).end() }, 'answers HTTP 307'],
  ])('%s is REGISTRY_UNAVAILABLE, with the reason and without secrets', async (_what, routes, told) => {
    await expectRefusal(google(await serve({ ...GOOGLE_ROUTES, ...routes }), FEDERATION), told);
  });

  test('a service that never answers ends with the deadline', async () => {
    const services = await serve({ ...GOOGLE_ROUTES, 'POST /v1/token': () => () => undefined });
    await expect(issue(google(services, FEDERATION), 200)).rejects.toMatchObject({ code: 'DEADLINE' });
  });
});

describe('Azure', () => {
  test('a token of the service account becomes one of the application, and that a refresh token of the registry', async () => {
    const services = await serve(AZURE_ROUTES);
    await expect(issue(azure(services))).resolves.toEqual({ credential: { type: 'identity-token', token: 'S3CR3T.refresh' }, life: 3 * 60 * 60 * 1000 });
    expect(services.requests.map(form)).toEqual([
      { grant_type: 'client_credentials', client_id: 'client', scope: 'https://containerregistry.azure.net/.default', client_assertion: 'S3CR3T.projected.token',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' },
      { grant_type: 'access_token', service: 'acme.azurecr.io', tenant: 'tenant', access_token: 'S3CR3T.entra' },
    ]);
  });

  test('the second exchange is at the registry itself', () => {
    expect(azureEndpoints('acme.azurecr.io')).toEqual({ login: new URL('https://login.microsoftonline.com/'), registry: new URL('https://acme.azurecr.io/') });
  });

  test.each<[string, { readonly [place: string]: CloudRoute }, string]>([
    ['an application that does not trust the service account', { 'POST /tenant/oauth2/v2.0/token': () => ({ status: 401, body: '{"error":"invalid_client","error_description":"S3CR3T"}' }) }, 'answers HTTP 401 (invalid_client)'],
    ['a registry that the application must not read', { 'POST /oauth2/exchange': () => ({ status: 401, body: '{"errors":[{"code":"UNAUTHORIZED","message":"S3CR3T"}]}' }) }, 'answers HTTP 401; see'],
  ])('%s is REGISTRY_UNAVAILABLE, with the reason and without secrets', async (_what, routes, told) => {
    await expectRefusal(azure(await serve({ ...AZURE_ROUTES, ...routes })), told);
  });
});

test.each(['ecr', 'google', 'azure'])('%s: a token that is not there is told, and nobody is asked', async (kind) => {
  const services = await serve({});
  rmSync(tokenFile);
  await expectRefusal(kind === 'ecr' ? ecr(services) : kind === 'google' ? google(services, FEDERATION) : azure(services), `${tokenFile} cannot be read`);
  expect(services.requests).toEqual([]);
});

async function expectRefusal(issuer: Issuer, told: string): Promise<void> {
  const failure: unknown = await issue(issuer).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', message: containing(told) });
  expect(failure).toMatchObject({ message: containing('no credential for ') });
  expect(String(failure)).not.toMatch(SECRETS);
}

describe('a credential that is issued', () => {
  const counted = (life: number): { source: RenewedCredential; issued: () => number; fail: (error?: Error) => void } => {
    let [count, failure]: [number, Error | undefined] = [0, undefined];
    const source = new RenewedCredential(async () => {
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (failure !== undefined) {
        throw failure;
      }
      return { credential: { type: 'identity-token', token: String(count) }, life };
    });
    return { source, issued: () => count, fail: (error) => void (failure = error) };
  };
  const ask = async (source: RenewedCredential): Promise<unknown> => {
    const deadline = startDeadline(60_000);
    try {
      return (await source.credentialsFor('acme/app', deadline, transport))[0].credential;
    } finally {
      deadline.done();
    }
  };

  test('is kept until shortly before its end', async () => {
    const long = counted(3_600_000);
    const brief = counted(60_001);
    const over = counted(-1);
    for (const { source } of [long, long, brief, brief, over, over]) {
      await ask(source);
    }
    expect([long, brief, over].map(({ issued }) => issued())).toEqual([1, 1, 2]);
  });

  test('says when it has to be asked for anew', async () => {
    const deadline = startDeadline(60_000);
    const [{ until }] = await counted(3_600_000).source.credentialsFor('acme/app', deadline, transport);
    deadline.done();
    expect(((until ?? 0) - performance.now()) / 1000).toBeGreaterThan(3_500);
    expect(((until ?? 0) - performance.now()) / 1000).toBeLessThanOrEqual(3_540);
  });

  test('is obtained once for all who ask at the same time', async () => {
    const { source, issued } = counted(3_600_000);
    await expect(Promise.all([ask(source), ask(source), ask(source)])).resolves.toEqual(Array(3).fill({ type: 'identity-token', token: '1' }));
    expect(issued()).toBe(1);
  });

  test('is asked for anew when the registry no longer takes it, once a minute at most, and never for one that was given up before', async () => {
    let now = 0;
    let count = 0;
    const source = new RenewedCredential(() => Promise.resolve({ credential: { type: 'identity-token', token: String((count += 1)) }, life: 3_600_000 }), () => now);
    const given = async (): Promise<GivenCredential> => {
      const deadline = startDeadline(60_000);
      try {
        return (await source.credentialsFor('acme/app', deadline, transport))[0];
      } finally {
        deadline.done();
      }
    };
    const first = await given();
    now = 59_999;
    first.refused?.();
    expect((await given()).credential).toEqual({ type: 'identity-token', token: '1' });
    now = 60_000;
    first.refused?.();
    expect((await given()).credential).toEqual({ type: 'identity-token', token: '2' });
    now = 200_000;
    first.refused?.();
    expect((await given()).credential).toEqual({ type: 'identity-token', token: '2' });
  });

  describe('when it is refused, by a registry or for a repository that must not be read,', () => {
    let now = 0;
    beforeEach(() => void (now = 0));

    const replaced = async (...answers: readonly (() => Promise<unknown>)[]): Promise<{ readonly tokens: string[]; readonly asked: number; readonly slowest: number }> => {
      let asked = 0;
      let slowest = 0;
      const source = new RenewedCredential(async () => {
        asked += 1;
        await answers[asked - 2]?.();
        return { credential: { type: 'identity-token', token: String(asked) }, life: 3_600_000 };
      }, () => now);
      const tokens: string[] = [];
      for (const time of [0, 60_000, 61_000, 120_000]) {
        now = time;
        const deadline = startDeadline(60_000);
        const start = performance.now();
        const [given] = await source.credentialsFor('acme/app', deadline, transport);
        slowest = Math.max(slowest, performance.now() - start);
        deadline.done();
        given.refused?.();
        tokens.push(given.credential.type === 'identity-token' ? given.credential.token : '');
      }
      return { tokens, asked, slowest };
    };

    test('a cloud that answers replaces it at the next use', async () => {
      expect(await replaced()).toMatchObject({ tokens: ['1', '1', '2', '2'], asked: 2 });
    });

    test('a cloud that fails leaves it as it was, and is asked again a minute later at the earliest', async () => {
      expect(await replaced(() => Promise.reject(new Error('down')))).toMatchObject({ tokens: ['1', '1', '1', '1'], asked: 2 });
    });

    test('a cloud that never answers leaves it as it was, after two seconds', async () => {
      const { tokens, slowest } = await replaced(() => new Promise(() => undefined));
      expect(tokens).toEqual(['1', '1', '1', '1']);
      expect(slowest).toBeLessThan(5_000);
    });

    test('one that has ended meanwhile is not used again', async () => {
      let down = false;
      const source = new RenewedCredential(() => (down ? Promise.reject(new Error('down')) : Promise.resolve({ credential: { type: 'identity-token', token: '1' }, life: 3_600_000 })), () => now);
      const deadline = startDeadline(60_000);
      const [given] = await source.credentialsFor('acme/app', deadline, transport);
      down = true;
      now = 60_000;
      given.refused?.();
      await expect(source.credentialsFor('acme/app', deadline, transport)).resolves.toEqual([given]);
      now = 3_540_000;
      await expect(source.credentialsFor('acme/app', deadline, transport)).rejects.toThrow('down');
      deadline.done();
    });
  });

  test('is asked for again after a failure', async () => {
    const { source, fail } = counted(3_600_000);
    fail(new Error('down'));
    await expect(ask(source)).rejects.toThrow('down');
    fail();
    await expect(ask(source)).resolves.toEqual({ type: 'identity-token', token: '2' });
  });
});
