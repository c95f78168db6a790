import { IncomingMessage } from 'node:http';
import { GatheredBytes } from '../gathered-bytes';
import { BodyShare } from './body-budget';

/** A body that is not read to its end. */
export class BodyError extends Error {
  constructor(readonly status: 400 | 408 | 413 | 415 | 503, message: string) {
    super(message);
    this.name = 'BodyError';
  }
}

export interface BodyLimits {
  /** Bytes; the API server's own limit for an object is 3 MiB, and a review holds two. */
  readonly bytes: number;
  /** Milliseconds until the last byte. */
  readonly time: number;
}

export const BODY_LIMITS: BodyLimits = { bytes: 7 * 1024 * 1024, time: 5_000 };

/**
 * Reads a JSON body within its limits, before anything is made of it.
 *
 * @throws BodyError
 */
export function readBody(request: IncomingMessage, share: BodyShare, limits: BodyLimits = BODY_LIMITS): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (type.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return Promise.reject(new BodyError(415, 'the Content-Type must be application/json'));
  }
  if (request.headers['content-encoding'] !== undefined) {
    return Promise.reject(new BodyError(415, 'a Content-Encoding is not supported'));
  }
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limits.bytes) {
    return Promise.reject(new BodyError(413, `the body is larger than ${limits.bytes} bytes`));
  }
  return new Promise<Buffer>((resolve, reject) => {
    const gathered = new GatheredBytes(announced > 0 ? announced : limits.bytes);
    const timer = setTimeout(() => fail(new BodyError(408, `the body did not arrive within ${limits.time} ms`)), limits.time);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      request.pause();
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      const size = gathered.size + chunk.length;
      if (size > limits.bytes) {
        fail(new BodyError(413, `the body is larger than ${limits.bytes} bytes`));
      } else if (!share.grow(size)) {
        fail(new BodyError(503, 'the large requests in work fill the memory that is set aside for them; try again'));
      } else {
        gathered.add(chunk);
        if (gathered.areCrumbs) {
          fail(new BodyError(400, 'the body comes in too many small pieces; send it with a Content-Length'));
        }
      }
    });
    request.once('end', () => {
      clearTimeout(timer);
      resolve(gathered.bytes());
    });
    request.once('error', (error) => fail(new BodyError(400, `the body could not be read: ${error.message}`)));
    request.once('close', () => {
      if (!request.complete) {
        fail(new BodyError(400, 'the connection was closed before the body ended'));
      }
    });
  });
}
