import { Workload, WORKLOADS } from './workloads';

/** One field that makes the kubelet pull an image. */
export interface ImageUse {
  /** For people: `spec.containers[0].image`. */
  readonly field: string;
  /** The same place before and after an update, whatever the order of the list: `containers/app`, `volumes/models`. */
  readonly position: string;
  /** JSON pointer (RFC 6901) of the field. */
  readonly pointer: string;
  /** The text of the field; not parsed. */
  readonly reference: string;
}

/** An object whose images cannot be listed for certain. */
export class ImagesError extends Error {
  constructor(readonly code: 'UNSUPPORTED' | 'MALFORMED' | 'LIMIT', message: string) {
    super(message);
    this.name = 'ImagesError';
  }
}

/** More images than any Pod that fits into etcd needs; each costs work. */
const MAX_IMAGES = 1000;

/** The subresources whose object is the whole Pod or workload. */
const WHOLE_OBJECT_SUBRESOURCES = new Set(['', 'ephemeralcontainers', 'resize', 'status']);

/**
 * Every image of a Pod or Pod template: containers, init containers (sidecars among them), ephemeral containers and image volumes.
 *
 * Never empty: a Pod or template without containers is refused, as the API server refuses it. A list that is `null` or absent holds nothing,
 * as for the API server; anything else of the wrong type is refused rather than skipped. Only the exact field names count.
 *
 * @param kind group and kind of the object as the request names it; the object's own, where it has them, must agree.
 * @param subResource subresource of the request; those whose object is not the whole object (`scale`, `binding`, …) are not supported.
 * @throws ImagesError UNSUPPORTED for kinds without an extractor (lists, custom resources), MALFORMED for wrong types, LIMIT for too many
 */
export function imagesOf(kind: { readonly group: string; readonly kind: string }, object: unknown, subResource = ''): ImageUse[] {
  const { spec, path } = podSpecOf(kind, object, subResource);
  const uses = [
    ...containerImages(spec, path, 'containers'),
    ...containerImages(spec, path, 'initContainers'),
    ...containerImages(spec, path, 'ephemeralContainers'),
    ...volumeImages(spec, path),
  ];
  if (uses.length > MAX_IMAGES) {
    throw new ImagesError('LIMIT', `the object has ${uses.length} images, more than ${MAX_IMAGES}: split it`);
  }
  return uses;
}

/**
 * Names of the Secrets that the kubelet pulls these images with, each once and in their order; one without a name names none, as for the kubelet.
 *
 * Those of a service account are not among them: Kubernetes writes them into Pods when they are admitted, and into no template.
 *
 * @throws ImagesError as `imagesOf`
 */
export function pullSecretsOf(kind: { readonly group: string; readonly kind: string }, object: unknown, subResource = ''): string[] {
  const { spec, path } = podSpecOf(kind, object, subResource);
  const value = own(spec, 'imagePullSecrets');
  const place = [...path, 'imagePullSecrets'].join('.');
  const secrets = value === undefined || value === null ? [] : asList(value, place);
  if (secrets.length > MAX_IMAGES) {
    throw new ImagesError('LIMIT', `${place} has ${secrets.length} elements, more than ${MAX_IMAGES}: split the object`);
  }
  const names = Array.from(secrets, (secret, index) => {
    const name = own(asRecord(secret, place, index), 'name') ?? '';
    if (typeof name !== 'string') {
      throw malformed(`${place}[${index}].name`, `${show(name)} where a name belongs`);
    }
    return name;
  });
  return [...new Set(names)].filter((name) => name !== '');
}

type Fields = { readonly [key: string]: unknown };

function podSpecOf(kind: { readonly group: string; readonly kind: string }, object: unknown, subResource: string): { readonly spec: Fields; readonly path: readonly string[] } {
  const workload = findWorkload(kind, subResource);
  const root = asRecord(object, '');
  checkKind(root, workload);
  const path = workload.podSpecPath;
  return { spec: path.reduce((at, name, index) => asRecord(own(at, name), path.slice(0, index + 1).join('.')), root), path };
}

