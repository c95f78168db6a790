import { ApiObject, Chart } from 'cdk8s';
import { SignedImagePolicy, WebhookVerifier } from '../../lib';
import { EnforcedObject } from '../../lib/cdk8s/enforced-object';
import { Enforcement } from '../../lib/cdk8s/enforcement';
import { EngineObjects } from '../../lib/cdk8s/engine-objects';
import { EnforcementRoll } from '../../lib/cdk8s/roll';
import { reachable } from '../support/reachable';
import { createApp, createAttestor, Tree, WAYS } from './tree';

/** A tree, and what the program that made it still holds. */
interface Made {
  readonly tree: Pick<Tree, 'app' | 'chart'>;
  readonly images: string[];
  readonly groups: string[];
  readonly registries: Array<{ host: string; credentialsSecret: string }>;
  readonly verifier: { readonly [field: string]: unknown };
}

function make(): Made {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  const [images, groups, registries] = [['ghcr.io/acme/payments/**'], ['platform'], [{ host: 'ghcr.io', credentialsSecret: 'pull' }]];
  const verifier = new WebhookVerifier(chart, 'verifier', { operatorGroups: groups, registries });
  new SignedImagePolicy(chart, 'payments', { images, attestors: [createAttestor(chart)], engine: verifier });
  return { tree: { app, chart }, images, groups, registries, verifier: verifier as unknown as Made['verifier'] };
}

/** Changes what is at the end of a path, as far as anything is there and can be changed. */
function change(from: unknown, path: readonly string[], value: unknown): void {
  const [last = '', ...above] = [...path].reverse();
  const holder = above.reverse().reduce<unknown>((object, step) => (Object(object) as { [field: string]: unknown })[step], from);
  Reflect.set(Object(holder) as object, last, value);
}

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test.each<[string, (made: Made) => void]>([
    ['a list of operator groups is added to', ({ groups }) => groups.push('system:authenticated')],
    ['a list of images is added to', ({ images }) => images.push('docker.io/**')],
    ['a registry is given another Secret', ({ registries }) => Object.assign(registries[0] ?? {}, { credentialsSecret: 'mine' })],
    ['the namespace of the verifier is changed', ({ verifier }) => change(verifier, ['namespace'], 'elsewhere')],
  ])('writes what was said when the constructs were made, although afterwards %s', (_name, alter) => {
    const made = make();
    alter(made);
    expect(synth(made.tree)).toEqual(synth(make().tree));
  });
});

test('nothing that a program holds leads to what judges it', () => {
  const { tree, verifier } = make();
  const found = reachable(tree.app);
  const judges = [Enforcement, EnforcementRoll, EngineObjects];
  expect([found.has(verifier), judges.some((judge) => found.has(judge) || found.has(judge.prototype as object))]).toEqual([true, false]);
});

test('what an object in the tree leads to judges on, whatever is put in its place', () => {
  const { tree: { chart } } = make();
  const object = chart.node.findAll().find((construct): construct is ApiObject => ApiObject.isApiObject(construct) && construct.kind === 'ValidatingWebhookConfiguration');
  for (const method of ['written', 'tamperedAt', 'isEnforcedObject']) {
    expect([Reflect.set(EnforcedObject, method, () => true), Object.hasOwn(EnforcedObject.prototype, method)]).toEqual([false, false]);
  }
  expect(object?.constructor).toBe(EnforcedObject);
});
