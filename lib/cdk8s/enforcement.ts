import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Engine, TrustRootFile } from '../engines/engine';
import { isManifest, Manifest } from '../engines/manifest';
import { DOCUMENTS_ANNOTATION } from '../kubernetes/labels';
import { objectKey } from '../kubernetes/object-key';
import { PolicyDocument } from '../policy/document';
import { Claims } from './claims';
import { EnforcedObject } from './enforced-object';
import { EngineObject, EngineObjects } from './engine-objects';
import { chartsWithFileOf, writesFilePerObject } from './file-names';
import { frozen } from '../authoring/frozen';
import { nothingEnforced, Policy, refuseInexpressible, refuseOwnNamespace, unserved } from '../authoring/served';
import { refuseInput } from '../authoring/input';
import { Brought, Judged, judgeAlone, judgeTogether, StandingJudgement } from '../authoring/judgement';
import { Locate } from '../authoring/place';
import { describeRefusal, Refusal } from '../authoring/refusal';
import { EnforcementRoll } from './roll';
import { jsonOf } from './seal';
import { isBeingWritten, sealChart } from './seal-chart';
import type { PolicyEngine } from './policy-engine';

/** Beside the engines, so that nothing that a program holds leads to what judges it. */
const enforcements = new WeakMap<PolicyEngine, Enforcement>();

/** From now on the construct enforces what it is given, by this engine. */
export function enforceBy(construct: PolicyEngine, engine: Engine): void {
  enforcements.set(construct, new Enforcement(construct, engine));
}

/** What an engine enforces. */
export function enforcementOf(construct: PolicyEngine): Enforcement {
  return enforcements.get(construct) ?? refuseInput(construct.node.path, 'it is an engine that this package did not make', 'Make one of its engines, and have the package installed once.');
}

/**
 * What one engine enforces, and the judgement of it: with everything else when the tree is validated, object by object when they are
 * rendered, and once more when they leave the chart.
 */
export class Enforcement {
  readonly chart: Chart;
  /** Whether nobody asked for the engine: a policy brought it. */
  implicit = false;
  readonly #engine: Engine;
  readonly #objects: EngineObjects;
  /** Keys of what was rendered since `beginWriting`. */
  readonly #written = new Set<string>();
  /** Everything is looked at several times until it is written. */
  readonly #standing = new StandingJudgement();
  private readonly roll: EnforcementRoll;

  constructor(readonly construct: PolicyEngine, engine: Engine) {
    this.chart = Chart.of(construct);
    this.#engine = Object.freeze({ ...engine, ...engine.place && { place: frozen(engine.place) } });
    this.#objects = new EngineObjects(construct, this.#engine, (object, written) => this.judgeObject(object, written));
    this.roll = EnforcementRoll.of(construct);
    this.roll.enroll(construct);
    this.roll.enrollEngine(this);
    sealChart(this.chart, (values) => this.roll.judgeChart(this.chart, values));
    construct.node.addValidation({ validate: () => this.judgeTree().map(describeRefusal) });
  }

  get path(): string {
    return this.construct.node.path;
  }

  /** What was said when it was set up; nothing changes it from then on. */
  get engine(): Engine {
    return this.#engine;
  }

  /** The construct that brought the first document. */
  get firstOrigin(): IConstruct | undefined {
    return this.#objects.firstOrigin;
  }

  /** What decides about images. */
  get policies(): Policy[] {
    return this.documents.filter(({ document }) => this.engine.enforces(document));
  }

  /** Everything that it was given. */
  get documents(): Policy[] {
    return this.#objects.entries.map(({ document, origin }) => ({ document, path: origin.node.path }));
  }

  /** Takes a valid document in. */
  enforce(origin: IConstruct, document: PolicyDocument, trustRoots: readonly TrustRootFile[], locate: Locate): void {
    refuseInexpressible(locate, document, trustRoots, this.engine);
    refuseOwnNamespace(origin.node.path, document, this.engine);
    this.#objects.add(origin, document, trustRoots, locate);
    this.roll.enroll(origin);
  }

