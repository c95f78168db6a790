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
  /** Whether every answer has to be a refusal instead of an allow. @default false */
  readonly refused?: boolean;
}

export interface Answered {
  /** Milliseconds of each request, in order of their answers. */
  readonly latencies: readonly number[];
  readonly seconds: number;
}

/**
 * Posts admission reviews to `/validate` and waits for their answers, with as little work of its own as it can.
 *
 * @throws Error for an answer of the other kind: they would be figures of something else
 */
export async function run(target: Target, { connections, next, pause = 0, refused = false }: Load): Promise<Answered> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(target)));
  try {
    return await askedBy(sockets, next, (socket, body) => exchange(socket, body, !refused), pause);
  } finally {
    sockets.forEach((socket) => socket.destroy());
  }
}

/** Lets everybody ask one thing after another until there is none left. @param pause - milliseconds between two of them */
export async function askedBy<Who, What>(
  everybody: readonly Who[], next: () => What | undefined, ask: (who: Who, what: What) => Promise<void>, pause = 0,
): Promise<Answered> {
  const latencies: number[] = [];
  const start = performance.now();
  await Promise.all(everybody.map(async (who) => {
    for (let what = next(); what !== undefined; what = next()) {
      const sent = performance.now();
      await ask(who, what);
      latencies.push(performance.now() - sent);
      if (pause > 0) {
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }));
  return { latencies, seconds: (performance.now() - start) / 1000 };
}

/** What became of requests that were sent when they were due, whether earlier ones were answered or not. */
export interface Sustained extends Answered {
  readonly rate: number;
  /** Without an answer within 10 s, as long as the API server waits. */
  readonly unanswered: number;
}

const WAITS = 10_000;

/**
 * Asks so often a second, for so many seconds.
 *
 * @param most - requests that may be under way: above it nothing is sent, since the machine is then what is measured
 */
export async function sustained(rate: number, seconds: number, most: number, ask: () => Promise<void>): Promise<Sustained> {
  const latencies: number[] = [];
  const underWay = new Set<Promise<void>>();
  const start = performance.now();
  let sent = 0;
  for (let due = 0; performance.now() - start < seconds * 1000; due = Math.floor((performance.now() - start) / 1000 * rate)) {
    for (; sent < due && underWay.size < most; sent += 1) {
      const began = performance.now();
      const call: Promise<void> = ask().finally(() => {
        latencies.push(performance.now() - began);
        underWay.delete(call);
      });
      underWay.add(call);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(underWay);
  const spent = (performance.now() - start) / 1000;
  return { latencies, seconds: spent, rate: sent / spent, unanswered: latencies.filter((latency) => latency > WAITS).length };
}

/** The same until the time is over. */
export function during<What>(milliseconds: number, body: What): () => What | undefined {
  const end = performance.now() + milliseconds;
  return () => (performance.now() < end ? body : undefined);
}

async function open({ port, ca }: Target): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca, ALPNProtocols: ['http/1.1'] });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  return socket;
}

async function exchange(socket: TLSSocket, body: Buffer, allowed: boolean): Promise<void> {
  const head = `POST /validate?timeout=10s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
  const answer = await answerOf(socket);
  if (!answer.startsWith('HTTP/1.1 200') || !answer.includes(`"allowed":${allowed}`)) {
    throw new Error(`the server ${allowed ? 'did not allow' : 'allowed'} the request that it was measured with: ${answer.slice(0, 600)}`);
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

/** One after the other, each once. */
export function inTurn<What>(all: readonly What[]): () => What | undefined {
  const left = [...all];
  return () => left.shift();
}
