import { X509Certificate } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { ClusterAccess, Credentials } from './access';

/** One call may take this long, in milliseconds; an API server that accepts and never answers must not hold anything up. */
const CALL_TIMEOUT = 10_000;

/** The API server is asked to end a watch after so many seconds: an end in order says that all has come that there was. */
const WATCH_SECONDS = 10;

/** A watch on which nothing came for so long, in milliseconds, has a connection that is dead. */
const WATCH_SILENCE = 2 * WATCH_SECONDS * 1000;

/** How long credentials are used before they are read again, in milliseconds; as client-go does it. */
const CREDENTIALS_FRESH = 60_000;

/** Milliseconds after which a connection is not used again: the API server keeps idle ones for longer, so that none is closed under a call. */
const IDLE = 30_000;

/** Most bytes of an answer, and of an event of a watch: more than a page of the largest objects that a cluster stores. */
const LARGEST = 64 * 1024 * 1024;

/** The API server refused a call. */
export class ApiError extends Error {
  constructor(readonly status: number) {
    super(`HTTP ${status}`);
    this.name = 'ApiError';
  }
}

/** What a watch tells; `object` is the object as it is then, or for `ERROR` a Status. */
export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

interface Call {
  readonly method: 'GET' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly signal: AbortSignal;
  readonly body?: unknown;
}

/** Connections by the credentials that they were made with. */
interface Connection {
  readonly credentials: Credentials;
  readonly agent: Agent;
  /** When the credentials were read, by the monotonic clock. */
  readonly since: number;
}

/** The few calls of the Kubernetes API that the verifier makes: JSON over HTTP/1.1, to an API server that a certificate vouches for. */
export class ApiClient {
  private readonly closing = new AbortController();
  private held: Connection | undefined;

  constructor(private readonly access: ClusterAccess) {}

  /** @throws ApiError; Error when no answer came */
  get<T>(path: string): Promise<T> {
    return this.call<T>({ method: 'GET', path });
  }

  /** @throws ApiError, 409 where the object has another resourceVersion by now; Error when no answer came */
  async replace(path: string, body: object): Promise<void> {
    await this.call({ method: 'PUT', path, body });
  }

  /** @param operations - RFC 6902 @throws ApiError; Error when no answer came */
  async patch(path: string, operations: readonly object[]): Promise<void> {
    await this.call({ method: 'PATCH', path, body: operations });
  }

  /**
   * Follows a list from a version on; returns when the API server has ended the watch in order, some seconds later.
   *
   * @throws ApiError; Error when the connection broke or fell silent, or what came on it is no event; what `changed` throws
   */
  async watch(path: string, version: string, signal: AbortSignal, changed: (event: WatchEvent) => void): Promise<void> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new Error('nothing came on the watch')), WATCH_SILENCE);
    timer.unref();
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${encodeURIComponent(version)}`;
    try {
      const answer = await this.send({ method: 'GET', path: `${path}?${query}`, signal: AbortSignal.any([this.closing.signal, signal, silence.signal]) });
      for await (const line of linesOf(answer)) {
        timer.refresh();
        changed(parse(line) as WatchEvent);
      }
    } catch (error) {
      silence.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the calls under way; later ones fail at once. */
  close(): void {
    this.closing.abort();
    this.held?.agent.destroy();
  }

  private async call<T>(call: Omit<Call, 'signal'>): Promise<T> {
    const answer = await this.send({ ...call, signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(CALL_TIMEOUT)]) });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      requireSmall(size);
      chunks.push(chunk);
    }
    return parse(Buffer.concat(chunks).toString('utf8')) as T;
  }

  /** The answer of status 2xx, before its body; every other one is read to its end, unseen, and thrown. */
  private async send({ method, path, signal, body }: Call): Promise<IncomingMessage> {
    signal.throwIfAborted();
    const connection = this.connection();
    const { credentials: { token }, agent } = connection;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(`${this.access.server}${path}`, {
        method, agent, signal,
        headers: {
          'accept': 'application/json',
          'user-agent': 'proofgate',
          ...token === undefined ? {} : { authorization: `Bearer ${token}` },
          ...body === undefined ? {} : { 'content-type': method === 'PATCH' ? 'application/json-patch+json' : 'application/json' },
        },
      }, resolve);
      sent.on('error', reject);
      // Without a listener Node ends the connection and tells nobody.
      sent.on('upgrade', (_answer, socket) => {
        socket.destroy();
        reject(new Error('the API server answered by changing the protocol'));
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
    const { statusCode: status = 0 } = answer;
    if (status >= 200 && status < 300) {
      return answer;
    }
    // Its connection can be used again.
    answer.on('error', () => undefined).resume();
    if (status === 401) {
      // To be read again; connections stay, unless what they were made with has changed.
      this.held = { ...connection, since: -Infinity };
    }
    throw new ApiError(status);
  }

  private connection(): Connection {
    const { held } = this;
    if (held !== undefined && performance.now() - held.since < CREDENTIALS_FRESH) {
      return held;
    }
    const credentials = this.access.credentials();
    const isSame = (['ca', 'cert', 'key'] as const).every((name) => held?.credentials[name] === credentials[name]);
    return this.held = { credentials, agent: held !== undefined && isSame ? held.agent : this.agentFor(credentials), since: performance.now() };
  }

  private agentFor({ ca, cert, key }: Credentials): Agent {
    const { serverName } = this.access;
    if (ca !== undefined) {
      requireCertificate(ca);
    }
    return new Agent({
      // Said, since an environment variable may say otherwise.
      rejectUnauthorized: true,
      keepAlive: true, timeout: IDLE, maxSockets: 64, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'],
      ...ca === undefined ? {} : { ca },
      ...cert === undefined ? {} : { cert },
      ...key === undefined ? {} : { key },
      ...serverName === undefined ? {} : { servername: serverName },
    });
  }
}

/** @throws Error for what does not end with a line, or has one without end */
async function* linesOf(message: IncomingMessage): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of message.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    requireSmall(rest.length);
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') {
    throw new Error('the watch ended within an event');
  }
}

/** Nothing of the text is in the message: it may be a Secret. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the API server answered with something that is no JSON');
  }
}

/** To Node's TLS an empty authority is none, and then those of the system vouch. @throws Error for what holds no certificate */
function requireCertificate(ca: string): void {
  try {
    new X509Certificate(ca);
  } catch {
    throw new Error('the authority that is to vouch for the API server holds no certificate');
  }
}

function requireSmall(size: number): void {
  if (size > LARGEST) {
    throw new Error(`the API server answers with more than ${LARGEST} bytes`);
  }
}
