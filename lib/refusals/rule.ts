import { PolicyDocument } from '../policy/document';

/** What the rules judge: everything that is applied together. */
export interface Subject {
  readonly objects: readonly KubernetesObject[];
  /** Documents in policy ConfigMaps and bare ones. */
  readonly documents: readonly LocatedDocument[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Any object, read without trusting its shape. */
export interface KubernetesObject {
  /** `Kind namespace/name`, as findings name it. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: { readonly [key: string]: unknown };
  readonly content: { readonly [key: string]: unknown };
}

export interface LocatedDocument {
  readonly object: string;
  readonly document: PolicyDocument;
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

/** What a rule finds; code and remedy are the rule's own. */
export interface Observation {
  readonly object: string;
  readonly path: string;
  readonly message: string;
}

/** A way to weaken enforcement, and how it is noticed. */
export interface Rule {
  readonly code: string;
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly check: (subject: Subject) => Observation[];
}
