import { once } from 'node:events';
import { connect, TLSSocket } from 'node:tls';

/** An HTTPS server on this machine. */
export interface Target {
  readonly port: number;
  /** PEM of the authority of its certificate, which is for `localhost`. */
  readonly ca: string;
}

export interface Load {
  /** Connections that are kept alive, each with one request at a time. */
  readonly connections: number;
  /** The next request's body, `undefined` at the end. */
  readonly next: () => Buffer | undefined;
  /** Milliseconds between two requests of a connection. @default 0 */
  readonly pause?: number;
}

export interface Answered {
  /** Milliseconds of each request, in order of their answers. */
  readonly latencies: readonly number[];
  readonly seconds: number;
}

/**
 * Posts admission reviews to `/validate` and waits for their answers, with as little work of its own as it can.
 *
 * @throws Error for an answer that is not an allow: figures of refusals would be figures of something else
 */
export async function run(target: Target, { connections, next, pause = 0 }: Load): Promise<Answered> {
  const latencies: number[] = [];
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(target)));
  const start = performance.now();
  try {
    await Promise.all(sockets.map(async (socket) => {
      for (let body = next(); body !== undefined; body = next()) {
        const sent = performance.now();
        await exchange(socket, body);
        latencies.push(performance.now() - sent);
        if (pause > 0) {
          await new Promise((resolve) => setTimeout(resolve, pause));
        }
      }
    }));
  } finally {
    sockets.forEach((socket) => socket.destroy());
  }
  return { latencies, seconds: (performance.now() - start) / 1000 };
}

/** The same body until the time is over. */
export function during(milliseconds: number, body: Buffer): () => Buffer | undefined {
  const end = performance.now() + milliseconds;
  return () => (performance.now() < end ? body : undefined);
}

async function open({ port, ca }: Target): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca, ALPNProtocols: ['http/1.1'] });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  return socket;
}

async function exchange(socket: TLSSocket, body: Buffer): Promise<void> {
  const head = `POST /validate?timeout=10s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
  const answer = await answerOf(socket);
  if (!answer.startsWith('HTTP/1.1 200') || !answer.includes('"allowed":true')) {
    throw new Error(`the server did not allow the request that it was measured with: ${answer.slice(0, 600)}`);
  }
}

/** Reads one response with a Content-Length. */
function answerOf(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (act: () => void): void => {
      socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close');
      act();
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const [, length] = end === -1 ? [] : /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end)) ?? [];
      if (length !== undefined && text.length >= end + 4 + Number(length)) {
        finish(() => resolve(text));
      }
    });
    socket.once('error', (error: Error) => finish(() => reject(error)));
    socket.once('close', () => finish(() => reject(new Error('the connection was closed before the answer ended'))));
  });
}
