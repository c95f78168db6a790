import { Construct, IConstruct } from 'constructs';
import { Engine, TrustRootFile } from '../engines/engine';
import { Manifest } from '../engines/manifest';
import { CONTENT_LABEL } from '../kubernetes/labels';
import { objectKey } from '../kubernetes/object-key';
import { PolicyDocument } from '../policy/document';
import { EnforcedObject } from './enforced-object';
import { frozen } from '../authoring/frozen';
import { refuseInput } from '../authoring/input';
import { ObjectScopes } from './object-scopes';
import { Locate } from '../authoring/place';
import { Refusal } from '../authoring/refusal';
import { EnforcementRoll } from './roll';

/** A document and the construct that wrote it. */
export interface Entry {
  readonly document: PolicyDocument;
  readonly origin: IConstruct;
  readonly locate: Locate;
}

/** An object of the engine in the construct tree. */
export interface EngineObject {
  /** What makes it one object in a cluster. */
  readonly key: string;
  readonly object: EnforcedObject;
  /** The construct that answers for it: the one that wrote its document, or the object itself. */
  readonly origin: IConstruct;
  /** Where the program says what its document holds; `undefined` for what is no policy or exemption. */
  readonly locate: Locate | undefined;
  /** Whether it only holds what a document brought. */
  readonly content: boolean;
}

/**
 * The documents of one engine and the objects that it renders from them.
 *
 * Objects are in the tree from the moment their document is, so that patches and dependencies find them; what they hold is rendered from all
 * documents when it is asked for. Nobody else holds what it is rendered from, nor what is compared with it.
 */
export class EngineObjects {
  readonly #entries: Entry[] = [];
  readonly #origins = new Map<string, IConstruct>();
  readonly #trustRoots = new Map<string, TrustRootFile>();
  readonly #objects = new Map<string, EngineObject>();
  readonly #scopes: ObjectScopes;
  readonly #construct: Construct;
  readonly #engine: Engine;
  readonly #judge: (object: EngineObject, written: unknown) => Refusal[];
  #rendering: ReadonlyMap<string, Manifest> | undefined;

  constructor(construct: Construct, engine: Engine, judge: (object: EngineObject, written: unknown) => Refusal[]) {
    this.#construct = construct;
    this.#engine = engine;
    this.#judge = judge;
    this.#scopes = new ObjectScopes(construct);
  }

  /** The construct that brought the first document. */
  get firstOrigin(): IConstruct | undefined {
    return this.#entries[0]?.origin;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Every object, rendered from all documents. */
  all(): EngineObject[] {
    this.rendered();
    return [...this.#objects.values()];
  }

  /** What the engine renders for an object from all documents. */
  manifest({ key }: Pick<EngineObject, 'key'>): Manifest {
    const manifest = this.rendered().get(key);
    if (manifest === undefined) {
      throw new Error(`the engine ${this.#engine.id} rendered ${key} for one document and not for all of them`);
    }
    return manifest;
  }

  /** Takes a valid document in; its object becomes the default child of the construct that wrote it. */
  add(origin: IConstruct, document: PolicyDocument, trustRoots: readonly TrustRootFile[], locate: Locate): void {
    this.refuseSecond(origin, document);
    trustRoots.forEach((file) => this.addTrustRoot(origin, file));
    const entry = { document: frozen(document), origin, locate };
    this.#entries.push(entry);
    this.#rendering = undefined;
    // The first document brings everything; what another one brings beside its content, the next rendering finds.
    const { render, content = () => [] } = this.#engine;
    (this.#objects.size === 0 ? render : content)({ documents: [entry.document], trustRoots }).forEach((manifest) => this.place(manifest, entry));
  }

  private rendered(): ReadonlyMap<string, Manifest> {
    if (this.#rendering === undefined) {
      const manifests = frozen(this.#engine.render({
        documents: this.#entries.map(({ document }) => document), trustRoots: [...this.#trustRoots.values()],
      }));
      this.#rendering = new Map(manifests.map((manifest) => [objectKey(manifest), manifest]));
      const late = manifests.filter((manifest) => !this.#objects.has(objectKey(manifest)));
      manifests.forEach((manifest) => this.place(manifest));
      late.forEach((manifest) => this.writeBefore(manifest, manifests[manifests.indexOf(manifest) + 1]));
      this.#scopes.orderContent();
    }
    return this.#rendering;
  }

  /** Puts an object into the tree unless it is there. */
  private place(manifest: Manifest, entry?: Entry): void {
    const key = objectKey(manifest);
    if (this.#objects.has(key)) {
      return;
    }
    const { scope, id } = this.#scopes.placeFor(manifest, entry?.document);
    const object = new EnforcedObject(scope, id, manifest, {
      manifest: () => this.manifest(member),
      judge: (written) => this.#judge(member, written),
    });
    const content = manifest.metadata.labels?.[CONTENT_LABEL];
    const { origin, locate } = content === 'policy' && entry !== undefined ? entry : {};
    const member: EngineObject = { key, object, origin: origin ?? object, locate, content: content !== undefined };
    this.#objects.set(key, member);
    EnforcementRoll.of(object).enroll(object);
    if (origin !== undefined) {
      origin.node.defaultChild = object;
    } else if (manifest.kind === this.#engine.keystone) {
      this.#construct.node.defaultChild = object;
    }
  }

  /** Has an object that came late written right before the one that it is rendered before; without one it stands last already. */
  private writeBefore(late: Manifest, next: Manifest | undefined): void {
    const [object, follower] = [late, next].map((manifest) => manifest && this.#objects.get(objectKey(manifest)));
    if (object !== undefined && follower !== undefined) {
      this.#scopes.writeBefore(object.object, follower.content ? undefined : follower.object);
    }
  }

  private refuseSecond(origin: IConstruct, { kind, metadata }: PolicyDocument): void {
    const title = `${kind} ${metadata.name}`;
    const other = this.#origins.get(title);
    if (other !== undefined) {
      refuseInput(origin.node.path, `its name "${metadata.name}" is that of ${other.node.path}`,
        'Give one of them another `name`: messages and logs tell them apart by it.');
    }
    this.#origins.set(title, origin);
  }

  private addTrustRoot(origin: IConstruct, file: TrustRootFile): void {
    const other = this.#trustRoots.get(file.name);
    if (other !== undefined && other.json !== file.json) {
      refuseInput(origin.node.path, `two different trust roots are called "${file.name}"`, 'Give one of them another id.');
    }
    this.#trustRoots.set(file.name, frozen(file));
  }
}
