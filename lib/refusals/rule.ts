import { PolicyDocument } from '../policy/document';

/** What the rules judge: everything that is applied together, or one object of it. */
export interface Subject {
  /** Whether what is applied with it is elsewhere: then nothing follows from what is missing. */
  readonly alone: boolean;
  readonly objects: readonly KubernetesObject[];
  /** Documents in policy ConfigMaps, in annotations of what an engine rendered from them, and bare ones. */
  readonly documents: readonly LocatedDocument[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Any object, read without trusting its shape. */
export interface KubernetesObject {
  /** `Kind namespace/name`, as findings name it. */
  readonly id: string;
  readonly apiVersion: string;
  /** Where group and version are not those in which Kubernetes serves the kind, they stand in it as well, so that no rule takes the one for the other. */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: unknown };
  readonly annotations: { readonly [key: string]: unknown };
  readonly content: { readonly [key: string]: unknown };
  /** Whether it is the project's, by whatever sign. */
  readonly own: boolean;
}

export interface LocatedDocument {
  /** As findings name it. */
  readonly object: string;
  /** The object that holds it, or itself. */
  readonly source: KubernetesObject;
  readonly document: PolicyDocument;
  /** What enforces it, by the label of the object that it is in; the bundled verifier's objects have none. */
  readonly engine: unknown;
}

/** One thing that is wrong. */
export interface Finding {
  readonly code: string;
  /** `Kind namespace/name`. */
  readonly object: string;
  /** Field in the object; empty for the object as a whole. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

/** What a rule finds; the code is the rule's own. */
export interface Observation {
  readonly object: string;
  readonly path: string;
  readonly message: string;
  /** What to do in this case. @default - the rule's own remedy */
  readonly remedy?: string;
}

/** A way to weaken enforcement, and how it is noticed. */
export interface Rule {
  readonly code: string;
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  /** Whether it is about objects of others, known by how they look: such a guess is told of, and refuses no synthesis. @default false */
  readonly lintOnly?: true;
  readonly check: (subject: Subject) => Observation[];
}
