import { Deadline } from '../../ports';
import { SingleFlight } from '../../single-flight';
import { Transport } from '../transport';
import { CredentialSource, GivenCredential } from './source';

/** A credential is used until this long before its end, in milliseconds. */
const MARGIN = 60_000;

/** Milliseconds within which one that is refused is not asked for anew: a repository that must not be read would else have the cloud asked each time. */
const PAUSE = 60_000;

/** Milliseconds that a cloud is given for one, whoever waits for it. */
const PATIENCE = 10_000;

/** A credential that a cloud gives out for some time. */
export interface IssuedCredential extends GivenCredential {
  /** Milliseconds that it lives. */
  readonly life: number;
}

/** Obtains a credential for everything on a registry. @throws VerifierError REGISTRY_UNAVAILABLE with the reason and without secrets; LIMIT, DEADLINE, OVERLOADED */
export type Issuer = (transport: Transport, deadline: Deadline) => Promise<IssuedCredential>;

/**
 * Keeps an issued credential until shortly before its end, or until the registry no longer takes it; whoever asks meanwhile waits for the same new one. A
 * failure is not kept.
 */
export class RenewedCredential implements CredentialSource {
  private readonly flights = new SingleFlight<GivenCredential>(PATIENCE);
  private current: Required<GivenCredential> | undefined;

  constructor(private readonly issue: Issuer, private readonly monotonic: () => number = () => performance.now()) {}

  async credentialsFor(_repository: string, deadline: Deadline, transport: Transport): Promise<readonly [GivenCredential]> {
    return [this.current !== undefined && this.current.until > this.monotonic() ? this.current : await this.flights.run('', deadline, (time) => this.renew(transport, time))];
  }

  private async renew(transport: Transport, deadline: Deadline): Promise<GivenCredential> {
    const { credential, life } = await this.issue(transport, deadline);
    const issued = this.monotonic();
    const current: Required<GivenCredential> = {
      credential,
      // Of one that lives shortly half is left for use.
      until: issued + Math.max(life - MARGIN, life / 2),
      refused: () => {
        if (this.current === current && this.monotonic() - issued >= PAUSE) {
          this.current = undefined;
        }
      },
    };
    this.current = current;
    return current;
  }
}
