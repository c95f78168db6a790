import { Deadline } from '../../ports';
import { CloudClient } from './cloud';
import { IssuedCredential, Issuer } from './renewed';

/** Who the verifier is for Google Cloud. */
export type GoogleIdentity = GoogleMetadata | GoogleFederation;

/** Whom the metadata server of the machine says it is: Workload Identity on GKE, or the node's own account. */
export interface GoogleMetadata {
  readonly type: 'metadata';
}

/** A service account of any cluster, known to a workload identity pool. */
export interface GoogleFederation {
  readonly type: 'federation';
  /** `//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly audience: string;
  /** File with the token of the service account, for that audience. */
  readonly tokenFile: string;
  /** E-mail of a service account to speak for. @default - none, the pool's identity itself may read */
  readonly serviceAccount?: string;
}

export interface GoogleEndpoints {
  readonly metadata: URL;
  readonly sts: URL;
  readonly iam: URL;
}

export const GOOGLE_ENDPOINTS: GoogleEndpoints = {
  // By address: on GKE that is where it is, and no name has to be looked up.
  metadata: new URL('http://169.254.169.254/'),
  sts: new URL('https://sts.googleapis.com/'),
  iam: new URL('https://iamcredentials.googleapis.com/'),
};

/** An access token as password of Artifact Registry or Container Registry, whose user is then `oauth2accesstoken`. */
export function googleIssuer(registry: string, identity: GoogleIdentity, endpoints = GOOGLE_ENDPOINTS): Issuer {
  return async (transport, deadline) => {
    const client = new CloudClient(transport, registry);
    return identity.type === 'metadata' ? fromMetadata(client, endpoints, deadline) : federated(client, identity, endpoints, deadline);
  };
}

async function fromMetadata(client: CloudClient, { metadata }: GoogleEndpoints, deadline: Deadline): Promise<IssuedCredential> {
  const url = new URL('/computeMetadata/v1/instance/service-accounts/default/token', metadata);
  const answer = await client.askJson({ url, headers: { 'metadata-flavor': 'Google' } }, deadline);
  return issued(answer.text('access_token'), answer.seconds('expires_in') * 1000);
}

/** OAuth 2.0 Token Exchange (RFC 8693) at Google's Security Token Service, then `generateAccessToken` of the IAM Credentials API. */
async function federated(client: CloudClient, identity: GoogleFederation, endpoints: GoogleEndpoints, deadline: Deadline): Promise<IssuedCredential> {
  const { audience, tokenFile, serviceAccount } = identity;
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience,
    scope: SCOPE,
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: await client.read(tokenFile),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await client.askJson({ url: new URL('/v1/token', endpoints.sts), headers, body: form.toString() }, deadline);
  const token = answer.text('access_token');
  if (serviceAccount === undefined) {
    return issued(token, answer.seconds('expires_in') * 1000);
  }
  const spoken = await client.askJson({
    url: new URL(`/v1/projects/-/serviceAccounts/${encodeURIComponent(serviceAccount)}:generateAccessToken`, endpoints.iam),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ scope: [SCOPE], lifetime: `${HOUR / 1000}s` }),
  }, deadline);
  return issued(spoken.text('accessToken'), HOUR);
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const HOUR = 60 * 60 * 1000;

function issued(token: string, life: number): IssuedCredential {
  return { credential: { type: 'password', username: 'oauth2accesstoken', password: token }, life };
}
