import { ApiObject, ApiObjectMetadataDefinition } from 'cdk8s';
import { Construct } from 'constructs';
import { Manifest } from '../engines/manifest';
import { changedField } from '../authoring/alterations';
import { goOn, Refusal, refuseAny } from '../authoring/refusal';
import { refusePointers, refuseUnapplied } from './patches';
import { jsonOf } from './seal';

/** Where an enforced object gets its content from, and who judges what becomes of it. */
export interface EnforcedSource {
  /** What the engine renders for the object from all that is known now; the same value as long as nothing changes. */
  manifest(): Manifest;
  /** What is wrong with the object as it would be written. */
  judge(written: unknown): Refusal[];
}

/**
 * An object of the engine in the construct tree. Patches, resolvers and added metadata work as on any other; what comes out of them is judged
 * each time it is rendered, and refused when it no longer enforces.
 *
 * Not exported from the package, so that nobody extends it, and `toJson` cannot be replaced.
 */
export class EnforcedObject extends ApiObject {
  /** `instanceof` says of every ApiObject that it is one, since they share ApiObject's own test. */
  static isEnforcedObject(object: ApiObject): object is EnforcedObject {
    return #source in object;
  }

  /** The first place where the content was changed where neither patches nor resolvers do; `undefined` where there is none. */
  static tamperedAt(object: EnforcedObject): string | undefined {
    return object.#tamperedAt();
  }

  /** What would be written, not judged yet; rendered anew, so that nobody else holds it. */
  static written(object: EnforcedObject): unknown {
    return object.#written();
  }

  readonly #source: EnforcedSource;
  #rendered: Manifest | undefined;
  #content = '';
  #tampered: string | undefined;

  constructor(scope: Construct, id: string, first: Manifest, source: EnforcedSource) {
    super(scope, id, { apiVersion: first.apiVersion, kind: first.kind, metadata: { name: first.metadata.name } });
    this.#source = source;
    this.#show(first);

    const added = this.metadata;
    Object.defineProperty(added, 'toJson', {
      value: () => withAdditions(source.manifest().metadata, ApiObjectMetadataDefinition.prototype.toJson.call(added) as Metadata),
    });
    Object.defineProperty(this, 'toJson', {
      value: () => {
        const written = this.#written();
        refuseAny(source.judge(written));
        return written;
      },
    });
  }

  #tamperedAt(): string | undefined {
    const props = this.#props();
    return this.#tampered ?? (props === this.#content ? undefined : changedField(this.#content, props ?? 'null'));
  }

  #written(): unknown {
    this.#refresh();
    refusePointers(this);
    try {
      return jsonOf(super.toJson());
    } catch (error) {
      refuseUnapplied(this);
      if (this.#tamperedAt() === undefined) {
        goOn(error);
      }
      // Nothing of it can be written, which is judged as the change that it is.
      return undefined;
    }
  }

  /** Takes over what the engine renders now; what was changed by hand until then is lost, but not forgotten. */
  #refresh(): void {
    const manifest = this.#source.manifest();
    if (manifest !== this.#rendered) {
      this.#tampered = this.#tamperedAt();
      this.#show(manifest);
    }
  }

  /** `props` is private to `ApiObject`, which has no other way to change its content after the constructor. */
  #show(manifest: Manifest): void {
    this.#rendered = manifest;
    this.#content = JSON.stringify(manifest);
    Object.defineProperty(this, 'props', { value: JSON.parse(this.#content) as unknown, writable: true, configurable: true });
  }

  /** `undefined` for what JSON cannot hold, which it was not. */
  #props(): string | undefined {
    try {
      return JSON.stringify((this as unknown as { readonly props: unknown }).props);
    } catch {
      return undefined;
    }
  }
}

// Every object in the tree leads to its class, which is to say of all of them what it says.
Object.freeze(EnforcedObject);

type Metadata = Manifest['metadata'];

/** The engine's own metadata wins; a chart's labels and what users add stand beside it. */
function withAdditions(own: Metadata, added: Metadata): object {
  const merged: { namespace?: string } = {
    ...added,
    ...own,
    ...merge('labels', added, own),
    ...merge('annotations', added, own),
  };
  if (own.namespace === undefined) {
    // A chart's default namespace is not for what belongs to no namespace.
    delete merged.namespace;
  }
  return merged;
}

function merge(field: 'labels' | 'annotations', added: Metadata, own: Metadata): object {
  const entries = { ...added[field], ...own[field] };
  return Object.keys(entries).length === 0 ? {} : { [field]: entries };
}
