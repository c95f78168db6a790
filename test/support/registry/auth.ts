import { randomUUID } from 'node:crypto';
import { ServerResponse } from 'node:http';
import type { RecordedRequest } from '../registry';

/** What a registry wants to be proven. */
export interface RegistryAuth {
  /** The `WWW-Authenticate` of the 401, or `undefined` when the request may pass. */
  challenge(request: RecordedRequest, repository: string, origin: string): string | undefined;
  /** Answers a request for a token. @returns whether it was one */
  answerToken(request: RecordedRequest, url: URL, response: ServerResponse): boolean;
}

/** User name and password with every request. */
export function basicAuth(username: string, password: string): RegistryAuth {
  return {
    challenge: ({ headers }) => (headers.authorization === basic(username, password) ? undefined : 'Basic realm="registry"'),
    answerToken: () => false,
  };
}

export interface BearerOptions {
  /** Who gets a token besides those who send an identity token. @default - everybody, without saying who they are */
  readonly username?: string;
  readonly password?: string;
  readonly identityToken?: string;
  /** Where clients are sent for tokens. @default - `/token` of the registry */
  readonly realm?: string;
  /** Said to be the life of a token, in seconds. @default - nothing is said */
  readonly expiresIn?: number;
  /** Name of the answer's field. @default token */
  readonly field?: 'token' | 'access_token';
}

/** Tokens for one repository each (distribution token specification); may be shared by a registry and a server of tokens. */
export class BearerAuth implements RegistryAuth {
  private readonly scopes = new Map<string, string>();

  constructor(private readonly options: BearerOptions = {}) {}

  challenge({ headers }: RecordedRequest, repository: string, origin: string): string | undefined {
    const scope = `repository:${repository}:pull`;
    if (this.scopes.get(String(headers.authorization)) === scope) {
      return undefined;
    }
    return `Bearer realm="${this.options.realm ?? `${origin}/token`}",service="test, registry",scope="${scope},push"`;
  }

  answerToken({ method, headers, body }: RecordedRequest, url: URL, response: ServerResponse): boolean {
    if (url.pathname !== '/token') {
      return false;
    }
    const form = method === 'POST' ? new URLSearchParams(body) : url.searchParams;
    if (!this.knows(method, headers.authorization, form)) {
      response.writeHead(401).end('{"errors":[]}');
      return true;
    }
    const token = randomUUID();
    this.scopes.set(`Bearer ${token}`, form.get('scope') ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
      [this.options.field ?? 'token']: token,
      ...(this.options.expiresIn === undefined ? {} : { expires_in: this.options.expiresIn }),
    }));
    return true;
  }

  /** No token that was given is accepted any more. */
  forgetTokens(): void {
    this.scopes.clear();
  }

  private knows(method: string, authorization: string | string[] | undefined, form: URLSearchParams): boolean {
    const { username, password, identityToken } = this.options;
    if (method === 'POST') {
      return identityToken !== undefined && form.get('grant_type') === 'refresh_token' && form.get('refresh_token') === identityToken;
    }
    return username === undefined ? identityToken === undefined : authorization === basic(username, password ?? '');
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
