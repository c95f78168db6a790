import { PlatformImage } from '../decide/platform-image';
import { EvidenceReport } from '../decide/evidence';
import { ReasonCode } from '../decide/reason';
import { ImageReference } from '../kubernetes/reference';
import { NormalAttestor } from '../policy/normal';
import { Askers } from './askers';

/**
 * The seams between the parts of the verifier. Each is implemented in one folder and faked in no test but those of faults.
 */

/** A failure with a reason that a user can be shown. */
export class VerifierError extends Error {
  constructor(readonly code: ReasonCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VerifierError';
  }
}

/** What is left of the time for a request, and for whom it is: every wait below it ends when it is over, and stands in their rows. */
export interface Deadline {
  /** Namespaces; `undefined` for nobody in particular. */
  readonly askers: Askers | undefined;
  readonly over: boolean;
  /** Aborts when it is over; for waits of others that take a signal. */
  readonly signal: AbortSignal;
  /** Calls once when it is over, at once where it is already. @returns what takes it back */
  whenOver(act: () => void): () => void;
  /** Milliseconds left by a monotonic clock; zero when over. */
  remaining(): number;
}

/** Reads one registry on behalf of one request. */
export interface Registry {
  /**
   * Where an image and its evidence are looked for, in order: its mirrors, and last the registry that its name says.
   *
   * A mirror is never trusted for more than its registry is: it holds content that is its hash, and what it lacks may be elsewhere.
   */
  places(reference: ImageReference): readonly ImageReference[];

  /**
   * The digest a tag points to now, by hashing the manifest's bytes; a reference that has a digest is returned as it is.
   *
   * @throws VerifierError REGISTRY_UNAVAILABLE, IMAGE_NOT_FOUND, LIMIT, MALFORMED, DEADLINE
   */
  resolve(reference: ImageReference, deadline: Deadline): Promise<string>;

  /**
   * Ends where there is a manifest of this digest.
   *
   * @throws VerifierError IMAGE_NOT_FOUND where there is none; REGISTRY_UNAVAILABLE, LIMIT, MALFORMED, DEADLINE, OVERLOADED
   */
  find(reference: ImageReference, digest: string, deadline: Deadline): Promise<void>;

  /**
   * What a digest stands for: one image, or an index with every image in it, however deep, that a node could run; each once.
   *
   * @throws VerifierError REGISTRY_UNAVAILABLE, IMAGE_NOT_FOUND, LIMIT, MALFORMED, UNSUPPORTED, DEADLINE, OVERLOADED
   */
  images(reference: ImageReference, digest: string, deadline: Deadline): Promise<ImagesOfDigest>;

  /**
   * The evidence that is attached to a digest: from the referrers API, or from the fallback tag where the registry has none.
   *
   * Bytes are checked against their digests and caps; nothing is filtered by unsigned annotations.
   *
   * @param use - what is made of them; until it has ended they count as kept in memory, of which there is a bounded amount for all
   * @throws VerifierError REGISTRY_UNAVAILABLE, IMAGE_NOT_FOUND, LIMIT, MALFORMED, DEADLINE, OVERLOADED; what `use` throws
   */
  bundles<T>(reference: ImageReference, digest: string, deadline: Deadline, use: (bundles: AttachedBundles) => Promise<T>): Promise<T>;

  /**
   * The evidence of a digest in the tags of cosign's older layout, `sha256-….sig` and `sha256-….att`: one signature in each layer.
   *
   * @param use - as in `bundles`
   * @throws VerifierError REGISTRY_UNAVAILABLE, DEADLINE, OVERLOADED; what `use` throws
   */
  olderLayout<T>(reference: ImageReference, digest: string, deadline: Deadline, use: (bundles: AttachedBundles) => Promise<T>): Promise<T>;
}

/** Where an object is, and the pull Secrets that it names. */
export interface PullSource {
  readonly namespace: string;
  /** As they stand in `imagePullSecrets`. */
  readonly secrets: readonly string[];
}

/** As whom registries are read. */
export interface Reader {
  readonly registry: Registry;
  /** Tells these rights from all others, without saying what they are; whatever is shared or remembered is so only among equal ones. */
  readonly rights: string;
}

/** Says with whose rights an image is read for an object. */
export interface Readers {
  /**
   * Lends a reader for as long as the work goes on.
   *
   * @throws VerifierError REGISTRY_UNAVAILABLE when it cannot be known who reads, DEADLINE, OVERLOADED; what the work throws
   */
  lend<T>(reference: ImageReference, source: PullSource, deadline: Deadline, work: (reader: Reader) => Promise<T>): Promise<T>;
}

/** Reads pull Secrets of workloads. */
export interface PullSecrets {
  /**
   * The credentials of a Secret (`.dockerconfigjson`), as they are now.
   *
   * @throws VerifierError REGISTRY_UNAVAILABLE with the reason and without secrets; DEADLINE, OVERLOADED
   */
  read(namespace: string, name: string, deadline: Deadline): Promise<Uint8Array>;
  close(): void;
}

/** `one`: the digest itself. */
export type ImagesOfDigest = { readonly type: 'one' } | { readonly type: 'index'; readonly images: readonly PlatformImage[] };

export interface AttachedBundles {
  readonly bundles: readonly AttachedBundle[];
  /** Things beside the image that could be evidence and were not read, with the reason; they never hide a bundle. */
  readonly unsupported: readonly UnsupportedArtifact[];
  /** The manifest that the digest stands for, where a bundle may be a signature of its very bytes. */
  readonly artifact?: Uint8Array;
}

/** A bundle, or a layer of one of cosign's older layouts, which keep the signature beside the bytes. */
export interface AttachedBundle {
  /** `sha256:…` of `bytes`. */
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** What stands beside the bytes in an older layout, by the names of cosign's annotations. @default - none: a bundle holds everything */
  readonly annotations?: { readonly [name: string]: string };
}

export interface UnsupportedArtifact {
  /** Of the artifact, or of the image where a list of artifacts holds what names none. */
  readonly digest: string;
  readonly code: 'MALFORMED' | 'LIMIT' | 'UNSUPPORTED';
  readonly message: string;
}

/** Decodes bundles strictly and says what the cryptography says, for each trust anchor asked. */
export interface EvidenceVerifier {
  /**
   * Never throws for what a bundle contains: a bad bundle becomes an unreadable or unverified piece. Takes the bytes over: they may be
   * moved to another thread, so nobody else may use them.
   *
   * @throws VerifierError DEADLINE, OVERLOADED, LIMIT, INTERNAL
   */
  verify(bundles: AttachedBundles, digest: string, attestors: readonly NormalAttestor[], deadline: Deadline): Promise<EvidenceReport>;
}
