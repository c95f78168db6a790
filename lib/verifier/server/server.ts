import { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Server } from 'node:https';
import { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { createSecureContext, SecureContext, SecureContextOptions } from 'node:tls';
import { send, Webhook, WebhookPath } from './webhook';

/** A certificate chain and its key, PEM. */
export interface ServingCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** The API servers of a cluster keep far fewer; each may hold a small body. */
const MOST_CONNECTIONS = 2_048;

/** Requests of one connection whose answers are not taken yet; who speaks HTTP without pipelining, as the API server does, has one. */
const MOST_REQUESTS = 2;

/** Milliseconds after which a connection that is kept open and silent is closed at the end; the API server asks again and again on those that it has. */
const LAST_QUESTION = 2_000;

export interface ServerParts {
  readonly webhook: Webhook;
  /** Why the verifier cannot answer reviews well right now; empty when it can. */
  readonly unready: () => readonly string[];
  /** The metrics page in the Prometheus text format. */
  readonly metrics: () => Promise<string>;
  readonly unexpected: (error: unknown) => void;
}

/**
 * The HTTPS server: HTTP/1.1 with keep-alive longer than the API server's 90 s, so that the API server closes idle
 * connections and never finds one closed under it.
 */
export class WebhookServer {
  private readonly server: Server;
  /** By their other end. */
  private readonly connections = new Map<string, Connection>();
  /** Those that have not sent a request yet; the first has been there longest. */
  private readonly strangers = new Set<Connection>();
  /** Those whose requests are all answered; the first has been silent longest. */
  private readonly idle = new Set<Connection>();
  private context: SecureContext;
  private readonly inWork = new Set<ServerResponse>();
  private stopping = false;

  /** @param mostConnections - at once, of whatever kind */
  constructor(private readonly parts: ServerParts, certificate: ServingCertificate, private readonly mostConnections = MOST_CONNECTIONS) {
    this.context = secureContext(certificate);
    this.server = createServer({
      ...identityOf(certificate),
      ALPNProtocols: ['http/1.1'],
      // Each handshake takes the newest certificate, whatever name the client asks for: a rotation drops no connection.
      SNICallback: (_name, callback) => callback(null, this.context),
      keepAliveTimeout: 120_000,
      handshakeTimeout: 5_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      maxHeaderSize: 16 * 1024,
    }, (message, reply) => {
      // Only the log itself is left to fail: without an answer the API server refuses.
      this.route(message, reply).catch(() => message.destroy());
    });
    this.server.on('connection', (socket: Socket) => this.admit(socket));
    // A handshake that fails is the client's affair: its connection ends, nothing else does.
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Starts listening; port 0 takes a free one. */
  async listen(host: string, port: number): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error): void => reject(new Error(`cannot listen on ${host}:${port} (${error.message}); choose another address and port with --listen`, { cause: error }));
      this.server.once('error', fail);
      this.server.listen(port, host, () => {
        this.server.removeListener('error', fail);
        this.server.on('error', this.parts.unexpected);
        resolve();
      });
    });
    const address = this.server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('the server listens on no TCP address');
    }
    return address;
  }

  /** New connections get this certificate from now on. */
  use(certificate: ServingCertificate): void {
    this.context = secureContext(certificate);
    this.server.setSecureContext(identityOf(certificate));
  }

  /**
   * Stops taking connections, answers what is in work, and closes what is left after `grace` milliseconds.
   *
   * A connection that is kept open may have a request on its way: each is asked once more and closed with that answer, or closed when it stays silent.
   */
  async stop(grace: number): Promise<void> {
    this.stopping = true;
    // A connection that stays open after its last answer would hold up the end until the grace is over.
    this.inWork.forEach((reply) => lastOne(reply));
    // That of an HTTP server ends idle connections at once.
    const closed = new Promise<void>((resolve) => TcpServer.prototype.close.call(this.server, () => resolve()));
    const timers = [
      setTimeout(() => this.server.closeIdleConnections(), Math.min(LAST_QUESTION, grace)),
      setTimeout(() => this.connections.forEach(({ socket }) => socket.destroy()), grace),
    ];
    await closed;
    timers.forEach((timer) => clearTimeout(timer));
  }

  /**
   * Where there are too many, one without a request in work makes room: of those that never asked and those that are answered, the one that is silent longest
   * among whichever are more. So nobody keeps the API server out by holding places, neither such as say nothing nor such as have asked, whether or not they take
   * their answers.
   */
  private admit(socket: Socket): void {
    const peer = peerOf(socket);
    const connection: Connection = { socket, requests: 0, unanswered: 0 };
    this.connections.set(peer, connection);
    this.strangers.add(connection);
    socket.once('close', () => {
      this.strangers.delete(connection);
      this.idle.delete(connection);
      // The same port may have come again by now.
      if (this.connections.get(peer) === connection) {
        this.connections.delete(peer);
      }
    });
    if (this.connections.size > this.mostConnections) {
      const [silent = connection] = this.strangers.size > this.idle.size ? this.strangers : this.idle;
      silent.socket.destroy();
    }
  }

  /**
   * The connection of a request is not silent until its answer is on its way; whether anybody takes it is another matter. One that asks on and on without
   * taking answers is ended, since all of them would have to be kept.
   *
   * @returns whether the request is to be answered
   */
  private occupy(message: IncomingMessage, reply: ServerResponse): boolean {
    const connection = this.connections.get(peerOf(message.socket));
    if (connection === undefined || connection.requests === MOST_REQUESTS) {
      message.socket.destroy();
      return false;
    }
    this.strangers.delete(connection);
    this.idle.delete(connection);
    connection.requests += 1;
    connection.unanswered += 1;
    let isAnswered = false;
    const answered = (): void => {
      connection.unanswered -= isAnswered ? 0 : 1;
      isAnswered = true;
      if (connection.unanswered === 0 && !connection.socket.destroyed) {
        this.idle.add(connection);
      }
    };
    reply.once('prefinish', answered);
    reply.once('close', () => {
      connection.requests -= 1;
      answered();
    });
    return true;
  }

  private async route(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    if (!this.occupy(message, reply)) {
      return;
    }
    this.inWork.add(reply);
    reply.once('close', () => this.inWork.delete(reply));
    try {
      if (this.stopping) {
        lastOne(reply);
      }
      const path = (message.url ?? '').split('?')[0] ?? '';
      if (isWebhookPath(path)) {
        await (message.method === 'POST' ? this.parts.webhook.handle(path, message, reply) : notAllowed(reply, 'POST'));
      } else if (message.method !== 'GET') {
        notAllowed(reply, 'GET');
      } else {
        await this.serveStatus(path, reply);
      }
    } catch (error) {
      this.parts.unexpected(error);
      send(reply, 500, 'text/plain; charset=utf-8', 'internal error\n');
    }
  }

  private async serveStatus(path: string, reply: ServerResponse): Promise<void> {
    if (path === '/healthz') {
      send(reply, 200, 'text/plain; charset=utf-8', 'ok\n');
    } else if (path === '/readyz') {
      const unready = this.stopping ? ['stopping'] : this.parts.unready();
      send(reply, unready.length === 0 ? 200 : 503, 'text/plain; charset=utf-8', unready.length === 0 ? 'ready\n' : `not ready: ${unready.join('; ')}\n`);
    } else if (path === '/metrics') {
      send(reply, 200, 'text/plain; version=0.0.4; charset=utf-8', await this.parts.metrics());
    } else {
      send(reply, 404, 'text/plain; charset=utf-8', 'no such page: /validate, /audit, /mutate (POST), /healthz, /readyz, /metrics (GET)\n');
    }
  }
}

interface Connection {
  readonly socket: Socket;
  /** Those whose answers are not taken yet. */
  requests: number;
  /** Those of them that have no answer yet. */
  unanswered: number;
}

/** The same for a connection and for the encrypted one on top of it. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Closes the connection with this answer, if it is not on its way yet. */
function lastOne(reply: ServerResponse): void {
  if (!reply.headersSent) {
    reply.setHeader('connection', 'close');
  }
}

function isWebhookPath(path: string): path is WebhookPath {
  return path === '/validate' || path === '/audit' || path === '/mutate';
}

function notAllowed(reply: ServerResponse, method: string): void {
  reply.setHeader('allow', method);
  send(reply, 405, 'text/plain; charset=utf-8', `use ${method}\n`);
}

function secureContext(certificate: ServingCertificate): SecureContext {
  return createSecureContext(identityOf(certificate));
}

/** Nobody is asked for a certificate: the authorities of the system, which Node reads otherwise, would be read for nothing. */
function identityOf({ key, certificate }: ServingCertificate): SecureContextOptions {
  return { key, cert: certificate, minVersion: 'TLSv1.2', ca: [] };
}