function findWorkload({ group, kind }: { readonly group: string; readonly kind: string }, subResource: string): Workload {
  const workload = WORKLOADS.find((candidate) => candidate.group === group && candidate.kind === kind);
  const name = group === '' ? kind : `${group}/${kind}`;
  if (workload === undefined) {
    const known = WORKLOADS.map((candidate) => candidate.kind).join(', ');
    throw unsupported(`${name} keeps its images; remove this kind from the webhook's rules, or submit single objects of ${known}`);
  }
  if (!WHOLE_OBJECT_SUBRESOURCES.has(subResource)) {
    throw unsupported(`the subresource "${subResource}" of ${name} keeps images; remove it from the webhook's rules`);
  }
  return workload;
}

/** An object that says it is something else has two readings. */
function checkKind(root: Fields, workload: Workload): void {
  const kind = own(root, 'kind');
  const apiVersion = own(root, 'apiVersion');
  if (kind !== undefined && kind !== workload.kind) {
    throw malformed('kind', `${show(kind)} where the request says ${workload.kind}`);
  }
  const group = typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  if (apiVersion !== undefined && (typeof apiVersion !== 'string' || group !== workload.group)) {
    throw malformed('apiVersion', `${show(apiVersion)} where the request says group "${workload.group}"`);
  }
}

function containerImages(spec: Fields, path: readonly string[], list: 'containers' | 'initContainers' | 'ephemeralContainers'): ImageUse[] {
  const value = own(spec, list);
  const place = [...path, list].join('.');
  const optional = list !== 'containers';
  const containers = optional && (value === undefined || value === null) ? [] : asList(value, place);
  if (!optional && containers.length === 0) {
    throw malformed(place, 'an empty list; a Pod has at least one container');
  }
  return namedElements(containers, place).map(({ name, index, fields }) => ({
    field: `${place}[${index}].image`,
    position: `${list}/${name}`,
    pointer: pointer([...path, list, index, 'image']),
    reference: asReference(own(fields, 'image'), `${place}[${index}].image`),
  }));
}

function volumeImages(spec: Fields, path: readonly string[]): ImageUse[] {
  const value = own(spec, 'volumes');
  const place = [...path, 'volumes'].join('.');
  const volumes = value === undefined || value === null ? [] : asList(value, place);
  return namedElements(volumes, place).flatMap(({ name, index, fields }) => {
    const image = own(fields, 'image');
    const field = `${place}[${index}].image`;
    return image === undefined || image === null ? [] : [{
      field: `${field}.reference`,
      position: `volumes/${name}`,
      pointer: pointer([...path, 'volumes', index, 'image', 'reference']),
      reference: asReference(own(asRecord(image, field), 'reference'), `${field}.reference`),
    }];
  });
}

/** Elements with their names; a list in which a name is missing or twice has no stable positions, and the API server refuses it. */
function namedElements(list: readonly unknown[], place: string): { name: string; index: number; fields: Fields }[] {
  if (list.length > MAX_IMAGES) {
    throw new ImagesError('LIMIT', `${place} has ${list.length} elements, more than ${MAX_IMAGES}: split the object`);
  }
  const seen = new Set<string>();
  const named: { name: string; index: number; fields: Fields }[] = [];
  // By index, which unlike map also visits the holes of a sparse array.
  for (let index = 0; index < list.length; index += 1) {
    const fields = asRecord(list[index], place, index);
    const name = own(fields, 'name');
    if (typeof name !== 'string' || name === '') {
      throw malformed(`${place}[${index}].name`, `${show(name)} where a name belongs`);
    }
    if (seen.has(name)) {
      throw malformed(`${place}[${index}].name`, `${show(name)} a second time; names are unique in their list`);
    }
    seen.add(name);
    named.push({ name, index, fields });
  }
  return named;
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function asRecord(value: unknown, place: string, index?: number): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(index === undefined ? place : `${place}[${index}]`, `${show(value)} where an object belongs`);
  }
  return value as Fields;
}

function asList(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw malformed(place, `${show(value)} where a list belongs`);
  }
  return value;
}

function asReference(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') {
    throw malformed(place, `${show(value)} where an image reference belongs`);
  }
  return value;
}

function pointer(steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${step}`).join('');
}

function unsupported(what: string): ImagesError {
  return new ImagesError('UNSUPPORTED', `no extractor: it is not known where ${what}`);
}

function malformed(place: string, found: string): ImagesError {
  return new ImagesError('MALFORMED', `${place === '' ? 'the object' : place} is ${found}: correct it`);
}

function show(value: unknown): string {
  if (value === undefined) {
    return 'absent';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value === 'string') {
    return JSON.stringify(value.slice(0, 64));
  }
  if (value === null || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
