import { isCommonGroup } from '../kubernetes/common-groups';
import { parseQuantity } from '../kubernetes/quantity';
import { SYSTEM_NAMESPACES } from '../kubernetes/system-namespaces';
import { checkName } from '../policy/check-scope';
import { parsed } from '../policy/exact';
import { describe } from '../policy/field';
import { canonicalHost } from '../policy/registry-host';
import { Check, count, inDocument, instance, list, objectName, optional, Properties, required, struct } from './properties';
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
  /** `host` or `host:port`, in lower case, without scheme and path. */
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

  /**
   * `host` or `host:port` that gives out the registry's tokens and is told its credentials, such as the GitLab beside a registry of GitLab's.
   *
   * @default - the registry's own host, or the one that is known to speak for it
   */
  readonly tokenHost?: string;
}

/** How the verifier is deployed. */
export interface WebhookVerifierProps {
  /**
   * Namespace of the verifier, made for it and closed to everything else; none of those that a cluster comes with.
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
   * What the API server waits for an answer: 2–30 seconds.
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
   * Registries that need credentials, or have a certificate authority or a token host of their own.
   *
   * @default - every registry is read anonymously
   */
  readonly registries?: VerifierRegistry[];

  /**
   * Groups whose members may change what runs in the verifier's namespace; none that everybody is in.
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

const quantity: Check = (field) => {
  const text = field.text();
  if (text !== undefined && !((parseQuantity(text) ?? 0) > 0)) {
    field.problem(`is ${describe(text)}, which is no Kubernetes quantity: write for example 500m or 2`);
  }
};

/** A mebibyte is far below what any process takes, and above what `512m`, half a byte, means. */
const memory: Check = (field) => {
  const text = field.text();
  if (text !== undefined && !((parseQuantity(text) ?? 0) >= 2 ** 20)) {
    field.problem(`is ${describe(text)}, which is no Kubernetes quantity of memory, or less than 1Mi: write for example 512Mi`);
  }
};

const host: Check = (field) => {
  if (typeof field.value === 'string' && field.value.includes('/')) {
    field.problem(`is ${describe(field.value)}, which has a scheme or a path: write the host alone, such as ghcr.io or registry.acme.example:5000`);
    return;
  }
  const canonical = parsed(field, canonicalHost);
  if (canonical !== undefined && canonical !== field.value) {
    field.problem(`is ${describe(field.value)}, which is the registry ${describe(canonical)}: write it like this`);
  }
};

const REGISTRY: Properties<VerifierRegistry> = { host: required(host), credentialsSecret: optional(objectName), caConfigMap: optional(objectName), tokenHost: optional(host) };

const registry: Check = (field) => {
  struct(REGISTRY)(field);
  if (field.isObject && Object.keys(field.value as object).every((key) => key === 'host' || field.at(key).absent)) {
    field.problem('has neither credentialsSecret nor caConfigMap nor tokenHost, so it would have no effect: name one of them, or remove it');
  }
};

const registries: Check = (field) => {
  list(registry)(field);
  const seen = new Set<unknown>();
  for (const item of Array.isArray(field.value) ? field.list() ?? [] : []) {
    const { value } = item.at('host');
    if (value !== undefined && seen.has(value)) {
      item.at('host').problem(`is ${describe(value)} a second time: put everything about one registry into one entry`);
    }
    seen.add(value);
  }
};

const namespace: Check = (field) => {
  const name = checkName(field);
  if (name !== undefined && SYSTEM_NAMESPACES.includes(name)) {
    field.problem(`is ${describe(name)}, which the cluster shares, and the verifier's is closed to everything else: give it one of its own, such as proofgate`);
  }
};

const group: Check = (field) => {
  const name = field.text();
  if (name !== undefined && isCommonGroup(name)) {
    field.problem(`is ${describe(name)}, which people or workloads are in without having been chosen: name a group of those who operate the cluster`);
  }
};

const RESOURCES: Properties<VerifierResources> = {
  cpuRequest: optional(quantity), memoryRequest: optional(memory), cpuLimit: optional(quantity), memoryLimit: optional(memory),
};

/** What every property takes. That a replica is too few, the refusals say of what is written. */
export const WEBHOOK_VERIFIER: Properties<WebhookVerifierProps> = {
  namespace: optional(namespace),
  name: optional(checkName),
  replicas: optional(count),
  resources: optional(struct(RESOURCES)),
  timeoutSeconds: optional(count),
  deadlineSeconds: optional(count),
  tls: optional(instance(VerifierTls)),
  registries: optional(registries),
  operatorGroups: optional(list(group, { named: true })),
  priorityClassName: optional(objectName),
  imageRepository: optional(inDocument),
};
