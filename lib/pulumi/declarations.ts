import * as pulumi from '@pulumi/pulumi';
import { Refusal, refusedWhenMade } from '../authoring/refusal';
import type { Enforcement } from './enforcement';
import type { PolicyEngine } from './policy-engine';
import { said } from './said';

const declarations = new WeakMap<object, Declarations>();

/** Something of this library that a program declares. */
export interface Declared {
  /** Name of the resource. */
  readonly path: string;
  /** Class, as messages name it. */
  readonly what: string;
}

/** An engine that a program declares. */
export interface DeclaredEngine {
  readonly component: PolicyEngine;
  readonly enforcement: Enforcement;
  /** The cluster it goes to, as far as it can be told: the provider that was named. */
  readonly provider: pulumi.ProviderResource | undefined;
}

/**
 * Everything of this library that one run of a program declares.
 *
 * Pulumi registers a resource when it is made, and what a verifier runs with follows from all policies: so its objects are registered at the end
 * of the turn in which it was declared, when the program awaits something or is over. What comes later is refused, never left out.
 */
export class Declarations {
  /** Those of the program that runs now: each preview and each update has a monitor of its own, and so has each call of `setMocks`. */
  static current(): Declarations {
    const monitor: object = pulumi.runtime.getMonitor() ?? Declarations;
    const known = declarations.get(monitor);
    if (known) {
      return known;
    }
    const made = new Declarations();
    declarations.set(monitor, made);
    return made;
  }

  readonly engines: DeclaredEngine[] = [];
  private readonly unfinished = new Set<Declared>();
  private readonly parts = new Map<object, Declared>();
  private readonly used = new Set<object>();
  private turn: Promise<void> | undefined;

  /** Resolves when everything that is declared without an `await` in between has been. */
  endOfTurn(): Promise<void> {
    this.turn ??= Promise.resolve().then(() => {
      this.turn = undefined;
    });
    return this.turn;
  }

  /**
   * Makes what is declared, or what its constructor begins with. A refusal is told to the engine, and what was refused is not missing unnoticed,
   * whatever the program does with the error.
   *
   * @param component - absent as long as there is none
   */
  declare<T>(component: pulumi.Resource | undefined, declared: Declared, make: () => T): T {
    this.unfinished.add(declared);
    const made = said(component, make);
    this.unfinished.delete(declared);
    return made;
  }

  /** The part means nothing unless something names it. */
  expectUse(part: object, declared: Declared): void {
    this.parts.set(part, declared);
  }

  /** Something names the part. */
  use(part: object): void {
    this.used.add(part);
  }

  /** What should be enforced and would not be: what was refused when it was made, and what nothing names. */
  missing(): Refusal[] {
    return [
      ...[...this.unfinished].map(({ path, what }) => refusedWhenMade(path, what)),
      ...[...this.parts].filter(([part]) => !this.used.has(part)).map(([, { path, what }]) => ({
        code: 'UNUSED',
        path,
        problem: `no policy names this ${what}, so it enforces nothing`,
        remedy: 'Name it in a SignedImagePolicy that is declared without an await in between, or remove it.',
      })),
    ];
  }
}

/** Makes what a factory hands to the constructor of a component, which there is none of yet; a refusal is that of the component. */
export function attempt<T>(name: string, what: string, make: (path: string) => T): T {
  return Declarations.current().declare(undefined, { path: name, what }, () => make(name));
}
