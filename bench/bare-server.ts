import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: 'bench', allowed: true } });

/** The peer: reads a body to its end and says yes, as fast as `node:https` can. */
export function serveBare(certificateFile: string, keyFile: string): void {
  const server = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile), keepAliveTimeout: 120_000 }, (request, response) => {
    request.on('data', () => undefined);
    request.once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(ANSWER) });
      response.end(ANSWER);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`${JSON.stringify({ event: 'listening', address: `127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
  });
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
  });
}
