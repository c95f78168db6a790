import { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Answers in place of the registry, or changes how it answers. */
export type Fault = (response: ServerResponse, answer: () => void) => void;

type Headers = { readonly [name: string]: string };

/** Exactly this answer. */
export function status(code: number, headers: Headers = {}, body: string | Uint8Array = ''): Fault {
  return (response) => void response.writeHead(code, headers).end(body);
}

/** Other bytes under the usual headers. */
export function bytes(content: string | Uint8Array, headers: Headers = {}): Fault {
  return status(200, headers, content);
}

/** The usual answer, with headers that say something else. */
export function lying(lies: Headers): Fault {
  return (response, answer) => {
    Object.entries(lies).forEach(([name, value]) => response.setHeader(name, value));
    answer();
  };
}

export function redirect(location: string, code = 307): Fault {
  return status(code, { location });
}

/** Never an answer. */
export const hang: Fault = () => undefined;

/** The beginning of an answer, then nothing. */
export const hangInBody: Fault = (response) => void response.writeHead(200, { 'content-length': '1000' }).write('{');

/** An answer of so many bytes, of which none comes. */
export function announced(size: number): Fault {
  return (response) => void response.writeHead(200, { 'content-length': String(size) }).flushHeaders();
}

/** The connection breaks before anything is answered. */
export const reset: Fault = (response) => void response.destroy();

/** The connection breaks in the middle of the answer. */
export const cutOff: Fault = (response) => void response.writeHead(200, { 'content-length': '1000' }).write('{', () => void response.destroy());

/** One byte a second, from the first header on. */
export const drip: Fault = (response) => {
  const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n';
  let sent = 0;
  const timer = setInterval(() => {
    response.socket?.write(answer[sent] ?? ' ');
    sent += 1;
  }, 1_000);
  response.socket?.once('close', () => clearInterval(timer));
};

/** Bytes without end, as fast as they are taken. */
export function endless(extra: Headers = {}): Fault {
  return (response) => {
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk)) {
        // Until the other side has to catch up.
      }
    };
    response.writeHead(200, extra).on('drain', more);
    more();
  };
}

/** So many bytes of white space, in chunks of this size. */
export function crumbs(size: number, total: number): Fault {
  return (response) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked' }).flushHeaders();
    const chunk = `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`;
    response.socket?.end(`${chunk.repeat(Math.ceil(total / size))}0\r\n\r\n`);
  };
}

/** A little that unpacks to much. */
export const gzipBomb: Fault = status(200, { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(16 * 1024 * 1024)));
