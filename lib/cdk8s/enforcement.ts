import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Manifest } from '../engines/manifest';
import { renderWebhook, TrustRootFile, WebhookSettings } from '../engines/webhook';
import { CONTENT_LABEL } from '../kubernetes/labels';
import { PolicyDocument } from '../policy/document';
import { EnforcedObject } from './enforced-object';
import { refuseInput } from './input';
import { Judged, judgeAlone, judgeTogether } from './judgement';
import { ObjectScopes } from './object-scopes';
import { isManifest, objectKey } from './object-key';
import { describeRefusal, Refusal } from './refusal';
import { EnforcementRoll } from './roll';
import { sealChart } from './seal-chart';
import { sweep, sweepWritten } from './sweep';
import type { WebhookVerifier } from './webhook-verifier';

/** A document and the construct that wrote it. */
interface Entry {
  readonly document: PolicyDocument;
  readonly origin: IConstruct;
}

/** An object of the engine, and the construct that answers for it. */
interface Member {
  readonly object: EnforcedObject;
  readonly origin: IConstruct;
}

/**
 * What one verifier enforces: the documents that constructs hand it, the objects that the engine renders from them, and the judgement of what
 * becomes of these objects.
 *
 * The objects are in the tree from the moment their document is, so that patches and dependencies find them; their content is rendered from
 * all documents when it is asked for.
 */
export class Enforcement {
  readonly chart: Chart;
  /** Whether nobody asked for the verifier: a policy brought it. */
  implicit = false;
  private readonly roll: EnforcementRoll;
  private readonly entries: Entry[] = [];
  private readonly trustRoots = new Map<string, TrustRootFile>();
  private readonly objects = new Map<string, Member>();
  private readonly own = new WeakSet<ApiObject>();
  private readonly scopes: ObjectScopes;
  private rendering: ReadonlyMap<string, Manifest> | undefined;

  constructor(readonly verifier: WebhookVerifier, readonly settings: WebhookSettings) {
    this.chart = Chart.of(verifier);
    this.scopes = new ObjectScopes(verifier);
    this.roll = EnforcementRoll.of(verifier);
    this.roll.enroll(verifier);
    this.roll.enrollVerifier(this);
    sealChart(this.chart, (manifests) => this.judgeChart(manifests));
    verifier.node.addValidation({ validate: () => this.refusals().map(describeRefusal) });
  }

  get path(): string {
    return this.verifier.node.path;
  }

  /** The construct that brought the first document. */
  get firstOrigin(): IConstruct | undefined {
    return this.entries[0]?.origin;
  }

  /** Takes a valid document in; its object, the default child of the construct that wrote it, holds it from now on. */
  enforce(origin: IConstruct, document: PolicyDocument, trustRoots: readonly TrustRootFile[]): void {
    this.refuseSecond(origin, document);
    trustRoots.forEach((file) => this.addTrustRoot(origin, file));
    this.entries.push({ document, origin });
    this.rendering = undefined;
    this.roll.enroll(origin);
    this.announce(document, trustRoots);
  }

  /** Whether an object of the tree is one of this verifier's. */
  owns(object: ApiObject): boolean {
    return this.own.has(object);
  }

  /** Puts the objects that a document brings into the tree: the first one all of them, another one only what holds it. */
  private announce(document: PolicyDocument, trustRoots: readonly TrustRootFile[]): void {
    const input = { documents: [document], trustRoots, settings: this.settings };
    const manifests = this.objects.size === 0
      ? renderWebhook(input)
      : [...policyContent(input), ...trustRootContent(input)].map(({ manifest }) => manifest);
    manifests.forEach((manifest) => this.place(manifest));
  }

  /** Puts an object into the tree unless it is there. */
  private place(manifest: Manifest): void {
    const key = objectKey(manifest);
    if (this.objects.has(key)) {
      return;
    }
    const content = contentOf(manifest);
    const { scope, id } = this.scopes.placeFor(manifest, content === 'policy' ? last.document : undefined);
  }

