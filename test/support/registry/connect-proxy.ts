import { createServer, IncomingMessage, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { AddressInfo, connect, Socket } from 'node:net';
import { Duplex } from 'node:stream';

export interface ConnectProxyOptions {
  /** PEM; spoken to without TLS without it. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** `Proxy-Authorization` that is asked for. @default - none */
  readonly authorization?: string;
}

/** A proxy on loopback that leads every name to one and the same server, and can be told to misbehave. */
export class ConnectProxy {
  /** @param target - port on loopback */
  static async start(target: number, options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(target, options);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** What was asked for, in order, as `METHOD place`. */
  readonly asked: string[] = [];
  readonly authorizations: Array<string | undefined> = [];
  /** Everything that went through it, as it was seen. */
  seen = '';
  /** Does this in place of connecting. */
  fault: ((socket: Duplex) => void) | undefined;
  private readonly sockets = new Set<Duplex>();
  private readonly server: Server;

  private constructor(private readonly target: number, private readonly options: ConnectProxyOptions) {
    this.server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
    this.server.on('request', ({ method, url }: IncomingMessage, response) => {
      this.asked.push(`${method} ${url}`);
      response.writeHead(400).end();
    });
    this.server.on('connect', (request: IncomingMessage, socket: Socket) => this.connect(request, socket));
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): URL {
    return new URL(`${this.options.tls === undefined ? 'http' : 'https'}://${this.host}`);
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private connect(request: IncomingMessage, socket: Duplex): void {
    this.asked.push(`CONNECT ${request.url}`);
    this.authorizations.push(request.headers['proxy-authorization']);
    this.sockets.add(socket.on('error', () => socket.destroy()));
    if (this.fault !== undefined) {
      this.fault(socket);
      return;
    }
    if (request.headers['proxy-authorization'] !== this.options.authorization) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const there = connect(this.target, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    this.sockets.add(there.on('error', () => socket.destroy()));
    socket.on('data', (bytes: Buffer) => {
      this.seen += bytes.toString('latin1');
    });
    socket.pipe(there).pipe(socket);
    socket.once('close', () => there.destroy());
    there.once('close', () => socket.destroy());
  }
}
