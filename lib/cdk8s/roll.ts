import { Construct, IConstruct } from 'constructs';
import type { Enforcement } from './enforcement';
import { describeRefusal, Refusal } from './refusal';
import { sweep } from './sweep';

const rolls = new WeakMap<IConstruct, EnforcementRoll>();

/**
 * Everything of this library in one construct tree, kept outside the tree: what is taken out, or never used, is missed at synthesis.
 */
export class EnforcementRoll {
  /** The roll of the tree that a construct is in. */
  static of(construct: IConstruct): EnforcementRoll {
    const root = construct.node.root;
    const known = rolls.get(root);
    if (known) {
      return known;
    }
    const roll = new EnforcementRoll(root);
    rolls.set(root, roll);
    root.node.addValidation({ validate: () => roll.refusals().map(describeRefusal) });
    return roll;
  }

  private readonly members = new Set<IConstruct>();
  private readonly unused = new Set<Construct>();
  private readonly verifiers: Enforcement[] = [];

  private constructor(private readonly root: IConstruct) {}

  /** From now on the construct must stay in the tree. */
  enroll(construct: IConstruct): void {
    this.members.add(construct);
  }

  /** From now on the verifier counts among those of the tree. */
  enrollVerifier(verifier: Enforcement): void {
    this.verifiers.push(verifier);
  }

  /** The construct means nothing unless something names it. */
  expectUse(construct: Construct): void {
    this.enroll(construct);
    this.unused.add(construct);
  }

  /** Something names the construct. */
  use(construct: Construct): void {
    this.unused.delete(construct);
  }

  /** Verifiers made in a chart, in the order in which they were made. */
  verifiersIn(chart: IConstruct): Enforcement[] {
    return this.verifiers.filter((verifier) => verifier.chart === chart);
  }

  /** Enrolled constructs that are no longer in the tree. */
  removed(): Refusal[] {
    const detached = [...this.members].map(detachedFrom).filter((construct) => construct !== undefined);
    return [...new Set(detached)].map((construct) => ({
      code: 'REMOVED',
      path: construct.node.path,
      problem: 'it was taken out of the tree after it was made, so what it enforces would not be written',
      remedy: 'Do not remove it; leave out the line that makes it.',
    }));
  }

  /** What is wrong with the tree as a whole. */
  private refusals(): Refusal[] {
    const undecided = this.undecidedVerifiers();
    return [
      ...this.removed(),
      ...undecided,
      ...[...this.unused].map(unusedConstruct),
      // Objects of undecided verifiers share their names; saying so for each would bury the line to write.
      ...undecided.length > 0 ? [] : sweep(this.root, this.verifiers),
    ];
  }

  /** A verifier that a chart got without asking must be the only one: otherwise each would guard the same Pods with its own half of the policies. */
  private undecidedVerifiers(): Refusal[] {
    const implicit = this.verifiers.filter((verifier) => verifier.implicit);
    const [first] = this.verifiers;
    if (implicit.length === 0 || this.verifiers.length === 1 || first === undefined) {
      return [];
    }
    const explicit = this.verifiers.find((verifier) => !verifier.implicit);
    const remedy = explicit === undefined
      ? `Make one, \`const verifier = new WebhookVerifier(chart, 'verifier');\` in the chart "${first.chart.node.path}", and pass it to every policy`
        + ' and exemption: `new SignedImagePolicy(this, \'…\', { verifier, … })`.'
      : `Pass the one at ${explicit.path} to every policy and exemption: \`new SignedImagePolicy(this, '…', { verifier, … })\`.`;
    return implicit.filter((verifier) => explicit !== undefined || verifier !== first).map((verifier) => ({
      code: 'VERIFIER_NOT_CHOSEN',
      path: verifier.firstOrigin?.node.path ?? verifier.path,
      problem: `it brings a verifier of its own, but this App already has one at ${(explicit ?? first).path}`,
      remedy,
    }));
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

function unusedConstruct(construct: Construct): Refusal {
  return {
    code: 'UNUSED',
    path: construct.node.path,
    problem: `this ${construct.constructor.name} is named by no policy, so it enforces nothing`,
    remedy: 'Name it in a SignedImagePolicy, or remove it.',
  };
}
