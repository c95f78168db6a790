import { Agent, request } from 'node:https';
import { Outcome } from './tally';

/** A webhook on this machine. */
export interface Target {
  /** @default 127.0.0.1 */
  readonly address?: string;
  readonly port: number;
  /** What its certificate is for. @default localhost */
  readonly name?: string;
  /** PEM of the authorities that its certificate may be from. */
  readonly ca: string | readonly string[];
}

/** Milliseconds that the API server waits for a webhook by default (`timeoutSeconds: 10`). */
export const API_SERVER_WAITS = 10_000;

/** Asks as the API server does: connections are kept, and there is an answer with the review's own uid in time, or none. */
export class Asker {
  private readonly agent: Agent;
  private count = 0;

  constructor(private readonly target: Target) {
    this.agent = new Agent({ keepAlive: true, ca: [target.ca].flat(), servername: target.name ?? 'localhost' });
  }

  /** @param body - makes a review with this uid */
  ask(body: (uid: string) => Buffer): Promise<Outcome> {
    this.count += 1;
    const uid = `${process.pid}-${this.count}`;
    const bytes = body(uid);
    return new Promise((answered) => {
      const call = request({
        host: this.target.address ?? '127.0.0.1', port: this.target.port, path: '/validate?timeout=10s', method: 'POST', agent: this.agent,
        headers: { 'content-type': 'application/json', 'content-length': bytes.length },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', () => answered('broken'));
        response.once('end', () => answered(response.statusCode === 200 ? outcomeOf(Buffer.concat(chunks), uid) : 'malformed'));
      });
      const timer = setTimeout(() => {
        answered('unanswered');
        call.destroy();
      }, API_SERVER_WAITS);
      call.once('close', () => {
        clearTimeout(timer);
        answered('broken');
      });
      call.once('error', () => answered('broken'));
      call.end(bytes);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

interface Answer {
  readonly kind?: unknown;
  readonly response?: { readonly uid?: unknown; readonly allowed?: unknown; readonly status?: { readonly message?: string } };
}

function outcomeOf(body: Buffer, uid: string): Outcome {
  const { kind, response } = JSON.parse(body.toString('utf8')) as Answer;
  if (kind !== 'AdmissionReview' || response?.uid !== uid || typeof response.allowed !== 'boolean') {
    return 'malformed';
  }
  return response.allowed ? 'allowed' : /\[([A-Z_]+)\]/.exec(response.status?.message ?? '')?.[1] ?? 'denied';
}
