import { ClientRequestArgs, request as httpRequest } from 'node:http';
import { Agent, AgentOptions, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Duplex } from 'node:stream';
import { Proxy, proxyAuthorization, ProxyError } from './proxy';

/** Milliseconds for the proxy to connect; who waits for it has a deadline of his own, a connection that nobody waits for any more has this. */
const PATIENCE = 10_000;

/** TLS connections through a proxy, which sees where they go and nothing of what is said. */
export class TunnelAgent extends Agent {
  constructor(private readonly proxy: Proxy, options: AgentOptions) {
    super(options);
  }

  override createConnection(options: ClientRequestArgs, connected?: (error: Error | null, socket: Duplex) => void): undefined {
    const secure = (socket: Duplex): Duplex => super.createConnection({ ...options, socket } as ClientRequestArgs) as Duplex;
    this.tunnelTo(`${bracketed(options.host ?? '')}:${options.port ?? 443}`).then(
      (socket) => connected?.(null, secure(socket)),
      // With an error there is no socket, whatever the type says.
      (error: unknown) => (connected as ((failure: unknown) => void) | undefined)?.(error),
    );
  }

  private async tunnelTo(authority: string): Promise<Duplex> {
    const { url, ca } = this.proxy;
    const headers = { host: authority, ...await proxyAuthorization(this.proxy) };
    const options = { method: 'CONNECT', path: authority, headers, agent: false, ...(ca === undefined ? {} : { ca }) };
    return new Promise<Duplex>((resolve, reject) => {
      // Said outright: Node would take the name from the header `host`, which is that of the place behind the proxy.
      const servername = isIP(url.hostname.replace(/^\[(.*)\]$/, '$1')) === 0 ? url.hostname : '';
      const request = url.protocol === 'https:' ? httpsRequest(url, { ...options, servername, minVersion: 'TLSv1.2' }) : httpRequest(url, options);
      const timer = setTimeout(() => request.destroy(new ProxyError(`the proxy ${url.host} did not connect to ${authority} within ${PATIENCE / 1000} seconds`)), PATIENCE);
      const refuse = (status: number): void => reject(new ProxyError(`the proxy ${url.host} does not connect to ${authority} (HTTP ${status}); ${ADVICE[status] ?? 'ask those who run it'}`));
      request.once('connect', ({ statusCode = 0 }, socket, first) => {
        clearTimeout(timer);
        if (statusCode >= 200 && statusCode < 300 && first.length === 0) {
          resolve(socket);
        } else {
          socket.destroy();
          refuse(statusCode);
        }
      });
      request.on('error', (error) => {
        clearTimeout(timer);
        reject(error instanceof ProxyError ? error : new ProxyError(`no answer from the proxy ${url.host} (${'code' in error ? String(error.code) : error.name})`, { cause: error }));
      });
      request.end();
    });
  }
}

const ADVICE: { readonly [status: number]: string } = {
  403: 'it has to allow this place, or the place has to be an exception in the registry configuration',
  407: 'give it a username and password by credentialsFolder in the registry configuration, or mend those that are there',
};

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
