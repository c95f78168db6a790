import { DOCKER_HUB } from '../../policy/registry-host';

/** Hosts that are known to give out tokens for a registry on another one; a well-known name cannot be had by somebody else. */
const KNOWN: { readonly [registry: string]: string } = {
  [DOCKER_HUB]: 'auth.docker.io',
  'docker.elastic.co': 'docker-auth.elastic.co',
  'registry.gitlab.com': 'gitlab.com',
};

/**
 * Whether a place for tokens may be asked for a registry and told its credential: the same host and port, one that is known to speak for it, or
 * the one that the registry configuration names.
 *
 * Never by what two names have in common: beside `acme.azurecr.io` or `acme.co.uk` anybody can have a name.
 *
 * @param host - of the place for tokens, as a URL writes it
 * @param api - host of the registry's API, as a URL writes it
 */
export function speaksFor(host: string, registry: string, api: string, configured?: string): boolean {
  return host === api || host === (configured ?? KNOWN[registry]);
}
