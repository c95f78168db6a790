import { isCommonGroup } from '../kubernetes/common-groups';
import { parseQuantity } from '../kubernetes/quantity';
import { SYSTEM_NAMESPACES } from '../kubernetes/system-namespaces';
import { checkName } from '../policy/check-scope';
import { describe } from '../policy/field';
import { NameError } from '../policy/name-error';
import { parseRepositoryName } from '../policy/repository-name';
import { apiServers } from './api-servers';
import { Check, count, flag, list, objectName, optional, Properties, struct } from './properties';
import { PROXY, VerifierProxy } from './verifier-proxy';
import { registries, VerifierRegistry } from './verifier-registry';
import { aVerifierTls, VerifierTls } from './verifier-tls';

/**
 * Computing resources of one replica, as Kubernetes quantities.
 *
 * @example
 *
 * new WebhookVerifier(this, 'verifier', { resources: { cpuRequest: '500m', memoryLimit: '1Gi' } });
 */
export interface VerifierResources {
  /**
   * CPU that a node keeps for it.
   *
   * @default - what the engine was measured to need
   */
  readonly cpuRequest?: string;
  /**
   * Memory that a node keeps for it.
   *
   * @default - what the engine was measured to need
   */
  readonly memoryRequest?: string;
  /**
   * CPU that it gets at most.
   *
   * @default - none, so that a burst is not throttled
   */
  readonly cpuLimit?: string;
  /**
   * Memory beyond which it is ended.
   *
   * @default - what the engine was measured to need
   */
  readonly memoryLimit?: string;
}

/**
 * How the verifier is deployed.
 *
 * @example
 *
 * const props: WebhookVerifierProps = {
 *   replicas: 5,
 *   registries: [{ host: 'registry.corp.example', caConfigMap: 'registry-ca' }],
 *   imageRepository: 'registry.corp.example/mirror/proofgate',
 * };
 */
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

  /**
   * What each replica asks for, and gets at most.
   *
   * @default - what the engine was measured to need
   */
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
   * Proxy through which registries, their token services and clouds are reached.
   *
   * @default - they are reached directly; the environment of the cluster's nodes is not asked
   */
  readonly proxy?: VerifierProxy;

  /**
   * Whether the trust roots that ship, `TrustRoot.publicGood()` and `TrustRoot.github()`, are refreshed over TUF while the verifier runs. Without
   * it they are as old as this version, and keys that were taken out of them since then still count.
   *
   * @default true
   */
  readonly refreshTrustRoots?: boolean;

  /**
   * Groups whose members may change what runs in the verifier's namespace; none that everybody is in.
   *
   * @default - system:masters
   */
  readonly operatorGroups?: string[];

  /**
   * From where API servers ask, as the verifier's Pods see it: networks in CIDR notation, such as `10.0.0.10/32` or `fd00::/64`. Nobody else then
   * reaches the verifier's port, but the nodes of its Pods, which probe them, and whom a NetworkPolicy of yours lets in; where no network plugin
   * enforces NetworkPolicies, everybody does.
   *
   * @default - everybody may reach the port
   */
  readonly apiServers?: string[];

  /**
   * Priority class of the Pods.
   *
   * @default system-cluster-critical
   */
  readonly priorityClassName?: string;

  /**
   * Whether a ValidatingAdmissionPolicy lies under the webhook: the API server itself then refuses images that no policy or exemption names, images on a deny list and
   * Pods' tags, also while the webhook is gone or was led away. It refuses nothing that the verifier admits; but images that no policy names are refused, too, when
   * the webhook configurations were taken away on purpose, until its bindings are as well.
   *
   * @default false
   */
  readonly floor?: boolean;

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

/** What the API server waits at most. */
const MAX_TIMEOUT_SECONDS = 30;

const timeout: Check = (field) => {
  const seconds = field.count();
  if (seconds !== undefined && (seconds < 2 || seconds > MAX_TIMEOUT_SECONDS)) {
    field.problem(`is ${seconds}: write 2 to ${MAX_TIMEOUT_SECONDS}, since the API server waits no longer, and the verifier has to answer at least a second before`);
  }
};

const repository: Check = (field) => {
  const name = field.text();
  try {
    parseRepositoryName(name ?? 'any');
  } catch (error) {
    if (!(error instanceof NameError)) {
      throw error;
    }
    field.problem(`is no repository: ${error.message}; write one without tag and digest, since the digest is that of this version`);
  }
};

const RESOURCES: Properties<VerifierResources> = {
  cpuRequest: optional(quantity), memoryRequest: optional(memory), cpuLimit: optional(quantity), memoryLimit: optional(memory),
};

/** Of a number that is too small the refusals say so, with why. */
const replicas: Check = (field) => {
  if (!Number.isSafeInteger(field.value)) {
    field.instead('a whole number from 2');
  }
};

/** What every property takes. That a replica is too few, the refusals say of what is written. */
export const WEBHOOK_VERIFIER: Properties<WebhookVerifierProps> = {
  namespace: optional(namespace),
  name: optional(checkName),
  replicas: optional(replicas),
  resources: optional(struct(RESOURCES)),
  timeoutSeconds: optional(timeout),
  deadlineSeconds: optional(count),
  tls: optional(aVerifierTls),
  registries: optional(registries()),
  proxy: optional(struct(PROXY)),
  refreshTrustRoots: optional(flag),
  operatorGroups: optional(list(group, { named: true })),
  apiServers: optional(apiServers),
  priorityClassName: optional(objectName),
  floor: optional(flag),
  imageRepository: optional(repository),
};
