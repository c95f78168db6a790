import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp, Socket } from 'node:net';
import { connect } from 'node:tls';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../image/process';
import { freePort } from '../test/support/free-port';
import { Figure, inMilliseconds, median, Section } from './figures';
import { BenchStage } from './stage';

const STARTS = 21;

/** The authorities of the image come from a file, which is what `--use-openssl-ca` says there. */
const FLAGS = ['--use-openssl-ca', ...NODE_FLAGS];

/** The least that a server over TLS can be: certificate, key and port are its arguments. */
const LEAST = `const { readFileSync } = require('node:fs');
const [certificate, key, port] = process.argv.slice(1);
require('node:https').createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, reply) => reply.end()).listen(Number(port), '127.0.0.1');`;

/** Milliseconds since a process was started. */
interface Start {
  /** Until a connection over TLS is there. */
  readonly listens: number;
  /** Until `/readyz` says so: threads have loaded, and tell a genuine signature from a forged one. */
  readonly ready: number;
}

/** How long it takes from the start of a process until it can be asked, with the command of the image but out of a container. */
export async function startSection(progress: (text: string) => void): Promise<Section> {
  const stage = await BenchStage.start();
  try {
    const { certificate, key } = stage.identity;
    const serve = (port: number, tls: readonly string[]): string[] => ['build/bin/verifier.cjs', ...stage.serve(port, tls)];
    const servers: readonly (readonly [name: string, args: (port: number) => string[]])[] = [
      ['bare node:https server', (port) => ['-e', LEAST, certificate, key, String(port)]],
      ['verifier, its certificate given', (port) => serve(port, ['--tls-cert', certificate, '--tls-key', key])],
      ['verifier, its certificate issued by itself', (port) => serve(port, ['--tls', 'self-managed'])],
    ];
    const found = servers.map((): Start[] => []);
    // The first of each reads its files from the disk.
    for (let turn = 0; turn <= STARTS; turn += 1) {
      progress(`start ${turn} of ${STARTS}`);
      for (const [index, [, args]] of servers.entries()) {
        const one = await startOnce(args);
        found[index]?.push(...turn === 0 ? [] : [one]);
      }
    }
    const [bare = NaN] = found.map((starts) => median(starts.map(({ listens }) => listens)));
    return { title: 'Start', method: `from starting the process to the first connection over TLS; ${STARTS} times each, in turns, medians`, figures: servers.map(([name], index) => figureOf(name, found[index] ?? [], bare)) };
  } finally {
    await stage.close();
  }
}

function figureOf(name: string, starts: readonly Start[], bare: number): Figure {
  const listens = median(starts.map((start) => start.listens));
  return listens === bare ? { name, value: `listens after ${inMilliseconds(bare)}` } : {
    name, value: `listens after ${inMilliseconds(listens)}, ready after ${inMilliseconds(median(starts.map(({ ready }) => ready)))}`,
    ratio: `${(listens / bare).toFixed(2)} × the bare server`, target: { text: 'listens within 150 ms', met: listens <= 150 },
  };
}

async function startOnce(args: (port: number) => string[]): Promise<Start> {
  const port = await freePort();
  const start = performance.now();
  const child = spawn(process.execPath, [...FLAGS, ...args(port)], { stdio: 'ignore', env: { ...process.env, ...NODE_ENVIRONMENT } });
  const since = (): number => performance.now() - start;
  try {
    while (!await ask(port)) {
      if (child.exitCode !== null) {
        throw new Error(`${args(port).join(' ')} ended with exit code ${child.exitCode}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const listens = since();
    while (await ask(port, 'GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n') !== 'HTTP/1.1 200') {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return { listens, ready: since() };
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** Connects, sends something, and gives the beginning of the answer; without a question that there is a connection; `undefined` where there is none. */
async function ask(port: number, question?: string): Promise<string | undefined> {
  const tcp = connectTcp(port, '127.0.0.1');
  if (!await happens(tcp, 'connect')) {
    return undefined;
  }
  // Whose certificate it is does not matter for how long it takes.
  const socket = connect({ socket: tcp, rejectUnauthorized: false });
  try {
    if (!await happens(socket, 'secureConnect')) {
      return undefined;
    }
    if (question === undefined) {
      return 'connected';
    }
    socket.write(question);
    const [chunk] = await once(socket, 'data') as [Buffer];
    return chunk.toString('latin1', 0, 12);
  } finally {
    socket.destroy();
  }
}

function happens(socket: Socket, event: string): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once(event, () => resolve(true));
    socket.once('error', () => resolve(false));
  });
}
