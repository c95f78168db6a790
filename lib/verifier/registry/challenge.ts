/** What a registry asks for in `WWW-Authenticate` (RFC 9110, section 11.6.1; distribution token specification). */
export type Challenge = BasicChallenge | BearerChallenge;

export interface BasicChallenge {
  readonly scheme: 'basic';
}

export interface BearerChallenge {
  readonly scheme: 'bearer';
  readonly realm: string;
  readonly service: string;
  readonly scope: string;
}

/** The first challenge that can be met; `undefined` when there is none. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const text = (header ?? '').slice(0, 4_096);
  const scheme = /^\s*([A-Za-z]+)/.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'basic') {
    return { scheme };
  }
  if (scheme !== 'bearer') {
    return undefined;
  }
  const parameters = new Map([...text.matchAll(/([A-Za-z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name.toLowerCase(), value]));
  const realm = parameters.get('realm');
  return realm === undefined ? undefined : { scheme, realm, service: parameters.get('service') ?? '', scope: parameters.get('scope') ?? '' };
}
