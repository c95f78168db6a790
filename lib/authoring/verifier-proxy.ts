import { parsed } from '../policy/exact';
import { describe } from '../policy/field';
import { parseIpNetwork } from '../policy/ip-network';
import { canonicalHost } from '../policy/registry-host';
import { Check, list, objectName, optional, Properties, required } from './properties';

/**
 * A proxy through which registries are reached; it sees host names and nothing of what is said.
 *
 * @example
 *
 * const proxy: VerifierProxy = { url: 'http://proxy.corp.example:3128', except: ['.corp.example', '10.0.0.0/8'] };
 *
 * new WebhookVerifier(this, 'verifier', { proxy });
 */
export interface VerifierProxy {
  /** `http://host:port` or `https://host:port`. */
  readonly url: string;

  /**
   * Places that are reached directly: a host with all below it, `.example.com` for those below it only, an address, or a network such as `10.0.0.0/8`.
   *
   * @default - everything goes through the proxy
   */
  readonly except?: string[];

  /**
   * Name of a Secret of type `kubernetes.io/basic-auth` in the verifier's namespace.
   *
   * @default - the proxy is not told who asks
   */
  readonly credentialsSecret?: string;

  /**
   * Name of a ConfigMap in the verifier's namespace whose `ca.crt` holds the authority of the proxy itself, where its url is https.
   *
   * @default - the public ones
   */
  readonly caConfigMap?: string;
}

const exception: Check = (field) => {
  const written = field.text();
  if (written?.includes('/') === false) {
    parsed(field, () => canonicalHost(written.replace(/^\./, '')));
  } else if (written !== undefined && parseIpNetwork(written) === undefined) {
    field.problem(`is ${describe(written)}: write a host, .example.com, an address, or a network such as 10.0.0.0/8`);
  }
};

const proxyUrl: Check = (field) => {
  const written = field.text();
  const [, place] = /^https?:\/\/([^/@?#]+)$/.exec(written ?? '') ?? [];
  if (place !== undefined) {
    parsed(field, () => canonicalHost(place));
  } else if (written !== undefined) {
    // Not repeated: there may be a password in it.
    field.problem('is no address of a proxy: write http://host:port or https://host:port; who asks belongs into a Secret, named as credentialsSecret');
  }
};

export const PROXY: Properties<VerifierProxy> = {
  url: required(proxyUrl), except: optional(list(exception, { named: true })), credentialsSecret: optional(objectName), caConfigMap: optional(objectName),
};
