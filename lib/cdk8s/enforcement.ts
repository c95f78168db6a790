import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { TrustRootFile, WebhookSettings } from '../engines/webhook';
import { PolicyDocument } from '../policy/document';
import { EngineObject, EngineObjects } from './engine-objects';
import { refuseInput } from './input';
import { Judged, judgeAlone, judgeTogether } from './judgement';
import { isManifest, objectKey } from './object-key';
import { describeRefusal, Refusal } from './refusal';
import { EnforcementRoll } from './roll';
import { isBeingWritten, sealChart } from './seal-chart';
import { sweepManifests, sweepTree } from './sweep';
import type { WebhookVerifier } from './webhook-verifier';

/**
 * What one verifier enforces, and the judgement of it: with everything else when the tree is validated, object by object when they are
 * rendered, and once more when they leave the chart.
 */
export class Enforcement {
  readonly chart: Chart;
  /** Whether nobody asked for the verifier: a policy brought it. */
  implicit = false;
  private readonly objects: EngineObjects;
  private readonly roll: EnforcementRoll;

  constructor(readonly verifier: WebhookVerifier, readonly settings: WebhookSettings) {
    this.chart = Chart.of(verifier);
    this.objects = new EngineObjects(verifier, settings, (object, written) => this.judgeObject(object, written));
    this.roll = EnforcementRoll.of(verifier);
    this.roll.enroll(verifier);
    this.roll.enrollVerifier(this);
    sealChart(this.chart, (manifests) => this.judgeChart(manifests));
    verifier.node.addValidation({ validate: () => this.judgeTree().map(describeRefusal) });
  }

  get path(): string {
    return this.verifier.node.path;
  }

  /** The construct that brought the first document. */
  get firstOrigin(): IConstruct | undefined {
    return this.objects.firstOrigin;
  }

  /** Takes a valid document in. */
  enforce(origin: IConstruct, document: PolicyDocument, trustRoots: readonly TrustRootFile[]): void {
    this.refuseOwnNamespace(origin, document);
    this.objects.add(origin, document, trustRoots);
    this.roll.enroll(origin);
  }

  private judgeTree(): Refusal[] {
    if (!this.objects.hasPolicy) {
      const undecided = this.firstOrigin === undefined ? [] : this.roll.undecided(this);
      return undecided.length > 0 ? undecided : [this.nothingEnforced()];
    }
    const judged = this.objects.all().map((member) => this.judgedAs(member));
    return [
      ...this.roll.undecided(this),
      ...judgeTogether(judged, Date.now()),
      // Objects of undecided verifiers share their names; saying so for each would bury the line to write.
      ...this.roll.decided ? sweepTree(this.verifier.node.root, judged, this.settings) : [],
    ];
  }

  private nothingEnforced(): Refusal {
    const exemption = this.firstOrigin?.node.path;
    return {
      code: 'NOTHING_ENFORCED',
      path: this.path,
      problem: exemption === undefined
        ? 'no policy uses this verifier, so it would refuse nothing'
        : `only exemptions such as ${exemption} use this verifier, and without a policy nothing is refused that they could exempt`,
      remedy: this.implicit ? 'Add a SignedImagePolicy to the chart, or remove them.' : 'Pass it to a SignedImagePolicy as `verifier`, or remove it.',
    };
  }

  /** The webhook leaves the verifier's own namespace out, so that a dead verifier can restart; what names it would hold nowhere. */
  private refuseOwnNamespace(origin: IConstruct, { spec: { namespaces } }: PolicyDocument): void {
    const { namespace } = this.settings;
    if (namespaces !== undefined && 'names' in namespaces && namespaces.names.includes(namespace)) {
      refuseInput(origin.node.path, `namespaces names "${namespace}", the verifier's own, where no policy holds: its guard lets nothing but the verifier run there`,
        'Name other namespaces, or give the WebhookVerifier another `namespace`.');
    }
  }

  /**
   * The last look at one object that is rendered on its own, as where a file is written for each. What calls the verifier vouches for all of
   * them; every object that is not a document's own misses what was taken out of the tree.
   */
  private judgeObject(object: EngineObject, written: unknown): Refusal[] {
    if (isBeingWritten(this.chart)) {
      return [];
    }
    const own = this.judgedAs(object, written);
    if (object.content) {
      return judgeAlone(own);
    }
    if (own.rendered.kind !== 'ValidatingWebhookConfiguration') {
      return [...this.roll.removed(), ...judgeAlone(own)];
    }
    const others = this.objects.all().filter((other) => other !== object).map((other) => this.judgedAs(other));
    return [...this.roll.removed(), ...judgeTogether([own, ...others], Date.now())];
  }

  /** The last look at everything that leaves the chart, whatever the chart's own `toJson` did. */
  private judgeChart(values: readonly unknown[]): Refusal[] {
    if (this.firstOrigin === undefined) {
      return [];
    }
    const manifests = values.filter(isManifest);
    const byKey = new Map(manifests.map((manifest) => [objectKey(manifest), manifest]));
    const members = this.objects.all();
    const written = members.filter(({ key }) => byKey.has(key)).map((member) => this.judgedAs(member, byKey.get(member.key)));
    return [
      ...this.roll.removed(),
      ...members.filter(({ key }) => !byKey.has(key)).map(dropped),
      ...judgeTogether(written, Date.now()),
      ...sweepManifests(this.chart.node.path, manifests, written, this.settings),
    ];
  }

  private judgedAs(member: EngineObject, written: unknown = member.object.written()): Judged {
    return { path: member.origin.node.path, object: member.object, rendered: this.objects.manifest(member), written };
  }
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
