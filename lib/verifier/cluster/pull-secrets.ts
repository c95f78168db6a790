import { isDnsLabel } from '../../policy/dns-label';
import { within } from '../deadline';
import { Gate } from '../gate';
import { Deadline, PullSecrets, VerifierError } from '../ports';
import { SingleFlight } from '../single-flight';
import { ApiClient } from './api-client';
import { statusOf } from './connect';
import { pathOfSecret, Secret } from './secret';

/** Milliseconds that reading a Secret is given. */
const PATIENCE = 5_000;

/** Most bytes of the credentials in a Secret; an entry has some hundreds. */
const LARGEST = 64 * 1024;

const TYPE = 'kubernetes.io/dockerconfigjson';
const KEY = '.dockerconfigjson';

/**
 * Reads pull Secrets from the API server, each time anew: what is taken from a namespace is taken at once. Who asks for the same Secret at the same
 * time shares one call; few calls go on at a time, and no namespace keeps others from theirs.
 */
export class ClusterPullSecrets implements PullSecrets {
  private readonly flights = new SingleFlight<Uint8Array>(PATIENCE);
  private readonly gate = new Gate({ capacity: 16, waiting: 512 });

  constructor(private readonly cluster: ApiClient) {}

  read(namespace: string, name: string, deadline: Deadline): Promise<Uint8Array> {
    return this.flights.run(`${namespace}/${name}`, deadline, (time, awaits) => {
      awaits(unusable(namespace, name, 'cannot be read: the API server did not answer in time'));
      return this.gate.pass(namespace, time, () => this.fetch(namespace, name, time));
    });
  }

  close(): void {
    this.cluster.close();
  }

  private async fetch(namespace: string, name: string, deadline: Deadline): Promise<Uint8Array> {
    if (!isDnsLabel(namespace)) {
      throw unusable(namespace.slice(0, 63), name, 'is in no namespace of that name');
    }
    const { type, data } = await this.call(namespace, name, deadline);
    if (type !== TYPE) {
      throw unusable(namespace, name, `is not of the type ${TYPE}`);
    }
    const encoded = data?.[KEY];
    if (typeof encoded !== 'string' || encoded === '') {
      throw unusable(namespace, name, `has no ${KEY}`);
    }
    if (encoded.length > Math.ceil(LARGEST / 3) * 4) {
      throw unusable(namespace, name, `holds more than ${LARGEST} bytes`);
    }
    return Buffer.from(encoded, 'base64');
  }

  private async call(namespace: string, name: string, deadline: Deadline): Promise<Secret> {
    try {
      return await within(deadline, this.cluster.get<Secret>(pathOfSecret(namespace, name)));
    } catch (error) {
      if (error instanceof VerifierError) {
        throw error;
      }
      // Neither the message nor the cause: both may hold a piece of what was read.
      const status = statusOf(error);
      throw unusable(namespace, name, status === 404 ? 'is not there' : `cannot be read (${status === undefined ? 'no answer that can be used' : `HTTP ${status}`} from the API server)`);
    }
  }
}

function unusable(namespace: string, name: string, problem: string): VerifierError {
  return new VerifierError('REGISTRY_UNAVAILABLE', `the pull Secret ${namespace}/${name} ${problem}, so it is not known with whose rights the registry is to be read`);
}