  private addTrustRoot(origin: IConstruct, file: TrustRootFile): void {
    const other = this.trustRoots.get(file.name);
    if (other !== undefined && other.json !== file.json) {
      refuseInput(origin.node.path, `two different trust roots are called "${file.name}"`, 'Give one of them another id.');
    }
    this.trustRoots.set(file.name, file);
  }

  /** What is wrong with what would be written, as far as it is this verifier's. */
  private refusals(): Refusal[] {
    if (this.entries.length === 0) {
      return [{
        code: 'NOTHING_ENFORCED',
        path: this.path,
        problem: 'no policy uses this verifier, so it would refuse nothing',
        remedy: 'Pass it to a SignedImagePolicy as `verifier`, or remove it.',
      }];
    }
    return [
      ...this.roll.undecided(this),
      ...this.judge([...this.objects.keys()].map((key) => this.judged(key))),
      // Objects of undecided verifiers share their names; saying so for each would bury the line to write.
      ...this.roll.decided ? sweep(this.verifier.node.root, this) : [],
    ];
  }

  /** Whether an object of the tree is one of this verifier's. */
  owns(object: ApiObject): boolean {
    return this.own.has(object);
  }

  private judge(objects: readonly Judged[]): Refusal[] {
    return judgeTogether(objects, Date.now());
  }

  /**
   * The last look at one object, on the way that the others do not share when a file is written for each. What calls the verifier vouches
   * for everything else; objects that no document brought also miss what was taken out of the tree.
   */
  private judgeObject(key: string, written: unknown): Refusal[] {
    const judged = this.judged(key, written);
    if (contentOf(judged.rendered) !== undefined) {
      return judgeAlone(judged);
    }
    return [...this.roll.removed(), ...(judged.rendered.kind === 'ValidatingWebhookConfiguration'
      ? this.judge([...this.objects.keys()].map((other) => (other === key ? judged : this.judged(other))))
      : judgeAlone(judged))];
  }

  /** The last look at everything that leaves the verifier's chart. */
  private judgeChart(values: readonly unknown[]): Refusal[] {
    const manifests = values.filter(isManifest);
    const byKey = new Map(manifests.map((manifest) => [objectKey(manifest), manifest]));
    const [written, missing] = partition([...this.objects.keys()], (key) => byKey.has(key));
    return [
      ...missing.map((key) => dropped(this.member(key).object)),
      ...this.judge(written.map((key) => this.judged(key, byKey.get(key)))),
      ...sweepWritten(manifests.map((manifest) => {
        const key = objectKey(manifest);
        return { path: this.chart.node.path, enforced: this.objects.has(key) && byKey.get(key) === manifest, manifest };
      }), this),
    ];
  }

  private judged(key: string, written: unknown = this.member(key).object.written()): Judged {
    const { object, origin } = this.member(key);
    return { path: origin.node.path, object, rendered: this.manifest(key), written };
  }

  private member(key: string): Member {
    const member = this.objects.get(key);
    if (member === undefined) {
      throw new Error(`the webhook engine did not announce ${key}`);
    }
    return member;
  }

  /** What the engine renders for an object from all documents. */
  private manifest(key: string): Manifest {
    this.rendering ??= new Map(renderWebhook({
      documents: this.entries.map(({ document }) => document), trustRoots: [...this.trustRoots.values()], settings: this.settings,
    }).map((manifest) => [objectKey(manifest), manifest]));
    const manifest = this.rendering.get(key);
    if (manifest === undefined) {
      throw new Error(`the webhook engine rendered ${key} for one document and not for all of them`);
    }
    return manifest;
  }
}

function contentOf(manifest: Manifest): string | undefined {
  return manifest.metadata.labels?.[CONTENT_LABEL];
}

function partition<T>(values: readonly T[], holds: (value: T) => boolean): [T[], T[]] {
  return [values.filter(holds), values.filter((value) => !holds(value))];
}

/** A chart that overrides `toJson` may leave objects out. */
function dropped(object: EnforcedObject): Refusal {
  return {
    code: 'REMOVED',
    path: object.node.path,
    problem: `the chart does not write the ${object.kind} "${object.name}"`,
    remedy: 'Return everything from an overridden toJson, or do not override it.',
  };
}
