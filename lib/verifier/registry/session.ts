import { setTimeout as sleep } from 'node:timers/promises';
import { DOCKER_HUB } from '../../policy/registry-host';
import { Deadline, VerifierError } from '../ports';
import { parseStrictJson, StrictJsonError } from '../json';
import { BearerChallenge, parseChallenges } from './challenge';
import { HostSettings } from './host-settings';
import { Credential, GivenCredential, PasswordCredential } from './credentials/source';
import { RegistryLimits } from './limits';
import { speaksFor } from './realm';
import { BrokenConnection, TakeRoom, Transport, WireAnswer, WireRequest } from './transport';

/** Where the API of a registry really is; all other registries are their own. */
const ENDPOINTS: { readonly [registry: string]: string } = { [DOCKER_HUB]: 'registry-1.docker.io' };

/** A token is used until this long before its end, in milliseconds. */
const TOKEN_MARGIN = 10_000;

/** What a token lives when the registry does not say (distribution token specification), in milliseconds. */
const TOKEN_LIFE = 60_000;

/** What is asked for, besides where it is. */
export interface Wanted extends Pick<WireRequest, 'limit' | 'counted'> {
  /** Media types. */
  readonly accept: string;
}

/** Speaks to one registry: authenticates where asked to, tries again where that can help. */
export class RegistrySession {
  private readonly transport: Transport;
  private readonly tokens = new Map<string, Token>();
  private tokenBytes = 0;
  private readonly base: string;

  constructor(private readonly registry: string, private readonly settings: HostSettings, private readonly limits: RegistryLimits, takeRoom: TakeRoom) {
    this.transport = new Transport(takeRoom, settings);
    this.base = `${settings.plainHttp ? 'http' : 'https'}://${ENDPOINTS[registry] ?? registry}`;
  }

  /** The URL of a path below `/v2/<repository>/`, or of a link that a page of this registry gave. */
  urlOf(repository: string, path: string): URL {
    return new URL(`/v2/${repository}/${path}`, this.base);
  }

