/**
 * Whether a place for tokens belongs to a registry, so that it may be asked and told the registry's credential: the same host, the
 * domain above it (`gitlab.com` for `registry.gitlab.com`), or one beside it (`auth.example.com` for `registry.example.com`).
 *
 * A domain of one label is above everybody and vouches for nobody; an address is only itself.
 */
export function belongsTo(realm: string, registry: string): boolean {
  if (realm === registry) {
    return true;
  }
  const above = parentOf(registry);
  return above.includes('.') && !isAddress(registry) && (realm === above || parentOf(realm) === above);
}

function parentOf(name: string): string {
  return name.split('.').slice(1).join('.');
}

/** As the WHATWG URL parser writes them: IPv4 in decimal, IPv6 in brackets. */
function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
}
