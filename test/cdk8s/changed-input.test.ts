import { Chart } from 'cdk8s';
import { SignedImagePolicy, WebhookVerifier } from '../../lib';
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
    ['what the engine renders is replaced', ({ verifier }) => change(verifier, ['_enforcement', 'engine', 'render'], () => [])],
    ['the engine is replaced', ({ verifier }) => change(verifier, ['_enforcement', 'engine'], { ...(verifier._enforcement as { engine: object }).engine, render: () => [] })],
    ['the place of the engine is changed', ({ verifier }) => change(verifier, ['_enforcement', 'engine', 'place', 'namespace'], 'elsewhere')],
    ['a document is changed where it is kept', ({ verifier }) => change(verifier, ['_enforcement', 'objects', 'entries', '0', 'document', 'spec', 'images', '0'], 'docker.io/**')],
    ['the namespace of the verifier is changed', ({ verifier }) => change(verifier, ['namespace'], 'elsewhere')],
  ])('writes what was said when the constructs were made, although afterwards %s', (_name, alter) => {
    const made = make();
    alter(made);
    expect(synth(made.tree)).toEqual(synth(make().tree));
  });
});
