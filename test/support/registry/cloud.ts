import { createServer, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { RecordedRequest } from '../registry';

/** Answers one request of a cloud's service. */
export type CloudRoute = (request: RecordedRequest) => string | { readonly status: number; readonly body: string } | ((response: ServerResponse) => void);

/** The services of a cloud on loopback, by `METHOD path`. */
export class TestCloud {
  static async start(routes: { readonly [place: string]: CloudRoute }): Promise<TestCloud> {
    const cloud = new TestCloud(routes);
    await new Promise<void>((resolve) => cloud.server.listen(0, '127.0.0.1', resolve));
    return cloud;
  }

  readonly requests: RecordedRequest[] = [];
  private readonly server: Server;

  private constructor(public routes: { readonly [place: string]: CloudRoute }) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const recorded = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
        this.requests.push(recorded);
        const answer = this.routes[`${recorded.method} ${recorded.path}`]?.(recorded) ?? { status: 404, body: '' };
        if (typeof answer === 'function') {
          answer(response);
        } else {
          response.writeHead(typeof answer === 'string' ? 200 : answer.status).end(typeof answer === 'string' ? answer : answer.body);
        }
      });
    });
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
