import { PolicyDocument } from '../policy/document';
import type { EngineId, Inexpressible } from '../refusals';
import { Manifest } from './manifest';

/** What an engine renders from. */
export interface EngineInput {
  /** Valid, and nothing in them that the engine cannot express; at least one. */
  readonly documents: readonly PolicyDocument[];
  /** Those that the documents name and that do not ship with the engine. */
  readonly trustRoots: readonly TrustRootFile[];
}

/** A trust root by value; `sigstore` and `github` need none, they ship with the verifier. */
export interface TrustRootFile {
  readonly name: string;
  /** A `trusted_root.json` (application/vnd.dev.sigstore.trustedroot+json), or what says where one is fetched (`TufTrustRoot`). */
  readonly json: string;
  /** `host[:port]` that it is fetched from; an engine that cannot do so has to refuse it. @default - it is not fetched */
  readonly mirrorHost?: string;
}

/** Where an engine runs, if it brings a program of its own. */
export interface EnginePlace {
  readonly namespace: string;
  /** Of that namespace, as far as the engine sets them. */
  readonly labels: { readonly [label: string]: string };
  /** The Service through which it is asked. */
  readonly service: string;
  /** What runs there, by digest. */
  readonly image: string;
}

/**
 * An engine as it was set up: a pure function from documents to Kubernetes objects, and what others have to know of it.
 *
 * Every object carries the label `app.kubernetes.io/part-of: proofgate`; those of every engine but the bundled verifier also `proofgate.dev/engine`
 * with the engine's id, and, unless ConfigMaps with the label `proofgate.dev/content: policy` hold the documents, one of them carries them in the annotation
 * `proofgate.dev/documents`: by these the refusals know what they judge.
 */
export interface Engine {
  readonly id: EngineId;
  /** Of its objects: no two engines of a cluster share it. */
  readonly name: string;
  /** Absent where no program of its own runs; its policies do not hold there. */
  readonly place?: EnginePlace;
  /** Kind of the objects without which nothing of the rest enforces: whoever renders one of them on its own has everything judged. */
  readonly keystone: string;
  /** Whether a document refuses anything without another one beside it. */
  readonly enforces: (document: PolicyDocument) => boolean;
  /** What of a document it cannot hold as it was set up, beside what no engine of its kind can. @default - nothing */
  readonly cannot?: (document: PolicyDocument, trustRoots: readonly TrustRootFile[]) => readonly Inexpressible[];
  /** Every object, in the order in which they are applied: deterministic, and the same in whatever order documents and trust roots come. */
  readonly render: (input: EngineInput) => Manifest[];
  /**
   * Of these objects those that documents and trust roots bring for themselves, labelled `proofgate.dev/content: policy` or `trust-root`: the same with
   * whatever others beside them. @default - nothing but `render` makes objects
   */
  readonly content?: (input: EngineInput) => Manifest[];
}
