import { Deadline } from '../../ports';
import { Transport } from '../transport';

/** What a registry, or the place for its tokens, is told about who reads. */
export type Credential = PasswordCredential | IdentityToken;

export interface PasswordCredential {
  readonly type: 'password';
  readonly username: string;
  readonly password: string;
}

/** An OAuth 2 refresh token, which the place for tokens exchanges (distribution specification, "OAuth2 Token Authentication"). */
export interface IdentityToken {
  readonly type: 'identity-token';
  readonly token: string;
}

/** A credential for as long as it is good. */
export interface GivenCredential {
  readonly credential: Credential;
  /** When to ask for it anew, by the monotonic clock in milliseconds. @default - when the registry no longer takes it */
  readonly until?: number;
  /** Told that the registry, or the place for its tokens, did not take it. @default - nobody wants to know */
  readonly refused?: () => void;
}

/** Where the credential for one registry comes from; asked only once that registry has asked who reads. */
export interface CredentialSource {
  /**
   * The credentials for a repository, in the order in which they are tried; none where the registry is read anonymously.
   *
   * @param transport - the registry's own way to the network, for sources that have to ask somebody
   * @throws VerifierError REGISTRY_UNAVAILABLE with the reason and without secrets; LIMIT, DEADLINE, OVERLOADED
   */
  credentialsFor(repository: string, deadline: Deadline, transport: Transport): Promise<readonly GivenCredential[]>;
}

/** The same credentials for everything on a host, in the order in which they are tried. */
export function fixedCredentials(...credentials: readonly Credential[]): CredentialSource {
  const given = credentials.map((credential) => ({ credential }));
  return { credentialsFor: async () => given };
}
