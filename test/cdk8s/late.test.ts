import { ApiObject, App, Chart } from 'cdk8s';
import { Exemption, KeyAttestor, KeylessAttestor, NativeEngine, SignedImagePolicy, WebhookVerifier } from '../../lib';
import { createApp, createAttestor, createTree, messageOf, NEXT_MONTH, WAYS } from './tree';

/*
 * What is made once the files are written is in none of them.
 */

const second = (chart: Chart, attestors: KeylessAttestor[]): SignedImagePolicy => new SignedImagePolicy(chart, 'second', { images: ['ghcr.io/acme/second'], attestors });

const LATE = ': it is made after `app.synth()`, which has written the manifests, so nothing would enforce it. Make it before: ';

test.each<[string, (chart: Chart, release: KeylessAttestor) => unknown]>([
  ['a policy', (chart, release) => second(chart, [release])],
  ['an attestor', (chart) => createAttestor(chart, 'second')],
  ['a key', (chart) => new KeyAttestor(chart, 'second', { publicKey: 'any' })],
  ['an exemption', (chart) => new Exemption(chart, 'second', { image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'r', owner: 'o', until: NEXT_MONTH })],
  ['a verifier', (chart) => new WebhookVerifier(chart, 'second')],
  ['another engine', (chart) => new NativeEngine(chart, 'second')],
])('%s is refused after app.synth(), where it is made', (_, make) => {
  const { app, chart, release } = createTree();
  app.synth();
  expect(messageOf(() => make(chart, release))).toContain(`[INVALID_INPUT] enforcement/second${LATE}`);
});

test('a policy is refused in an App that was synthesized without anything of this library, also in a chart of its own', () => {
  const app = createApp();
  new ApiObject(new Chart(app, 'other'), 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
  app.synth();
  expect(messageOf(() => createTree(app))).toContain(`[INVALID_INPUT] enforcement/release${LATE}`);
});

test('it is refused where an App synthesizes in a way of its own, and calls that of its class', () => {
  const { app, chart, release } = createTree(new class extends App {
    public override synth(): void {
      super.synth();
    }
  }({ outdir: createApp().outdir }));
  app.synth();
  expect(messageOf(() => second(chart, [release]))).toContain(LATE);
});

test('who catches the error is told by the next synthesis', () => {
  const { app, chart, release } = createTree();
  app.synth();
  messageOf(() => second(chart, [release]));
  expect(messageOf(() => app.synth())).toContain('[REFUSED] enforcement/second: ');
});

test.each(['Testing.synth', 'synthYaml'])('after %s, which writes no file, a policy is taken and enforced', (way) => {
  const tree = createTree();
  WAYS[way]!(tree);
  second(tree.chart, [tree.release]);
  tree.app.synth();
  expect(JSON.stringify(WAYS[way]!(tree))).toContain('ghcr.io/acme/second');
});

test('after a synthesis that was refused, a policy is taken', () => {
  const { app, chart, release } = createTree();
  const unused = createAttestor(chart, 'unused');
  expect(() => app.synth()).toThrow(/\[UNUSED\]/);
  second(chart, [release, unused]);
  expect(() => app.synth()).not.toThrow();
});

test('an App of its own is another one', () => {
  createTree().app.synth();
  expect(() => createTree().app.synth()).not.toThrow();
});
