import { connect, createServer, Server, Socket } from 'node:net';
import { AddressInfo } from 'node:net';

/**
 * What a Service is to the API server: one address for several replicas, connections in turns, and whoever refuses one is passed over.
 */
export class Balancer {
  static async start(ports: () => readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    await new Promise<void>((resolve) => balancer.server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  private readonly server: Server;
  private readonly open = new Set<Socket>();
  private turn = 0;

  private constructor(private readonly ports: () => readonly number[]) {
    this.server = createServer((client) => {
      this.keep(client);
      this.forward(client, this.ports().length);
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.open.forEach((socket) => socket.destroy());
    await new Promise((closed) => this.server.close(closed));
  }

  private forward(client: Socket, left: number): void {
    const ports = this.ports();
    const port = ports[this.turn % Math.max(1, ports.length)];
    this.turn += 1;
    if (port === undefined || left === 0) {
      client.destroy();
      return;
    }
    const server = connect(port, '127.0.0.1');
    this.keep(server);
    server.once('connect', () => {
      client.pipe(server).pipe(client);
      client.once('close', () => server.destroy());
      server.once('close', () => client.destroy());
    });
    server.once('error', () => {
      if (server.bytesRead === 0 && server.bytesWritten === 0 && !client.destroyed) {
        this.forward(client, left - 1);
      }
    });
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.open.delete(socket));
  }
}