  /**
   * Gets one resource of a repository.
   *
   * 2xx and 404 are answers, after redirects; everything else is not. A redirect is followed without any credential, wherever it leads: what
   * comes of it is checked against its digest, is only a list that leads to such content, or is what a tag stands for by its own digest.
   *
   * @throws VerifierError REGISTRY_UNAVAILABLE, LIMIT, DEADLINE, OVERLOADED
   */
  async get(repository: string, url: URL, wanted: Wanted, deadline: Deadline): Promise<LocatedAnswer> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.attempt(repository, url, wanted, deadline);
      if ('answer' in outcome) {
        return outcome.answer;
      }
      const pause = outcome.retryAfter ?? 100 * 2 ** attempt * (0.5 + Math.random());
      if (attempt >= this.limits.retries || pause >= deadline.remaining()) {
        throw new VerifierError('REGISTRY_UNAVAILABLE', outcome.message);
      }
      await pauseFor(pause, deadline);
    }
  }

  close(): void {
    this.transport.close();
  }

  private async attempt(repository: string, url: URL, wanted: Wanted, deadline: Deadline): Promise<Outcome> {
    const { accept, ...size } = wanted;
    // A list may go on where a redirect led: nobody there is told anything.
    const own = url.origin === new URL(this.base).origin;
    try {
      const send = (header: Authorization): Promise<WireAnswer> => this.transport.send({ url, headers: { accept, ...header }, ...size }, deadline);
      let answer = await send(own ? this.authorization(repository) : {});
      if (answer.status === 401 && own) {
        answer = await this.authenticate(repository, answer, send, deadline);
      }
      if (answer.status === 403) {
        // Whoever may not read is not sent again in place of one who may.
        this.tokens.delete(repository);
      }
      return this.judge(isRedirect(answer.status) ? await this.follow(answer, url, wanted, deadline) : { ...answer, url });
    } catch (error) {
      if (error instanceof BrokenConnection) {
        return { message: error.message };
      }
      throw error;
    }
  }

  /** Follows redirects: without credentials, never from TLS to plain HTTP, a bounded number. @throws VerifierError, BrokenConnection */
  private async follow(first: WireAnswer, from: URL, { accept, ...size }: Wanted, deadline: Deadline): Promise<LocatedAnswer> {
    let at: LocatedAnswer = { ...first, url: from };
    for (let hop = 0; hop < this.limits.redirects; hop += 1) {
      const { location = '' } = at.headers;
      const target = URL.canParse(location, at.url.href) ? new URL(location, at.url.href) : undefined;
      const sound = target !== undefined && location !== '' && target.username === ''
        && (target.protocol === 'https:' || (target.protocol === 'http:' && this.settings.plainHttp && target.host === from.host));
      if (!sound) {
        throw new VerifierError('REGISTRY_UNAVAILABLE', `${from.host} redirects to where evidence is not fetched from: only https, without credentials in the address`);
      }
      at = { ...await this.transport.send({ url: target, headers: { accept }, ...size }, deadline), url: target };
      if (!isRedirect(at.status)) {
        return at;
      }
    }
    throw new VerifierError('REGISTRY_UNAVAILABLE', `${from.host} redirects more than ${this.limits.redirects} times`);
  }

  private judge(answer: LocatedAnswer): Outcome {
    const { status, url } = answer;
    if ((status >= 200 && status < 300) || status === 404) {
      return { answer };
    }
    const message = `${url.host} answered HTTP ${status}`;
    if (mayPass(status)) {
      const seconds = Number(answer.headers['retry-after']);
      return { message, ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfter: seconds * 1000 } : {}) };
    }
    const advice = status === 401 || status === 403 ? `: ${this.whyNot}` : '';
    throw new VerifierError('REGISTRY_UNAVAILABLE', `${message}${advice}`);
  }

  /** Why a registry may not let this reader read. */
  private get whyNot(): string {
    const { pullSecrets, credentials } = this.settings;
    if (pullSecrets === undefined) {
      return 'the verifier\'s credentials do not allow reading this repository';
    }
    return credentials === undefined
      ? `the workload has no credential for it: of its imagePullSecrets those called ${pullSecrets.join(', ')} are read, in its own namespace`
      : 'no credential of the workload\'s pull Secrets allows reading this repository';
  }

  /** What was asked for before, so that most requests need no second try. */
  private authorization(repository: string): Authorization {
    const token = this.tokens.get(repository);
    return token === undefined || token.until <= performance.now() ? {} : { authorization: token.header };
  }

  /**
   * Sends again with one credential after another, until the registry takes one; what it answers to the last is the answer.
   *
   * @throws VerifierError when there is no way to say who reads, or the last is not taken
   */
  private async authenticate(repository: string, asked: WireAnswer, send: (header: Authorization) => Promise<WireAnswer>, deadline: Deadline): Promise<WireAnswer> {
    this.tokens.delete(repository);
    const challenges = parseChallenges(asked.headers['www-authenticate']);
    const [first, ...others] = await this.settings.credentials?.credentialsFor(repository, deadline, this.transport) ?? [];
    const attempt = async (given: GivenCredential | undefined): Promise<WireAnswer> => {
      const token = await this.tokenFor(challenges, repository, given, deadline);
      this.keep(repository, token);
      return send({ authorization: token.header });
    };
    let outcome = await refusable(attempt(first), first);
    for (const given of others) {
      if (!isRefusal(outcome)) {
        break;
      }
      outcome = await refusable(attempt(given), given);
    }
    if (outcome instanceof VerifierError) {
      throw outcome;
    }
    return outcome;
  }

  private async tokenFor(challenges: ReturnType<typeof parseChallenges>, repository: string, given: GivenCredential | undefined, deadline: Deadline): Promise<Token> {
    const credential = given?.credential;
    // The first that can be met: a password for Basic there has to be, a token may be had without.
    const challenge = challenges.find(({ scheme }) => scheme === 'bearer' || credential?.type === 'password');
    if (challenge === undefined) {
      throw new VerifierError('REGISTRY_UNAVAILABLE', challenges.length > 0
        ? `${this.registry} asks for a user name and password, and ${this.settings.pullSecrets === undefined ? 'the registry configuration has none for it' : this.whyNot}`
        : `${this.registry} asks for an authentication that is neither Basic nor Bearer`);
    }
    return challenge.scheme === 'bearer' ? this.fetchToken(challenge, repository, credential, deadline) : passwordAsToken(given);
  }

  private keep(repository: string, token: Token): void {
    const size = repository.length + token.header.length;
    // What is written over, or was given up before, counts until then.
    if (this.tokenBytes + size > this.limits.tokens) {
      this.tokens.clear();
      this.tokenBytes = 0;
    }
    this.tokenBytes += size;
    this.tokens.set(repository, token);
  }

  private async fetchToken(
    challenge: BearerChallenge, repository: string, credential: Credential | undefined, deadline: Deadline,
  ): Promise<Token> {
    const realm = this.realmOf(challenge);
    // The scope asked for is ours: a registry cannot make the verifier ask for more.
    const scope = `repository:${repository}:pull`;
    let answer: WireAnswer;
    if (credential?.type === 'identity-token') {
      const form = new URLSearchParams({ grant_type: 'refresh_token', service: challenge.service, scope, client_id: 'proofgate', refresh_token: credential.token });
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      answer = await this.transport.send({ url: realm, headers, body: form.toString(), limit: this.limits.token }, deadline);
    } else {
      realm.searchParams.set('service', challenge.service);
      realm.searchParams.set('scope', scope);
      const headers = credential === undefined ? {} : { authorization: basicHeader(credential) };
      answer = await this.transport.send({ url: realm, headers, limit: this.limits.token }, deadline);
    }
    if (answer.status !== 200) {
      const message = `${realm.host} gives no token for ${this.registry}/${repository} (HTTP ${answer.status})${this.settings.pullSecrets === undefined ? '' : `: ${this.whyNot}`}`;
      throw mayPass(answer.status) ? new BrokenConnection(message) : new VerifierError('REGISTRY_UNAVAILABLE', message);
    }
    return this.readToken(answer.body, realm);
  }

  /** Nothing is asked of a place that does not speak for the registry, not even without a credential. */
  private realmOf({ realm }: BearerChallenge): URL {
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    const own = new URL(this.base);
    const trusted = url !== undefined && url.username === '' && url.protocol === own.protocol && speaksFor(url.host, this.registry, own.host, this.settings.tokenHost);
    if (!trusted) {
      const host = url === undefined || url.host === '' ? 'a place that is no address' : url.host;
      throw new VerifierError('REGISTRY_UNAVAILABLE', `${this.registry} sends clients for tokens to ${host}, which is not known to speak for it and is told nothing; `
        + 'if it does, name it as tokenHost in the registry configuration');
    }
    return url;
  }

  private readToken(body: Buffer, realm: URL): Token {
    try {
      const answer = parseStrictJson(body);
      const fields = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : {};
      const token = fields.token ?? fields.access_token;
      if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) {
        const life = typeof fields.expires_in === 'number' && fields.expires_in > 0 ? fields.expires_in * 1000 : TOKEN_LIFE;
        return { header: `Bearer ${token}`, until: performance.now() + Math.max(0, life - TOKEN_MARGIN) };
      }
    } catch (error) {
      if (!(error instanceof StrictJsonError)) {
        throw error;
      }
    }
    throw new VerifierError('REGISTRY_UNAVAILABLE', `${realm.host} gave a token that cannot be read`);
  }
}

