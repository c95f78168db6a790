import { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { ClusterAccess, Credentials } from './access';

/** One call may take this long, in milliseconds; an API server that accepts and never answers must not hold anything up. */
const CALL_TIMEOUT = 10_000;

/** A watch on which nothing came for so long is taken for over, in milliseconds. */
const WATCH_TIMEOUT = 30_000;

/** How long credentials are used before they are read again, in milliseconds; as client-go does it. */
const CREDENTIALS_FRESH = 60_000;

/** Milliseconds after which a connection is not used again: the API server keeps idle ones for longer, so that none is closed under a call. */
const IDLE = 30_000;

/** Most bytes of an answer, and of an event of a watch: twenty thousand namespaces and more. */
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
   * Follows a list from a version on; returns when the API server has ended the watch, or nothing came on it for half a minute.
   *
   * @throws ApiError; Error when the connection broke or what came on it is no event; what `changed` throws
   */
  async watch(path: string, version: string, signal: AbortSignal, established: () => void, changed: (event: WatchEvent) => void): Promise<void> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), WATCH_TIMEOUT);
    timer.unref();
    const query = `watch=true&resourceVersion=${encodeURIComponent(version)}`;
    try {
      const answer = await this.send({ method: 'GET', path: `${path}?${query}`, signal: AbortSignal.any([this.closing.signal, signal, silence.signal]) });
      established();
      timer.refresh();
      for await (const line of linesOf(answer)) {
        timer.refresh();
        changed(JSON.parse(line) as WatchEvent);
      }
    } catch (error) {
      if (!silence.signal.aborted) {
        throw error;
      }
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
    let text = '';
    for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      requireSmall(text);
    }
    return JSON.parse(text) as T;
  }

  /** The answer of status 2xx, before its body; every other one is read to its end, unseen, and thrown. */
  private async send({ method, path, signal, body }: Call): Promise<IncomingMessage> {
    signal.throwIfAborted();
    const { credentials: { token }, agent } = this.connection();
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
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
    const { statusCode: status = 0 } = answer;
    if (status >= 200 && status < 300) {
      return answer;
    }
    // Its connection can be used again.
    answer.on('error', () => undefined).resume();
    if (status === 401) {
      this.held = undefined;
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
    return new Agent({
      keepAlive: true, timeout: IDLE, maxSockets: 64, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'],
      ...ca === undefined ? {} : { ca },
      ...cert === undefined ? {} : { cert },
      ...key === undefined ? {} : { key },
      ...serverName === undefined ? {} : { servername: serverName },
    });
  }
}

/** @throws Error for a line that has no end */
async function* linesOf(message: IncomingMessage): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of message.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    requireSmall(rest);
    yield* lines.filter((line) => line !== '');
  }
}

function requireSmall(text: string): void {
  if (text.length > LARGEST) {
    throw new Error(`the API server answers with more than ${LARGEST} bytes`);
  }
}
