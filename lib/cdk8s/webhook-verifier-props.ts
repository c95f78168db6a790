import { VerifierTls } from './verifier-tls';

/** Computing resources of one replica, as Kubernetes quantities. */
export interface VerifierResources {
  /** @default - what the engine was measured to need */
  readonly cpuRequest?: string;
  /** @default - what the engine was measured to need */
  readonly memoryRequest?: string;
  /** @default - none, so that a burst is not throttled */
  readonly cpuLimit?: string;
  /** @default - what the engine was measured to need */
  readonly memoryLimit?: string;
}

/** How the verifier reaches one registry. */
export interface VerifierRegistry {
  /** `host` or `host:port`. */
  readonly host: string;

  /**
   * Name of a Secret of type `kubernetes.io/dockerconfigjson` in the verifier's namespace; credentials go to this host alone.
   *
   * @default - anonymous
   */
  readonly credentialsSecret?: string;

  /**
   * Name of a ConfigMap in the verifier's namespace whose `ca.crt` holds the registry's certificate authority.
   *
   * @default - the public ones
   */
  readonly caConfigMap?: string;
}

/** How the verifier is deployed. */
export interface WebhookVerifierProps {
  /**
   * Namespace of the verifier, made for it.
   *
   * @default proofgate
   */
  readonly namespace?: string;

  /**
   * Name of the verifier's objects and of the webhook configurations.
   *
   * @default proofgate-verifier
   */
  readonly name?: string;

  /**
   * At least 2.
   *
   * @default 3
   */
  readonly replicas?: number;

  /** @default - what the engine was measured to need */
  readonly resources?: VerifierResources;

  /**
   * What the API server waits for an answer: 1–30 seconds.
   *
   * @default 10
   */
  readonly timeoutSeconds?: number;

  /**
   * What the verifier gives itself for an answer, less than `timeoutSeconds`, so that a refusal says why.
   *
   * @default - two seconds less than timeoutSeconds
   */
  readonly deadlineSeconds?: number;

  /**
   * Who makes the serving certificate.
   *
   * @default VerifierTls.selfManaged()
   */
  readonly tls?: VerifierTls;

  /**
   * Registries that need credentials or have a certificate authority of their own.
   *
   * @default - every registry is read anonymously
   */
  readonly registries?: VerifierRegistry[];

  /**
   * Groups whose members may change what runs in the verifier's namespace.
   *
   * @default - system:masters
   */
  readonly operatorGroups?: string[];

  /**
   * Priority class of the Pods.
   *
   * @default system-cluster-critical
   */
  readonly priorityClassName?: string;

  /**
   * Repository from which to pull the verifier's image, when a mirror of yours holds it: `registry.corp.example/mirror/proofgate`. The digest
   * stays the one that this version was released with.
   *
   * @default - where the image was released
   */
  readonly imageRepository?: string;
}
