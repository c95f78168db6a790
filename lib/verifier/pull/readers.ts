import { createHmac, randomBytes } from 'node:crypto';
import { ImageReference } from '../../kubernetes/reference';
import { Gate } from '../gate';
import { Deadline, PullSecrets, PullSource, Reader, Readers, Registry, VerifierError } from '../ports';
import { OciRegistry, RegistryConfig, settingsOf } from '../registry';
import { parseDockerConfig, dockerCredentials, DockerConfig } from '../registry/credentials/docker-config';
import { Credential, fixedCredentials } from '../registry/credentials/source';
import { REGISTRY_LIMITS, RegistryLimits } from '../registry/limits';

/** Clients that are kept, each for one registry and the credentials that are tried there. */
const CLIENTS = 64;

/** Credentials that are tried for one image; an entry more is as if it were not there. */
const TRIED = 8;

/** What a client for one set of credentials may keep: few repositories are read with it. */
const LIMITS: RegistryLimits = { ...REGISTRY_LIMITS, tokens: 256 * 1024 };

export interface PullReadersParts {
  /** Reads every registry that is not read with the rights of workloads. */
  readonly own: Registry;
  readonly config: RegistryConfig;
  /** @default - there is no cluster whose Secrets could be read: registries with `pullSecrets` are read anonymously */
  readonly secrets?: PullSecrets;
  /** Room for the bytes of answers, shared with `own`. */
  readonly memory: Gate;
  /** @default 64 */
  readonly clients?: number;
}

/**
 * Reads with the verifier's rights, and registries with `pullSecrets` with those of the workload, or anonymously where it has none there: never with
 * the verifier's, which would lend them to the namespace.
 *
 * As the kubelet does, the credentials of all its Secrets are taken together and tried in turn, until the registry takes one. They are a right as a whole:
 * who has the same ones in the same order shares a client, with its connections and tokens, and nobody else does.
 */
export class PullReaders implements Readers {
  /** In order of use: the first is the least recently used. */
  private readonly clients = new Map<string, Client>();
  private readonly key = randomBytes(32);

  constructor(private readonly parts: PullReadersParts) {}

  async lend<T>(reference: ImageReference, source: PullSource, deadline: Deadline, work: (reader: Reader) => Promise<T>): Promise<T> {
    const { registry } = reference;
    const { pullSecrets } = settingsOf(this.parts.config, registry);
    if (pullSecrets === undefined) {
      return work({ registry: this.parts.own, rights: 'own' });
    }
    const credentials = await this.credentialsFor(reference, { ...source, secrets: source.secrets.filter((name) => pullSecrets.includes(name)) }, deadline);
    const rights = createHmac('sha256', this.key).update(JSON.stringify([registry, credentials])).digest('base64');
    const client = this.clientFor(rights, registry, credentials);
    client.uses += 1;
    try {
      return await work({ registry: client.registry, rights });
    } finally {
      client.uses -= 1;
    }
  }

  close(): void {
    this.clients.forEach(({ registry }) => registry.close());
    this.clients.clear();
    this.parts.secrets?.close();
  }

  private async credentialsFor({ registry, repository }: ImageReference, { namespace, secrets: names }: PullSource, deadline: Deadline): Promise<readonly Credential[]> {
    const { secrets } = this.parts;
    if (secrets === undefined) {
      return [];
    }
    const configs = await Promise.all(names.map(async (name) => parse(await secrets.read(namespace, name, deadline), namespace, name)));
    return dockerCredentials(configs, registry, repository).slice(0, TRIED);
  }

  /** @throws VerifierError OVERLOADED when all are in use */
  private clientFor(rights: string, host: string, credentials: readonly Credential[]): Client {
    const known = this.clients.get(rights);
    if (known !== undefined) {
      this.clients.delete(rights);
      this.clients.set(rights, known);
      return known;
    }
    this.makeRoom(host);
    const settings = { ...settingsOf(this.parts.config, host), ...credentials.length === 0 ? {} : { credentials: fixedCredentials(...credentials) } };
    const client: Client = { registry: new OciRegistry(new Map([[host, settings]]), LIMITS, this.parts.memory), uses: 0 };
    this.clients.set(rights, client);
    return client;
  }

  private makeRoom(host: string): void {
    const { clients: most = CLIENTS } = this.parts;
    if (this.clients.size < most) {
      return;
    }
    const [idle] = [...this.clients].filter(([, { uses }]) => uses === 0);
    if (idle === undefined) {
      throw new VerifierError('OVERLOADED', `${host} is read with ${most} different sets of credentials of workloads at once, as many as are taken on`);
    }
    const [rights, { registry }] = idle;
    registry.close();
    this.clients.delete(rights);
  }
}

interface Client {
  readonly registry: OciRegistry;
  /** Pieces of work that go on with it. */
  uses: number;
}

function parse(bytes: Uint8Array, namespace: string, name: string): DockerConfig {
  // What exactly is wrong would show a piece of what is in it.
  let isSound = true;
  const config = parseDockerConfig(bytes, () => (isSound = false));
  if (!isSound) {
    throw new VerifierError('REGISTRY_UNAVAILABLE', `the pull Secret ${namespace}/${name} cannot be read in exactly one way: it has to hold auths, by host, host:port or host/path, each once, `
      + 'and in each auth, username and password, or identitytoken');
  }
  return config;
}
