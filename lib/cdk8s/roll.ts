import { IConstruct } from 'constructs';
import { Manifest } from '../engines/manifest';
import type { Enforcement } from './enforcement';
import { describeRefusal, goOn, Refusal, refusedWhenMade } from '../authoring/refusal';
import { refuseInput } from '../authoring/input';
import { divided, isNameShared, lockedOut, nameTaken } from '../authoring/served';
import { ENGINES } from '../refusals';
import { AppJudge, sealApp } from './seal-app';
import { isSynthesized } from './synthesized';

const rolls = new WeakMap<IConstruct, EnforcementRoll>();

/**
 * Everything of this library in one construct tree, kept outside the tree: what is taken out, or never used, is missed at synthesis.
 */
export class EnforcementRoll implements AppJudge {
  /** The roll of the tree that a construct is in. */
  static of(construct: IConstruct): EnforcementRoll {
    const root = construct.node.root;
    const known = rolls.get(root);
    if (known) {
      return known;
    }
    const roll = new EnforcementRoll();
    rolls.set(root, roll);
    root.node.addValidation({ validate: () => roll.missing().map(describeRefusal) });
    sealApp(root, roll);
    return roll;
  }

  private readonly members = new Set<IConstruct>();
  private readonly unfinished = new Set<IConstruct>();
  private readonly unmade = new Map<string, string>();
  private readonly used = new WeakSet<IConstruct>();
  private readonly engines: Enforcement[] = [];

  /** A construct is being made; unless it is enrolled by the end, it was refused, and must not be missing unnoticed. */
  begin(construct: IConstruct): void {
    this.unfinished.add(construct);
    refuseLate(construct.node.root, construct.node.path);
  }

  /** A construct is being made of what is looked at before there is one. */
  attempt<T>(path: string, what: string, make: (path: string) => T): T {
    try {
      return make(path);
    } catch (error) {
      this.unmade.set(path, what);
      goOn(error);
    }
  }

  /** From now on the construct must stay in the tree. */
  enroll(construct: IConstruct): void {
    this.unfinished.delete(construct);
    this.members.add(construct);
  }

  /** The construct means nothing unless something names it. */
  expectUse(construct: IConstruct): void {
    this.enroll(construct);
    construct.node.addValidation({ validate: () => (this.used.has(construct) ? [] : [describeRefusal(unused(construct))]) });
  }

  /** Something names the construct. */
  use(construct: IConstruct): void {
    this.used.add(construct);
  }

  /** From now on the engine counts among those of the tree. */
  enrollEngine(engine: Enforcement): void {
    this.engines.push(engine);
  }

  judgeTree(): Refusal[] {
    return [...this.missing(), ...this.engines.flatMap((engine) => engine.judgeTree())];
  }

  judgeForeign(path: string, values: readonly unknown[]): Refusal[] {
    return this.engines.flatMap((engine) => engine.judgeForeign(path, values));
  }

  beginWriting(): void {
    this.engines.forEach((engine) => engine.beginWriting());
  }

  judgeWritten(): Refusal[] {
    return this.engines.flatMap((engine) => engine.judgeWritten());
  }

  /** What is wrong with everything that leaves an engine's chart. */
  judgeChart(chart: IConstruct, values: readonly unknown[]): Refusal[] {
    return [
      ...this.missing(),
      ...this.engines.flatMap((engine) => (engine.chart === chart ? engine.judgeChart(values) : engine.judgeForeign(chart.node.path, values))),
    ];
  }

  /** What all engines render. */
  manifests(): Manifest[] {
    return this.engines.flatMap((engine) => engine.manifests());
  }

  /** The bundled verifiers made in a chart, in the order in which they were made. */
  verifiersIn(chart: IConstruct): Enforcement[] {
    return this.verifiers.filter((verifier) => verifier.chart === chart);
  }

  /** What should be written and would not be: constructs that were refused, and that are no longer in the tree. */
  missing(): Refusal[] {
    return [...this.refused(), ...this.removed()];
  }

  private refused(): Refusal[] {
    const unfinished = [...this.unfinished].map((construct) => [construct.node.path, construct.constructor.name] as const);
    return [...unfinished, ...this.unmade].map(([path, what]) => refusedWhenMade(path, what));
  }

