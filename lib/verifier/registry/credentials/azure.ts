import { CloudClient } from './cloud';
import { Issuer } from './renewed';

/** Who the verifier is for Azure: an application or managed identity that trusts the service account (workload identity federation). */
export interface AzureIdentity {
  readonly tenantId: string;
  readonly clientId: string;
  /** File with the token of the service account, whose audience is `api://AzureADTokenExchange`. */
  readonly tokenFile: string;
}

export interface AzureEndpoints {
  readonly login: URL;
  readonly registry: URL;
}

/** @param registry - canonical host, such as `acme.azurecr.io` */
export function azureEndpoints(registry: string): AzureEndpoints {
  return { login: new URL('https://login.microsoftonline.com/'), registry: new URL(`https://${registry}/`) };
}

/**
 * A refresh token of an Azure registry, which lives three hours: the token of the service account is exchanged for one of Entra ID (client
 * credentials with an assertion, RFC 7523), and that one at the registry itself (`/oauth2/exchange`). What it is good for is asked of the registry each time.
 */
export function azureIssuer(registry: string, { tenantId, clientId, tokenFile }: AzureIdentity, endpoints = azureEndpoints(registry)): Issuer {
  return async (transport, deadline) => {
    const client = new CloudClient(transport, registry);
    const assertion = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      scope: 'https://containerregistry.azure.net/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await client.read(tokenFile),
    });
    const login = await client.askJson({ url: new URL(`/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, endpoints.login), headers: FORM, body: assertion.toString() }, deadline);
    const exchange = new URLSearchParams({ grant_type: 'access_token', service: registry, tenant: tenantId, access_token: login.text('access_token') });
    const refresh = await client.askJson({ url: new URL('/oauth2/exchange', endpoints.registry), headers: FORM, body: exchange.toString() }, deadline);
    return { credential: { type: 'identity-token', token: refresh.text('refresh_token') }, life: LIFE };
  };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Three hours, in milliseconds; the answer does not say it. */
const LIFE = 3 * 60 * 60 * 1000;
