import { frozen } from '../authoring/frozen';
import { refuseInput } from '../authoring/input';
import { judgeTogether } from '../authoring/judgement';
import { Locate } from '../authoring/place';
import { Refusal, refuseAny } from '../authoring/refusal';
import { divided, isNameShared, lockedOut, nameTaken, nothingEnforced, Policy, refuseInexpressible, refuseOwnNamespace, unserved } from '../authoring/served';
import { Engine, TrustRootFile } from '../engines/engine';
import { Manifest } from '../engines/manifest';
import { CONTENT_KEYS } from '../kubernetes/labels';
import { objectKey } from '../kubernetes/object-key';
import { PolicyDocument } from '../policy/document';
import { policySet } from '../policy/policy-set';
import type { DeclaredEngine, Declarations } from './declarations';

/** The documents of one engine, until its objects are rendered from them. */
export class Enforcement {
  /** Whether nobody asked for the engine: a policy brought it. */
  implicit = false;
  readonly documents: Array<{ readonly path: string; readonly document: PolicyDocument; readonly locate: Locate }> = [];
  private readonly trustRoots = new Map<string, TrustRootFile>();
  private rendered = false;

  constructor(readonly path: string, readonly engine: Engine) {}

  /** What decides about images. */
  get policies(): Policy[] {
    return this.documents.filter(({ document }) => this.engine.enforces(document));
  }

  /** Digest of everything that is enforced. */
  get policyDigest(): string {
    return policySet(this.documents.map(({ document }) => document)).digest;
  }

  /** Takes a valid document in, unless the objects that enforce it are already on their way. */
  enforce(path: string, document: PolicyDocument, trustRoots: readonly TrustRootFile[], locate: Locate): void {
    if (this.rendered) {
      refuseInput(path, `the objects of its engine ${this.path} are already registered, so nothing would enforce it`,
        'Declare everything that one engine enforces without an `await` in between: await what you need before the first of them.');
    }
    refuseInexpressible(locate, document, trustRoots, this.engine);
    refuseOwnNamespace(path, document, this.engine);
    const other = this.documents.find(({ document: { kind, metadata } }) => kind === document.kind && metadata.name === document.metadata.name);
    if (other !== undefined) {
      refuseInput(path, `its name "${document.metadata.name}" is that of ${other.path}`, 'Give one of them another `name`: messages and logs tell them apart by it.');
    }
    for (const file of trustRoots) {
      if (this.trustRoots.get(file.name)?.json !== file.json && this.trustRoots.has(file.name)) {
        refuseInput(path, `two different trust roots are called "${file.name}"`, 'Give one of them another name.');
      }
      this.trustRoots.set(file.name, frozen(file));
    }
    this.documents.push({ path, document: frozen(document), locate });
  }

  /**
   * Everything that enforces the documents, judged by every rule; from now on none is taken in.
   *
   * @throws RefusedError
   */
  render(declarations: Declarations): readonly Manifest[] {
    this.rendered = true;
    const all = declarations.engines;
    // What is wrong with one keeps all from being registered, so that nothing is created of a program that is refused.
    refuseAny([...declarations.missing(), ...all.flatMap(({ enforcement }) => enforcement.misplaced(all))]);
    const manifests = this.manifests();
    refuseAny(judgeTogether(manifests.map((manifest) => (
      { path: this.path, locate: this.documents.find(({ document }) => holds(manifest, document))?.locate, brought: this.documents, rendered: manifest, written: manifest }
    )), Date.now()));
    return manifests;
  }

  private manifests(): readonly Manifest[] {
    return frozen(this.engine.render({ documents: this.documents.map(({ document }) => document), trustRoots: [...this.trustRoots.values()] }));
  }

  private misplaced(all: readonly DeclaredEngine[]): Refusal[] {
    if (this.policies.length === 0) {
      const passed = `Pass it as \`engine\` to ${this.engine.place === undefined ? 'what it is to enforce' : 'a SignedImagePolicy'}, without an \`await\` in between, or remove it.`;
      // Nobody can pass on a verifier that an exemption brought.
      const remedy = this.implicit ? 'Add a SignedImagePolicy to the stack, without an `await` in between, or remove them.' : passed;
      return [nothingEnforced(this.path, this.engine, this.documents[0]?.path, remedy)];
    }
    const provider = all.find(({ enforcement }) => enforcement === this)?.provider;
    const inCluster = all.filter((other) => other.provider === provider).map(({ enforcement }) => enforcement);
    return [
      ...unserved(this),
      ...this.notAlone(all.map(({ enforcement }) => enforcement)),
      ...lockedOut(this, inCluster, 'Pass one verifier to all policies; or give each verifier the provider of its cluster'),
      ...divided(this, inCluster),
    ];
  }

  /**
   * What is wrong with an engine beside others. Of two verifiers that nobody asked for, or that one did not know of, each would guard the same Pods with its
   * own half of the policies; and the names of resources are those of the objects, also where their clusters differ.
   */
  private notAlone(all: readonly Enforcement[]): Refusal[] {
    const other = all.find((enforcement) => enforcement !== this && enforcement.engine.id === 'webhook');
    if (this.implicit && other !== undefined) {
      return [{
        code: 'VERIFIER_NOT_CHOSEN',
        path: this.documents[0]?.path ?? this.path,
        problem: `it brings a verifier of its own, but this stack has ${other.path} as well`,
        remedy: 'Make the WebhookVerifier before the policies, and pass it to every policy and exemption, `new SignedImagePolicy(\'…\', { engine: verifier, … })`.',
      }];
    }
    const earlier = all.slice(0, all.indexOf(this)).find(({ engine }) => isNameShared(this.engine, engine));
    return earlier === undefined ? this.sharesObjects(all) : [nameTaken(this, earlier, '')];
  }

  /** An engine with a name of its own may still make an object that another one makes, such as a guard of a verifier. */
  private sharesObjects(all: readonly Enforcement[]): Refusal[] {
    const before = all.slice(0, all.indexOf(this));
    const own = new Set(before.length === 0 ? [] : this.manifests().map(objectKey));
    return before.flatMap((earlier) => earlier.manifests().filter((manifest) => own.has(objectKey(manifest))).slice(0, 1).map(({ kind, metadata }) => ({
      code: 'DUPLICATE_OBJECT',
      path: this.path,
      problem: `its ${kind} ${metadata.name} is one of ${earlier.path} as well, so that one would be written over the other`,
      remedy: 'Give one of them another `name`.',
    })));
  }
}

/** Whether an object is the ConfigMap of a document. */
function holds({ kind, data }: Manifest & { readonly data?: { readonly [key: string]: string } }, document: PolicyDocument): boolean {
  const text = kind === 'ConfigMap' ? data?.[CONTENT_KEYS.policy] : undefined;
  const held = text === undefined ? undefined : JSON.parse(text) as PolicyDocument;
  return held?.kind === document.kind && held.metadata.name === document.metadata.name;
}