  private removed(): Refusal[] {
    const detached = [...this.members].map(detachedFrom).filter((construct) => construct !== undefined);
    return [...new Set(detached)].map((construct) => ({
      code: 'REMOVED',
      path: construct.node.path,
      problem: 'it was taken out of the tree after it was made, so what it enforces would not be written',
      remedy: 'Do not remove it; leave out the line that makes it.',
    }));
  }

  /**
   * What is wrong with an engine beside others. A verifier that a policy brought has to be the only one: of two that nobody asked for, each would
   * guard the same Pods with its own half of the policies. Of two engines that share a name, the one that is applied last replaces the other.
   */
  undecided(engine: Enforcement): Refusal[] {
    const notChosen = engine.implicit ? this.notChosen(engine) : [];
    return notChosen.length > 0 ? notChosen : this.nameTaken(engine);
  }

  private notChosen(verifier: Enforcement): Refusal[] {
    const { chosen } = this;
    if (chosen === undefined || chosen === verifier) {
      return [];
    }
    const pass = 'pass it to every policy and exemption, `new SignedImagePolicy(this, \'…\', { engine: verifier, … })`';
    return [{
      code: 'VERIFIER_NOT_CHOSEN',
      path: verifier.firstOrigin?.node.path ?? verifier.path,
      problem: `it brings a verifier of its own, but this App already has one at ${chosen.path}`,
      remedy: chosen.implicit
        ? `In the chart "${chosen.chart.node.path}", before its policies, write \`const verifier = new WebhookVerifier(this, 'verifier');\`, and ${pass}.`
        : `Take the one that you made, and ${pass}.`,
    }];
  }

  /** Whether policies that brought a verifier of their own are told to take this one. */
  isWanted(verifier: Enforcement): boolean {
    return this.chosen === verifier && this.verifiers.some((other) => other.implicit && other.firstOrigin !== undefined && other !== verifier);
  }

  /** Why policies of its chart do not help a verifier that nobody asked for, as the end of a sentence. */
  givenElsewhere({ chart }: Enforcement): string {
    const other = this.engines.find((one) => one.chart === chart && one.engine.id !== 'webhook' && one.policies.some(({ document }) => document.kind === 'ImagePolicy'));
    return other === undefined ? '' : ` (the policies of this chart are given to ${ENGINES[other.engine.id].construct}, which has neither exemptions nor deny lists)`;
  }

  private get verifiers(): Enforcement[] {
    return this.engines.filter(({ engine }) => engine.id === 'webhook');
  }

  private get chosen(): Enforcement | undefined {
    return this.verifiers.find(({ implicit }) => !implicit) ?? this.verifiers[0];
  }

  private nameTaken(enforcement: Enforcement): Refusal[] {
    const earlier = this.engines.slice(0, this.engines.indexOf(enforcement)).find(({ implicit, engine }) => !implicit && isNameShared(enforcement.engine, engine));
    return earlier === undefined ? [] : [nameTaken(enforcement, earlier, ', or make an App for each cluster')];
  }

  /** What keeps the program or the images of another engine of the tree from starting. */
  inTheWay(engine: Enforcement): Refusal[] {
    return [...lockedOut(engine, this.engines, 'Pass one verifier to all policies; or make an App for each cluster'), ...divided(engine, this.engines)];
  }

  /** Whether no engine is in another's way, and it is clear for every policy which one it has. */
  get decided(): boolean {
    return this.engines.every((engine) => this.undecided(engine).length === 0);
  }
}

/** What is made once the files are written is in none of them, and nothing else would say so. */
function refuseLate(root: IConstruct, path: string): void {
  if (isSynthesized(root)) {
    refuseInput(path, 'it is made after `app.synth()`, which has written the manifests, so nothing would enforce it',
      'Make it before: `app.synth()` is the last line of a program. What is to be written apart from them needs an App of its own.');
  }
}

/** The highest construct above or at this one that its scope no longer holds. */
function detachedFrom(construct: IConstruct): IConstruct | undefined {
  const scope = construct.node.scope;
  if (scope === undefined) {
    return undefined;
  }
  return detachedFrom(scope) ?? (scope.node.tryFindChild(construct.node.id) === construct ? undefined : construct);
}

function unused(construct: IConstruct): Refusal {
  return {
    code: 'UNUSED',
    path: construct.node.path,
    problem: `no policy names this ${construct.constructor.name}, so it enforces nothing`,
    remedy: 'Name it in a SignedImagePolicy, or remove it.',
  };
}
