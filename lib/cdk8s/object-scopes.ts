import { Construct, IConstruct } from 'constructs';
import { Manifest } from '../engines/manifest';
import { CONTENT_LABEL, TRUST_ROOT_LABEL } from '../kubernetes/labels';
import { PolicyDocument } from '../policy/document';

/** What holds the objects of a kind of document. */
const FOLDERS: { readonly [kind in PolicyDocument['kind']]: string } = { ImagePolicy: 'policies', ImageExemption: 'exemptions', ImageDenyList: 'deny-lists' };

/** Where an object belongs in the construct tree. */
export interface Place {
  readonly scope: Construct;
  readonly id: string;
}

/**
 * The places of an engine's objects: `policies/payments`, `exemptions/old-agent`, `deny-lists/leaked-key` and `trust-roots/corp` for what a document brings, the kind
 * (`Deployment`) for the rest.
 *
 * Objects are written in tree order, so that everything a document brings, also one that comes later, stands where the engine puts the first;
 * dependencies do the rest.
 */
export class ObjectScopes {
  constructor(private readonly verifier: Construct) {}

  /** The place of an object that a document brings, or that belongs to all of them. */
  placeFor(manifest: Manifest, document?: PolicyDocument): Place {
    const labels = manifest.metadata.labels ?? {};
    if (labels[CONTENT_LABEL] === 'policy' && document !== undefined) {
      return { scope: this.content(FOLDERS[document.kind]), id: document.metadata.name };
    }
    if (labels[CONTENT_LABEL] === 'trust-root') {
      return { scope: this.content('trust-roots'), id: labels[TRUST_ROOT_LABEL] ?? manifest.metadata.name };
    }
    return { scope: this.verifier, id: this.freeId(manifest) };
  }

  /** Has an object that belongs to no document written before another one, or before all content. */
  writeBefore(object: IConstruct, next: IConstruct = this.content('policies')): void {
    next.node.addDependency(object);
  }

  /**
   * Has content written by id, in whatever order documents came. Only once all of it is there: cdk8s follows every path of dependencies, and what is put between
   * two that depend on each other already doubles them.
   */
  orderContent(): void {
    for (const name of [...Object.values(FOLDERS), 'trust-roots']) {
      const ordered = [...this.verifier.node.tryFindChild(name)?.node.children ?? []].sort((a, b) => (a.node.id < b.node.id ? -1 : 1));
      ordered.forEach((object, at) => object.node.addDependency(...ordered.slice(Math.max(0, at - 1), at)));
    }
  }

  private content(name: string): Construct {
    if (this.verifier.node.tryFindChild('policies') === undefined) {
      for (const id of [...Object.values(FOLDERS), 'trust-roots']) {
        new Construct(this.verifier, id);
      }
    }
    return this.verifier.node.findChild(name);
  }

  private freeId({ kind, metadata }: Manifest): string {
    return this.verifier.node.tryFindChild(kind) === undefined ? kind : `${kind}-${metadata.name}`;
  }
}
