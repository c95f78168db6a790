import { ApiObject } from 'cdk8s';
import { isPlainObject } from '../policy/canonical-json';
import { NamespaceContext } from '../policy/normal';
import { isDnsLabel } from '../policy/dns-label';
import { WORKLOADS } from '../kubernetes/workloads';
import { isOtherArgument, isReasonCode, nameFound } from './found';
import { PlacedWorkload, UpdatedWorkload } from './given-workload';
import { sayable } from './predicates';

/**
 * What is to run: an image reference, the specification of a Pod, or a whole Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet,
 * ReplicationController, Job, CronJob or PodTemplate, as plain data or as an `ApiObject` of cdk8s.
 *
 * @example
 *
 * const pod: Workload = { containers: [{ name: 'api', image: 'ghcr.io/acme/payments/api:v1' }] };
 */
export type Workload = string | object;

/**
 * A workload in a namespace, with the labels of that namespace where policies select by label.
 *
 * Without it, a workload is in the namespace that its metadata names, else in `default`. Labels that are not given are not known, which is a
 * refusal where they decide, as in a cluster whose namespaces the verifier cannot read.
 *
 * @example
 *
 * expect(chart).toRefuse(inNamespace('payments', 'docker.io/library/nginx:1.29', { tier: 'production' }), 'UNMATCHED_IMAGE');
 */
export function inNamespace(name: string, workload: Workload, labels?: { readonly [key: string]: string }): Workload {
  if (typeof name !== 'string' || !isDnsLabel(name)) {
    throw new Error(`expected the name of a namespace and then the workload, inNamespace('payments', …), found ${nameFound(name)} first`);
  }
  // The API server itself sets the label with the name.
  return new PlacedWorkload(workload, { name, ...(labels === undefined ? {} : { labels: { ...labels, 'kubernetes.io/metadata.name': name } }) });
}

/**
 * An update of what runs already. Images that stay where they are were judged when they came, and are not judged again; all others are.
 *
 * @param running - the object as it is, of the same kind
 * @param workload - the object as it shall be
 *
 * @example
 *
 * const scaled = { ...pod, metadata: { name: 'api', labels: { tier: 'web' } } };
 * expect(chart).toAdmit(inNamespace('payments', updating(pod, scaled)), unsigned());
 */
export function updating(running: Workload, workload: Workload): Workload {
  return new UpdatedWorkload(running, workload);
}

/** What the API server would ask about. */
export interface PlacedObject {
  readonly kind: { readonly group: string; readonly kind: string };
  readonly object: unknown;
  /** The object as it is, of an update. @default - the object is new */
  readonly running?: unknown;
  readonly namespace: NamespaceContext;
  /** What a message calls it. */
  readonly title: string;
}

/** @throws Error for what is no workload, or is said to be in two namespaces */
export function placed(workload: Workload): PlacedObject {
  const said = workload instanceof PlacedWorkload ? workload.workload : workload;
  const inner = said instanceof UpdatedWorkload ? said.workload : said;
  const object = objectOf(inner);
  const running = said instanceof UpdatedWorkload ? objectOf(said.running) : undefined;
  if (running !== undefined && (running.kind !== object.kind || running.apiVersion !== object.apiVersion)) {
    throw new Error(`a ${String(running.kind)} does not become a ${String(object.kind)} by an update: pass the same object, as it is and as it shall be`);
  }
  const { apiVersion, kind, metadata } = object;
  const group = typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  if (!WORKLOADS.some((known) => known.group === group && known.kind === kind)) {
    throw new Error(`${JSON.stringify(apiVersion)} ${JSON.stringify(kind)} is nothing that the API server asks about; pass one of ${WORKLOADS.map((known) => known.kind).join(', ')}, a Pod specification or an image reference`);
  }
  const { name, namespace: own } = isPlainObject(metadata) ? metadata : {};
  const namespace = workload instanceof PlacedWorkload ? workload.namespace : { name: typeof own === 'string' ? own : 'default' };
  if (typeof own === 'string' && own !== namespace.name) {
    throw new Error(`the workload says that it is in the namespace ${own}, and the test puts it into ${namespace.name}: say it once`);
  }
  const title = typeof inner === 'string' ? inner : `${String(kind)}${typeof name === 'string' ? ` ${name}` : ''}`;
  return { kind: { group, kind: String(kind) }, object, namespace, title, ...(running === undefined ? {} : { running }) };
}

function objectOf(workload: unknown): { readonly [field: string]: unknown } {
  if (typeof workload === 'string' && !isReasonCode(workload)) {
    return podOf({ containers: [{ name: 'app', image: workload }] });
  }
  const plain: unknown = ApiObject.isApiObject(workload) ? sayable(workload.toJson()) : isOtherArgument(workload) ? undefined : sayable(workload);
  if (!isPlainObject(plain)) {
    throw new Error(`expected an image reference, a Pod specification or a workload, found ${nameFound(workload)}; what is enforced comes first, then the workload, the reason code of a refusal, and the evidence`);
  }
  return plain.kind === undefined && plain.apiVersion === undefined ? podOf(plain) : plain;
}

function podOf(spec: object): { readonly [field: string]: unknown } {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app' }, spec };
}
