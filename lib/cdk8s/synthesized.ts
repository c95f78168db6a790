import { App } from 'cdk8s';
import { IConstruct } from 'constructs';

const synthesized = new WeakSet<object>();

// An App has no memory of it, and one that holds nothing of this library yet has nobody else to remember: so its class does.
const synth: (this: App) => void = Reflect.get<App, 'synth'>(App.prototype, 'synth');
App.prototype.synth = function synthAndRemember(this: App): void {
  synth.call(this);
  synthesized.add(this);
};

/** Whether a tree has been written into files, so that what is made in it from now on is in none of them. */
export function isSynthesized(root: IConstruct): boolean {
  return synthesized.has(root);
}