  /** Judges everything in the tree, whoever made it, as it would be written now. */
  judgeTree(): Refusal[] {
    if (this.policies.length === 0) {
      const undecided = this.firstOrigin === undefined ? [] : this.roll.undecided(this);
      if (undecided.length > 0) {
        return undecided;
      }
      // Whoever brings a verifier of its own is told to take this one, which is the same mistake.
      const passed = this.engine.place === undefined ? 'Pass it as `engine` to what it is to enforce, or remove it.' : 'Pass it to a SignedImagePolicy as `engine`, or remove it.';
      const remedy = this.implicit ? `Add a SignedImagePolicy to the chart, or remove them${this.roll.givenElsewhere(this)}.` : passed;
      return this.firstOrigin === undefined && this.roll.isWanted(this) ? [] : [nothingEnforced(this.path, this.engine, this.firstOrigin?.node.path, remedy)];
    }
    const judged = this.#objects.all().map((member) => this.judgedAs(member));
    return [
      ...this.roll.undecided(this),
      ...unserved(this),
      ...judgeTogether(judged, Date.now(), this.#standing),
      // Objects of undecided verifiers share their names; saying so for each would bury the line to write.
      ...this.roll.decided ? [...this.roll.inTheWay(this), ...this.sweepTree(), ...chartsWithFileOf(this.chart)] : [],
    ];
  }

  /** Judges what others write for what would undo from beside what the engine enforces. */
  judgeForeign(path: string, values: readonly unknown[]): Refusal[] {
    return this.firstOrigin === undefined ? [] : judgedBy(this.claims(), path, values);
  }

  private sweepTree(): Refusal[] {
    const own = new Set<IConstruct>(this.#objects.all().map(({ object }) => object));
    const claims = this.claims();
    return this.construct.node.root.node.findAll()
      .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && !own.has(construct))
      .flatMap((object) => judgedBy(claims, object.node.path, [EnforcedObject.isEnforcedObject(object) ? EnforcedObject.written(object) : jsonOf(object.toJson())]));
  }

  /**
   * The last look at one object that is rendered on its own, as where a file is written for each. What calls the verifier vouches for all of
   * them; every object that is not a document's own misses what was taken out of the tree.
   */
  private judgeObject(object: EngineObject, written: unknown): Refusal[] {
    this.#written.add(object.key);
    if (isBeingWritten(this.chart)) {
      return [];
    }
    const own = this.judgedAs(object, written);
    if (object.content) {
      return judgeAlone(own);
    }
    if (own.rendered.kind !== this.engine.keystone) {
      return [...this.roll.missing(), ...judgeAlone(own)];
    }
    const all = this.#objects.all().map((other) => (other === object ? own : this.judgedAs(other)));
    return [...this.roll.missing(), ...judgeTogether(all, Date.now(), this.#standing)];
  }

  /** The last look at everything that leaves the engine's chart, whatever the chart's own `toJson` did. */
  judgeChart(values: readonly unknown[]): Refusal[] {
    if (this.firstOrigin === undefined) {
      return [];
    }
    const byKey = new Map(values.filter(isManifest).map((manifest) => [objectKey(manifest), manifest]));
    const members = this.#objects.all();
    const written = members.filter(({ key }) => byKey.has(key)).map((member) => this.judgedAs(member, byKey.get(member.key)));
    const own = new Set(written.map((judged) => judged.written));
    // A chart may keep what it rendered for an earlier run.
    members.filter(({ key }) => byKey.has(key)).forEach(({ key }) => this.#written.add(key));
    return [
      ...members.filter(({ key }) => !byKey.has(key)).map(dropped),
      ...judgeTogether(written, Date.now(), this.#standing),
      ...judgedBy(this.claims(), this.chart.node.path, values.filter((value) => !own.has(value))),
    ];
  }

  beginWriting(): void {
    this.#written.clear();
  }

  /** What an App passes over that has charts of its own, or writes in a way of its own. */
  judgeWritten(): Refusal[] {
    const passed = this.#objects.all().filter(({ key }) => !this.#written.has(key));
    return passed.slice(0, 1).map(({ object: { kind, name } }) => ({
      code: 'REMOVED',
      path: this.chart.node.path,
      problem: `the App wrote ${this.#written.size === 0 ? 'nothing of this chart' : `this chart without its ${kind} "${name}"`}`,
      remedy: 'Do not override `charts` or `synth` of the App, and give it a `yamlOutputType` that cdk8s knows.',
    }));
  }

  /** What the engine renders now. */
  manifests(): Manifest[] {
    return this.firstOrigin === undefined ? [] : this.#objects.all().map((member) => this.#objects.manifest(member));
  }

  private claims(): Claims {
    const claimed = this.#objects.all().map((member) => ({ path: member.object.node.path, manifest: this.#objects.manifest(member) }));
    return new Claims(this.engine, claimed, this.roll.manifests(), writesFilePerObject(this.construct.node.root));
  }

  /** What said the documents that an object carries beside what is rendered from them. */
  private brought(member: EngineObject): Brought[] {
    return this.#objects.manifest(member).metadata.annotations?.[DOCUMENTS_ANNOTATION] === undefined ? []
      : this.#objects.entries.map(({ document, origin, locate }) => ({ document, path: origin.node.path, locate }));
  }

  private judgedAs(member: EngineObject, written: unknown = EnforcedObject.written(member.object)): Judged {
    const { object, origin, locate } = member;
    return {
      path: origin.node.path,
      locate,
      brought: this.brought(member),
      rendered: this.#objects.manifest(member),
      written,
      // Asked when it is judged: what renders another object may change this one.
      get tampered() {
        return EnforcedObject.tamperedAt(object);
      },
    };
  }
}

function judgedBy(claims: Claims, path: string, values: readonly unknown[]): Refusal[] {
  return values.flatMap((value) => claims.against(path, value));
}

/** A chart that overrides `toJson` may leave objects out. */
function dropped({ object }: EngineObject): Refusal {
  return {
    code: 'REMOVED',
    path: object.node.path,
    problem: `the chart does not write the ${object.kind} "${object.name}"`,
    remedy: 'Return everything from an overridden toJson, or do not override it.',
  };
}
