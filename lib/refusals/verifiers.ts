import { PolicyDocument } from '../policy/document';
import { Fields, fieldsOf, list, texts } from './fields';
import { KubernetesObject, Subject } from './rule';
import { calledService, ownEntries } from './webhook-entries';

/** A Deployment of the verifier. */
export interface Verifier {
  readonly object: KubernetesObject;
  readonly podSpec: Fields;
  readonly podLabels: Fields;
  readonly containers: readonly Fields[];
  /** Arguments of all containers. */
  readonly args: readonly string[];
}

/** Trust roots that ship with the verifier. */
export const SHIPPED_TRUST_ROOTS: readonly string[] = ['sigstore', 'github'];

export function verifiers({ objects }: Pick<Subject, 'objects'>): Verifier[] {
  return objects.filter(({ kind, own }) => own && kind === 'Deployment').map(readDeployment);
}

export function readDeployment(object: KubernetesObject): Verifier {
  const template = fieldsOf(fieldsOf(object.content.spec).template);
  const podSpec = fieldsOf(template.spec);
  const containers = list(podSpec.containers).map(fieldsOf);
  return { object, podSpec, podLabels: fieldsOf(fieldsOf(template.metadata).labels), containers, args: containers.flatMap(({ args }) => texts(args)) };
}

/** Names of the admission policies that are bound beneath the verifiers among the objects. */
export function floorsOf({ objects }: Pick<Subject, 'objects'>): string[] {
  const bound = new Set(objects.filter(({ kind, own }) => own && kind === 'ValidatingAdmissionPolicyBinding').map(({ content }) => fieldsOf(content.spec).policyName));
  const floors = new Set(verifiers({ objects }).map(({ object: { name } }) => `${name}-floor`));
  return objects.filter(({ kind, own, name }) => own && kind === 'ValidatingAdmissionPolicy' && floors.has(name) && bound.has(name)).map(({ name }) => name);
}

/** Whether an image is named by its digest. */
export function isPinned(image: unknown): boolean {
  return typeof image === 'string' && /@sha256:[0-9a-f]{64}$/.test(image);
}

/** What a verifier of this namespace decides by. */
export function documentsOf(subject: Subject, namespace: string): PolicyDocument[] {
  return subject.documents.filter(({ source }) => source.kind === 'ConfigMap' && source.namespace === namespace).map(({ document }) => document);
}

/** The values of an option, `--option value` or `--option=value`. */
export function valuesOf(args: readonly string[], option: string): string[] {
  const values: string[] = [];
  const joined = `${option}=`;
  args.forEach((arg, index) => {
    const value = arg === option ? args[index + 1] : arg.startsWith(joined) ? arg.slice(joined.length) : undefined;
    if (value !== undefined) {
      values.push(value);
    }
  });
  return values;
}

/** Namespaces of the verifier: of its Deployment or, where that is not among the objects, of its Service, or of the Service that the first entry calls. */
export function verifierNamespaces(subject: Subject): ReadonlySet<unknown> {
  const of = (kind: string): string[] => subject.objects.filter((object) => object.own && object.kind === kind).map(({ namespace }) => namespace);
  const called = ownEntries(subject).slice(0, 1).map(({ fields }) => calledService(fields).namespace);
  return new Set([of('Deployment'), of('Service'), called].find((namespaces) => namespaces.length > 0) ?? []);
}

/** The volumes of a Pod; of several of one name the first. */
export function volumesByName({ volumes }: Fields): ReadonlyMap<unknown, Fields> {
  return new Map(list(volumes).map(fieldsOf).map((volume) => [volume.name, volume] as const).reverse());
}

/** A ConfigMap that a container of the verifier reads, and where. */
export interface MountedConfigMap {
  readonly configMap: unknown;
  readonly folder: string;
}

export function mountedConfigMaps({ podSpec, containers }: Verifier): MountedConfigMap[] {
  const volumes = volumesByName(podSpec);
  return containers.flatMap(({ volumeMounts }) => list(volumeMounts).map(fieldsOf)).flatMap(({ name, mountPath }) => {
    const { configMap } = volumes.get(name) ?? {};
    return typeof mountPath === 'string' && configMap !== undefined ? [{ configMap: fieldsOf(configMap).name, folder: mountPath }] : [];
  });
}
