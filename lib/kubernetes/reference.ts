import { NameError, parseRepositoryName, RepositoryName } from '../policy/repository-name';

/** An image as the container runtime reads it: a canonical name with what it points to. */
export interface ImageReference {
  /** Canonical host with its port, if one was written. */
  readonly registry: string;
  /** Path below the host. */
  readonly repository: string;
  /** `registry/repository`. */
  readonly name: string;
  /** As written; `latest` when neither tag nor digest is. Beside a digest it means nothing to the runtime. */
  readonly tag?: string;
  /** `sha256:` and 64 lower-case hexadecimal digits. */
  readonly digest?: string;
}

/** A reference that must not be used: it has no meaning, or more than one, or an algorithm that is not supported. */
export class ImageReferenceError extends Error {
  constructor(readonly code: 'MALFORMED' | 'UNSUPPORTED', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImageReferenceError';
  }
}

/** Longer than any valid reference: host and port (259), path (255), tag (128), digest (71) and what joins them. */
const MAX_LENGTH = 1024;

/** What image tools write in front of a path or name; the runtime would take it for a repository of Docker Hub. */
const TRANSPORTS = new Set(['oci', 'oci-archive', 'docker-archive', 'docker-daemon', 'containers-storage']);

/** In front of a colon, these make the runtime look for an image by its id first. */
const DIGEST_ALGORITHMS = new Set(['sha256', 'sha384', 'sha512']);

/**
 * Reads an image reference exactly as containerd does, or refuses it.
 *
 * The grammar is that of distribution/reference with `ParseDockerRef` on top. Refused beyond it, because programs disagree or nobody can mean
 * it: hosts and ports that name no machine, bare digests and image ids, transports, digests other than SHA-256, the digest of zeros.
 *
 * @throws ImageReferenceError
 */
export function parseReference(text: string): ImageReference {
  if (text.length > MAX_LENGTH) {
    throw malformed(text, `it has ${text.length} characters; the longest reference has fewer than ${MAX_LENGTH}`);
  }
  checkCharacters(text);
  if (/^[a-f0-9]{64}$/.test(text)) {
    throw malformed(text, 'it is the id of an image, which names no repository: write repository@digest');
  }
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : parseDigest(text, text.slice(at + 1));
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : parseTag(text, named.slice(colon + 1));
  const name = colon < 0 ? named : named.slice(0, colon);
  checkNotAnId(text, name, tag);
  const repository = parseName(text, name);
  if (digest !== undefined) {
    return tag === undefined ? { ...repository, digest } : { ...repository, tag, digest };
  }
  return { ...repository, tag: tag ?? 'latest' };
}

/** Canonical text of a reference; a digest decides alone: `name@digest`, else `name:tag`. */
export function formatReference(reference: ImageReference): string {
  return reference.digest !== undefined ? `${reference.name}@${reference.digest}` : `${reference.name}:${reference.tag ?? 'latest'}`;
}

function checkCharacters(text: string): void {
  if (text === '') {
    throw malformed(text, 'it is empty');
  }
  // Printable ASCII without space: nothing invisible, nothing that looks like something else.
  const odd = /[^\x21-\x7e]/.exec(text);
  if (odd !== null) {
    const code = odd[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    throw malformed(text, `the character U+${code} at position ${odd.index} cannot be part of a reference`);
  }
}

/** Source of the algorithm grammar: `digestPat` of distribution/reference. */
function parseDigest(text: string, digest: string): string {
  const colon = digest.indexOf(':');
  const algorithm = digest.slice(0, Math.max(colon, 0));
  const encoded = digest.slice(colon + 1);
  if (algorithm === 'sha256') {
    if (!/^[a-f0-9]{64}$/.test(encoded)) {
      throw malformed(text, 'a sha256 digest has exactly 64 lower-case hexadecimal digits');
    }
    if (/^0+$/.test(encoded)) {
      throw malformed(text, 'the digest of zeros belongs to no image');
    }
    return digest;
  }
  if (algorithm.split(/[-_+.]/).every((part) => /^[A-Za-z][A-Za-z0-9]*$/.test(part)) && /^[0-9A-Fa-f]{32,}$/.test(encoded)) {
    const message = `image ${quote(text)}: digests of algorithm "${algorithm}" are not supported; name the image by its sha256 digest`;
    throw new ImageReferenceError('UNSUPPORTED', message);
  }
  throw malformed(text, 'what follows "@" is not a digest (sha256: and 64 lower-case hexadecimal digits)');
}

function parseTag(text: string, tag: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag)) {
    throw malformed(text, `"${tag.slice(0, 32)}" is not a tag: up to 128 letters, digits, "_", "." and "-", not starting with "." or "-"`);
  }
  return tag;
}

function checkNotAnId(text: string, name: string, tag: string | undefined): void {
  if (tag === undefined) {
    return;
  }
  if (DIGEST_ALGORITHMS.has(name)) {
    throw malformed(text, 'a digest alone names no repository: write repository@digest');
  }
  if (TRANSPORTS.has(name)) {
    throw malformed(text, `"${name}:" is a transport of image tools, not of the container runtime: write registry/repository`);
  }
}

function parseName(text: string, name: string): RepositoryName {
  try {
    return parseRepositoryName(name);
  } catch (error) {
    if (error instanceof NameError) {
      throw new ImageReferenceError('MALFORMED', `image ${quote(text)}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function malformed(text: string, why: string): ImageReferenceError {
  return new ImageReferenceError('MALFORMED', `image ${quote(text)} cannot be read: ${why}`);
}

/** Shown with escapes, and cut: the text is the user's, or an attacker's. */
function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
}
