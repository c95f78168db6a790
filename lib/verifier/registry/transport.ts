import { Agent as HttpAgent, IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { atLast } from '../deadline';
import { GatheredBytes } from '../gathered-bytes';
import { Deadline, VerifierError } from '../ports';
import { carries, Proxy, ProxyError } from './proxy/proxy';
import { TunnelAgent } from './proxy/tunnel';

/** One request as it goes onto the wire; only GET and POST exist here. */
export interface WireRequest {
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  /** A form, which makes it a POST. */
  readonly body?: string;
  /** Most bytes that are read of an answer. */
  readonly limit: number;
  /** Whoever asks has taken room for the bytes of the answer already. @default - room is taken for what is more than a little */
  readonly counted?: true;
}

/** Takes room in memory for as long as work with so many bytes goes on. @throws VerifierError OVERLOADED, DEADLINE */
export type TakeRoom = <T>(bytes: number, deadline: Deadline, work: () => Promise<T>) => Promise<T>;

/** Bytes of an answer for which no room is taken: most answers are smaller. */
const SMALL = 64 * 1024;

/** Bytes of an answer that are read before others have their turn: a connection that is fast would be read on and on. */
const TURN = 256 * 1024;

export interface WireAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body: Buffer;
}

/** No answer came, or not a whole one: worth a second try. */
export class BrokenConnection extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrokenConnection';
  }
}

/** How a registry is reached. */
export interface Way {
  /** PEM certificates that are trusted instead of the system's. */
  readonly ca?: string;
  /** @default - directly */
  readonly proxy?: Proxy;
}

/** Connections to one registry: kept alive, and shared with no other registry or credential. */
export class Transport {
  private readonly http = new HttpAgent({ keepAlive: true, maxSockets: 64 });
  private readonly https: HttpsAgent;
  private readonly tunnel: TunnelAgent | undefined;

  constructor(private readonly takeRoom: TakeRoom, private readonly way: Way = {}) {
    const { ca, proxy } = way;
    const options = { keepAlive: true, maxSockets: 64, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) } as const;
    this.https = new HttpsAgent(options);
    this.tunnel = proxy === undefined ? undefined : new TunnelAgent(proxy, options);
  }

  /**
   * Sends one request and reads the whole answer within the limit.
   *
   * @throws BrokenConnection, or VerifierError LIMIT, DEADLINE, OVERLOADED, REGISTRY_UNAVAILABLE for an encoding that was not asked for
   */
  send({ url, headers, body, limit, counted }: WireRequest, deadline: Deadline): Promise<WireAnswer> {
    const answer = new Promise<WireAnswer>((resolve, reject) => {
      const fail = (error: unknown): void => reject(deadline.over ? outOfTime(url) : broken(url, error));
      const options = { method: body === undefined ? 'GET' : 'POST', headers: { 'accept-encoding': 'identity', ...headers }, signal: deadline.signal };
      const request = url.protocol === 'https:' ? httpsRequest(url, { ...options, agent: this.agentFor(url) }) : httpRequest(url, { ...options, agent: this.http });
      const withRoom = (work: () => Promise<void>): Promise<void> => (counted === true ? work() : this.takeRoom(limit, deadline, work));
      // More than one may come: after the answer has begun, or while the connection is given up.
      request.on('error', fail);
      request.once('response', (message) => {
        readWhole(message, url, limit, withRoom).then((bytes) => resolve({ status: message.statusCode ?? 0, headers: flat(message), body: bytes }), (error: unknown) => {
          request.destroy();
          if (error instanceof VerifierError) {
            reject(error);
          } else {
            fail(error);
          }
        });
      });
      request.end(body);
    });
    // Node ends a request that waits for the proxy only when the proxy has answered.
    return atLast(deadline, answer);
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
    this.tunnel?.destroy();
  }

  private agentFor(url: URL): HttpsAgent {
    return this.tunnel !== undefined && this.way.proxy !== undefined && carries(this.way.proxy, url) ? this.tunnel : this.https;
  }
}

/** @param withRoom - goes on reading what is more than a little, when there is room for it; until then the other side waits */
async function readWhole(message: IncomingMessage, url: URL, limit: number, withRoom: (work: () => Promise<void>) => Promise<void>): Promise<Buffer> {
  const encoding = message.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new VerifierError('REGISTRY_UNAVAILABLE', `${url.host} sent an answer in an encoding that was not asked for`);
  }
  const announced = Number(message.headers['content-length'] ?? 0);
  if (announced > limit) {
    throw tooLarge(url, limit);
  }
  const gathered = new GatheredBytes(announced > 0 ? announced : limit);
  let enough = SMALL;
  let turn = TURN;
  await new Promise<void>((resolve, reject) => {
    message.on('data', (part: Buffer) => {
      gathered.add(part);
      if (gathered.size > limit) {
        reject(tooLarge(url, limit));
      } else if (gathered.areCrumbs) {
        reject(new VerifierError('REGISTRY_UNAVAILABLE', `${url.host} sends an answer in too many small pieces`));
      } else if (gathered.size > enough) {
        enough = Infinity;
        message.pause();
        withRoom(() => {
          message.resume();
          return ended;
        }).then(resolve, reject);
      } else if (gathered.size > turn) {
        turn = gathered.size + TURN;
        message.pause();
        setImmediate(() => message.resume());
      }
    });
    const ended = new Promise<void>((end, broke) => {
      message.once('end', end);
      message.once('error', broke);
      message.once('close', () => broke(new Error('the connection was closed before the answer ended')));
    });
    ended.then(resolve, reject);
  });
  return gathered.bytes();
}

function flat(message: IncomingMessage): { [name: string]: string | undefined } {
  return Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}

function tooLarge(url: URL, limit: number): VerifierError {
  return new VerifierError('LIMIT', `${url.host} sent more than the ${limit} bytes that are read of such an answer`);
}

function outOfTime(url: URL): VerifierError {
  return new VerifierError('DEADLINE', `${url.host} did not answer in time`);
}

/** Names the kind of failure and the host; never the path or the query, which may hold what others may not see. */
function broken(url: URL, error: unknown): BrokenConnection {
  if (error instanceof ProxyError) {
    return new BrokenConnection(error.message, { cause: error });
  }
  const code = codeOf(error);
  const options = { cause: error };
  if (UNTRUSTED.has(code)) {
    return new BrokenConnection(`${url.host} shows a certificate that is not trusted (${code}); renew it, or name its authority as caFile in the registry configuration`, options);
  }
  if (NO_TLS.has(code)) {
    return new BrokenConnection(`${url.host} does not speak TLS 1.2 or newer (${code}), and nothing in the registry configuration says that it need not`, options);
  }
  return new BrokenConnection(`no whole answer from ${url.host} (${code})`, options);
}

/** What Node calls a certificate that it does not accept. */
const UNTRUSTED = new Set([
  'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_UNTRUSTED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What OpenSSL says to bytes that are no TLS, or an older one. */
const NO_TLS = new Set(['EPROTO', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_SSL_WRONG_VERSION_NUMBER']);

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) {
    return 'unknown';
  }
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return [code, name].find((text) => typeof text === 'string') ?? 'unknown';
}
