import { startDeadline } from '../../deadline';
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

/** Milliseconds that it is given to replace one which may still be good: whoever could read with it must not wait long. */
const REPLACING = 2_000;

/** A credential that a cloud gives out for some time. */
export interface IssuedCredential extends GivenCredential {
  /** Milliseconds that it lives. */
  readonly life: number;
}

/** Obtains a credential for everything on a registry. @throws VerifierError REGISTRY_UNAVAILABLE with the reason and without secrets; LIMIT, DEADLINE, OVERLOADED */
export type Issuer = (transport: Transport, deadline: Deadline) => Promise<IssuedCredential>;

/**
 * Keeps an issued credential until shortly before its end; whoever asks meanwhile waits for the same new one. A failure is not kept.
 *
 * One that is refused is asked for anew at the next use, and replaced when there is a new one, not before: some clouds refuse in the same way, HTTP 403, what has
 * ended and a repository that must not be read, and whoever names such a repository must not take the credential from all others.
 */
export class RenewedCredential implements CredentialSource {
  private readonly flights = new SingleFlight<GivenCredential>(PATIENCE);
  private current: KeptCredential | undefined;

  constructor(private readonly issue: Issuer, private readonly monotonic: () => number = () => performance.now()) {}

  async credentialsFor(_repository: string, deadline: Deadline, transport: Transport): Promise<readonly [GivenCredential]> {
    const { current } = this;
    if (current === undefined || current.until <= this.monotonic()) {
      return [await this.obtain(transport, deadline)];
    }
    return [current.isDoubted ? await this.replace(current, transport, deadline) : current];
  }

  private obtain(transport: Transport, deadline: Deadline): Promise<GivenCredential> {
    return this.flights.run('', deadline, (time) => this.renew(transport, time));
  }

  private async replace(current: KeptCredential, transport: Transport, deadline: Deadline): Promise<GivenCredential> {
    const share = startDeadline(Math.min(REPLACING, deadline.remaining() / 2));
    try {
      return await this.obtain(transport, share);
    } catch {
      // Why there is no new one is told when the old one has ended.
      current.isDoubted = false;
      current.asked = this.monotonic();
      return current;
    } finally {
      share.done();
    }
  }

  private async renew(transport: Transport, deadline: Deadline): Promise<GivenCredential> {
    const { credential, life } = await this.issue(transport, deadline);
    const asked = this.monotonic();
    const current: KeptCredential = {
      credential,
      // Of one that lives shortly half is left for use.
      until: asked + Math.max(life - MARGIN, life / 2),
      asked,
      isDoubted: false,
      refused: () => {
        current.isDoubted ||= this.monotonic() - current.asked >= PAUSE;
      },
    };
    this.current = current;
    return current;
  }
}

interface KeptCredential extends Required<GivenCredential> {
  /** When the cloud was last asked for one, this one or the next. */
  asked: number;
  isDoubted: boolean;
}