/** An answer, and where it came from. */
export interface LocatedAnswer extends WireAnswer {
  readonly url: URL;
}

/** What is sent as `Authorization`, and how long by the monotonic clock. */
interface Token {
  readonly header: string;
  readonly until: number;
}

interface Authorization {
  readonly authorization?: string;
}

type Outcome = { readonly answer: LocatedAnswer } | { readonly message: string; readonly retryAfter?: number };

/** A refusal is an outcome, which where the credential comes from is told; whatever else goes wrong is not. */
async function refusable(answer: Promise<WireAnswer>, given: GivenCredential | undefined): Promise<WireAnswer | VerifierError> {
  const outcome = await answer.catch((error: unknown) => {
    if (error instanceof VerifierError && error.code === 'REGISTRY_UNAVAILABLE') {
      return error;
    }
    throw error;
  });
  if (isRefusal(outcome)) {
    given?.refused?.();
  }
  return outcome;
}

function isRefusal(outcome: WireAnswer | VerifierError): boolean {
  return outcome instanceof VerifierError || outcome.status === 401 || outcome.status === 403;
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** Worth asking again. */
function mayPass(status: number): boolean {
  return status === 429 || status >= 500;
}

function passwordAsToken(given: GivenCredential | undefined): Token {
  return { header: given?.credential.type === 'password' ? basicHeader(given.credential) : '', until: given?.until ?? Infinity };
}

function basicHeader({ username, password }: PasswordCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function pauseFor(milliseconds: number, deadline: Deadline): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal: deadline.signal });
  } catch (error) {
    throw new VerifierError('DEADLINE', 'the registry was not reachable again in time', { cause: error });
  }
}
