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

/** The challenges of these schemes, in the order in which the registry prefers them; others, and those that lack what they need, are left out. */
export function parseChallenges(header: string | undefined): Challenge[] {
  const challenges: Array<{ readonly scheme: string; readonly parameters: Map<string, string> }> = [];
  for (const [, name = '', quoted, token] of (header ?? '').slice(0, 4_096).matchAll(PART)) {
    const value = quoted ?? token;
    if (value === undefined) {
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
    } else {
      challenges.at(-1)?.parameters.set(name.toLowerCase(), value);
    }
  }
  return challenges.flatMap(({ scheme, parameters }): Challenge[] => {
    const realm = parameters.get('realm');
    if (scheme === 'basic') {
      return [{ scheme }];
    }
    return scheme === 'bearer' && realm !== undefined ? [{ scheme, realm, service: parameters.get('service') ?? '', scope: parameters.get('scope') ?? '' }] : [];
  });
}

/** A parameter, quoted or not, or else the name of a scheme. */
const PART = /([A-Za-z][A-Za-z0-9_-]*)(?:\s*=\s*(?:"([^"]*)"|([^\s",]+)))?/g;
