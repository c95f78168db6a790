import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { AddressInfo } from 'node:net';

/** The peers, each as fast as `node:https` can be: what they do with a body that they read to its end. */
const ANSWERS = {
  /** Says yes to nobody. */
  bare: () => answerTo('bench'),
  /** The least that the API server takes for an answer: a review is parsed, and its uid comes back. */
  reading: (body: readonly Buffer[]) => answerTo((JSON.parse(Buffer.concat(body).toString('utf8')) as { request: { uid: string } }).request.uid),
};

export type BarePeer = keyof typeof ANSWERS;

/** @param listen - `host:port` */
export function serveBare(peer: BarePeer, certificateFile: string, keyFile: string, listen: string): void {
  const answer = ANSWERS[peer];
  const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile), keepAliveTimeout: 120_000 }, (request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.once('end', () => {
      const text = answer(body);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
  });
  const [host = '', port] = listen.split(':');
  server.listen(Number(port), host, () => {
    process.stdout.write(`${JSON.stringify({ event: 'listening', address: `${host}:${(server.address() as AddressInfo).port}` })}\n`);
  });
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
  });
}

function answerTo(uid: string): string {
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } });
}
