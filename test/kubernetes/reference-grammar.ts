/**
 * An independent reading of references: the regular expressions of distribution/reference v0.6 (`regexp.go`) and its `ParseDockerRef`
 * (`normalize.go`), translated literally.
 */
const alphanumeric = '[a-z0-9]+';
const separator = '(?:[._]|__|[-]+)';
const domainNameComponent = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const domainName = `${domainNameComponent}(?:\\.${domainNameComponent})*`;
const ipv6address = '\\[(?:[a-fA-F0-9:]+)\\]';
const domainAndPort = `(?:${domainName}|${ipv6address})(?::[0-9]+)?`;
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const digestPat = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*[:][0-9A-Fa-f]{32,}';
const pathComponent = `${alphanumeric}(?:${separator}${alphanumeric})*`;
const remoteName = `${pathComponent}(?:/${pathComponent})*`;
const namePat = `(?:${domainAndPort}/)?${remoteName}`;

const referenceRegexp = new RegExp(`^(${namePat})(?::(${tag}))?(?:@(${digestPat}))?$`);
const anchoredNameRegexp = new RegExp(`^(?:(${domainAndPort})/)?(${remoteName})$`);
const anchoredIdentifierRegexp = /^[a-f0-9]{64}$/;

/** Algorithms that are registered in the container runtime, with the length of their hexadecimal digits. */
const registered: { readonly [algorithm: string]: number } = { sha256: 64, sha384: 96, sha512: 128 };

export interface Reading {
  readonly domain: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** What the container runtime makes of a text; `undefined` when it refuses it. */
export function readByGrammar(text: string): Reading | undefined {
  if (anchoredIdentifierRegexp.test(text)) {
    return undefined;
  }
  const [domain, remainder] = splitDockerDomain(text);
  const colon = remainder.indexOf(':');
  const remote = colon > -1 ? remainder.slice(0, colon) : remainder;
  if (remote.toLowerCase() !== remote) {
    return undefined;
  }
  const match = referenceRegexp.exec(`${domain}/${remainder}`);
  const name = match?.[1] === undefined ? null : anchoredNameRegexp.exec(match[1]);
  if (match === null || name === null) {
    return undefined;
  }
  const path = name[2] ?? '';
  const digest = match[3];
  if (path.length > 255 || (digest !== undefined && !isRegisteredDigest(digest))) {
    return undefined;
  }
  return {
    domain: name[1] ?? '',
    path,
    ...(match[2] === undefined ? {} : { tag: match[2] }),
    ...(digest === undefined ? {} : { digest }),
  };
}

function splitDockerDomain(name: string): [string, string] {
  const slash = name.indexOf('/');
  if (slash < 0) {
    return ['docker.io', `library/${name}`];
  }
  const maybeDomain = name.slice(0, slash);
  const maybeRemote = name.slice(slash + 1);
  let domain = 'docker.io';
  let remote = name;
  if (maybeDomain === 'localhost') {
    [domain, remote] = [maybeDomain, maybeRemote];
  } else if (maybeDomain === 'index.docker.io') {
    remote = maybeRemote;
  } else if (/[.:]/.test(maybeDomain) || maybeDomain.toLowerCase() !== maybeDomain) {
    [domain, remote] = [maybeDomain, maybeRemote];
  }
  return [domain, domain === 'docker.io' && !remote.includes('/') ? `library/${remote}` : remote];
}

function isRegisteredDigest(digest: string): boolean {
  const [algorithm = '', encoded = ''] = digest.split(':');
  return registered[algorithm] === encoded.length && /^[a-f0-9]+$/.test(encoded);
}

/** The canonical host, said in other words. */
export function expectedRegistry({ domain }: Reading): string {
  return /[.:]/.test(domain) || domain.toLowerCase() === 'localhost' ? domain.toLowerCase() : domain.toUpperCase();
}
