import { createHash, subtle } from 'node:crypto';
import { Json } from '../../policy/document';
import { VerifierError } from '../ports';
import { OLDER_ANNOTATIONS, OLDER_LAYER_TYPES } from './layer-types';
import { JSON_LIMITS, JsonLimits, Members, parseStrictJson, StrictJsonError } from '../json';

/** What the runtime understands, in the order in which it prefers them. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Those of them that lead to others. */
export const INDEX_TYPES = MANIFEST_TYPES.filter((type) => /index|list/.test(type));

/** One entry of an index, or one layer of a manifest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What is read of a descriptor. */
export const DESCRIPTOR_MEMBERS: Members = { mediaType: 'all', digest: 'all', size: 'all' };

/** One layer of an artifact. */
export interface Layer extends Descriptor {
  /** What cosign's older layouts say about it; none of other layers. */
  readonly annotations?: { readonly [name: string]: string };
}

/** An artifact beside an image. */
export interface ArtifactManifest {
  /** Digest of the image it says it belongs to; empty when it says none. */
  readonly subject: string;
  readonly layers: readonly Layer[];
}

/** Bytes up to which a hash holds nobody up; that of more is made in a thread of Node's own. */
const LITTLE = 256 * 1024;

export async function digestOf(bytes: Uint8Array): Promise<string> {
  const hash = bytes.length > LITTLE ? Buffer.from(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)) : createHash('sha256').update(bytes).digest();
  return `sha256:${hash.toString('hex')}`;
}

/** @throws VerifierError MALFORMED when the bytes are not what was asked for */
export async function checkDigest(bytes: Uint8Array, digest: string, where: string): Promise<void> {
  if (await digestOf(bytes) !== digest) {
    throw new VerifierError('MALFORMED', `${where}: the registry sent bytes that are not those of ${digest}`);
  }
}

/** @throws VerifierError MALFORMED when the bytes are not the ones that the descriptor describes, size included */
export async function checkContent(bytes: Uint8Array, { digest, size }: Descriptor, where: string): Promise<void> {
  await checkDigest(bytes, digest, where);
  if (bytes.length !== size) {
    throw new VerifierError('MALFORMED', `${where}: ${digest} has ${bytes.length} bytes, and what names it says ${size}; push it again`);
  }
}

/** Reads the manifest of an artifact. @throws VerifierError MALFORMED, LIMIT, UNSUPPORTED */
export function parseArtifact(bytes: Uint8Array, where: string): ArtifactManifest {
  const manifest = readObject(bytes, where);
  if (Object.hasOwn(manifest, 'manifests')) {
    throw new VerifierError('MALFORMED', `${where}: could be an index as well as a manifest`);
  }
  const subject = isObject(manifest.subject) ? manifest.subject.digest : '';
  return { subject: typeof subject === 'string' ? subject : '', layers: layers(manifest.layers ?? [], where) };
}

/**
 * Refuses a document that one program would read as an index and another as a manifest (security advisory of the OCI
 * distribution project GHSA-mc8v-mgrf-8f4m).
 *
 * @throws VerifierError MALFORMED, LIMIT
 */
export function checkUnambiguous(bytes: Uint8Array, where: string): void {
  const manifest = readObject(bytes, where);
  const isIndex = Object.hasOwn(manifest, 'manifests');
  const isManifest = Object.hasOwn(manifest, 'layers') || Object.hasOwn(manifest, 'config');
  if (isIndex === isManifest) {
    throw new VerifierError('MALFORMED', `${where}: is ${isIndex ? 'both an index and a manifest' : 'neither an index nor a manifest'}`);
  }
}

/** @throws VerifierError MALFORMED, LIMIT */
export function readJson(bytes: Uint8Array, where: string, limits: JsonLimits = JSON_LIMITS, members: Members = 'all'): Json {
  try {
    return parseStrictJson(bytes, limits, members);
  } catch (error) {
    if (error instanceof StrictJsonError) {
      throw new VerifierError(error.code, `${where}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** @throws VerifierError MALFORMED, or UNSUPPORTED for a digest of another algorithm */
export function readDescriptor(value: Json, where: string): Descriptor {
  const { mediaType, digest, size } = isObject(value) ? value : {};
  if (typeof digest === 'string' && /^sha(384|512):[0-9a-f]{96,128}$/.test(digest)) {
    throw new VerifierError('UNSUPPORTED', `${where}: names ${digest}, and only content named by its sha256 digest is read`);
  }
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest) || typeof size !== 'number' || size < 0) {
    throw new VerifierError('MALFORMED', `${where}: holds a descriptor without mediaType, size or sha256 digest`);
  }
  return { mediaType, digest, size };
}

/** @throws VerifierError MALFORMED, or UNSUPPORTED for a digest of another algorithm */
export function readLayer(value: Json, where: string): Layer {
  const descriptor = readDescriptor(value, where);
  const annotations = OLDER_LAYER_TYPES.includes(descriptor.mediaType) && isObject(value) ? readAnnotations(value.annotations ?? {}, where) : undefined;
  return { ...descriptor, ...(annotations === undefined ? {} : { annotations }) };
}

/** Each once; what several artifacts say differently about the same bytes is several things. */
export function distinct<T extends Layer>(all: readonly T[]): T[] {
  return [...new Map(all.map((descriptor) => [identityOf(descriptor), descriptor])).values()];
}

/** Everything that is said of bytes. */
export function identityOf({ digest, size, mediaType, annotations }: Layer): string {
  return `${digest} ${size} ${mediaType} ${annotations === undefined ? '' : JSON.stringify(annotations)}`;
}

/** Characters of the annotations that are kept. */
export function annotatedLength({ annotations = {} }: Pick<Layer, 'annotations'>): number {
  return Object.values(annotations).reduce((sum, text) => sum + text.length, 0);
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readObject(bytes: Uint8Array, where: string): { [key: string]: Json } {
  const value = readJson(bytes, where);
  if (!isObject(value)) {
    throw new VerifierError('MALFORMED', `${where}: is not an object`);
  }
  return value;
}

function layers(value: Json, where: string): Layer[] {
  if (!Array.isArray(value)) {
    throw new VerifierError('MALFORMED', `${where}: expected a list of descriptors`);
  }
  return value.map((item) => readLayer(item, where));
}

/** Those that cosign's older layouts know, in one order. */
function readAnnotations(value: Json, where: string): { [name: string]: string } {
  if (!isObject(value)) {
    throw new VerifierError('MALFORMED', `${where}: holds a layer whose annotations are no object`);
  }
  return Object.fromEntries(OLDER_ANNOTATIONS.filter((name) => Object.hasOwn(value, name)).map((name) => {
    const text = value[name];
    if (typeof text !== 'string') {
      throw new VerifierError('MALFORMED', `${where}: holds a layer whose annotation ${name} is no text`);
    }
    return [name, text];
  }));
}
