import { Chart } from 'cdk8s';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttestationRequirement, Exemption, KeyAttestor, KeylessAttestor, SignedImagePolicy, WebhookVerifier } from '../../lib';
import { createApp, createTree, messageOf, NEXT_MONTH, Tree, WAYS } from './tree';

const KEY = join(mkdtempSync(join(tmpdir(), 'proofgate-')), 'cosign.pub');
writeFileSync(KEY, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }));

/** Makes one more construct in a sound tree, soundly or not. */
type Make = (tree: Tree, sound: boolean) => void;

const CONSTRUCTS: readonly (readonly [string, Make])[] = [
  ['SignedImagePolicy', ({ chart, release }, sound) => new SignedImagePolicy(chart, 'more', { images: [sound ? 'ghcr.io/acme/more' : 'ghcr.io/acme*'], attestors: [release] })],
  ['Exemption', ({ chart }, sound) => new Exemption(chart, 'more', {
    image: 'docker.io/vendor/agent', digests: [sound ? `sha256:${'8'.repeat(64)}` : 'latest'], reason: 'not signed yet', owner: 'platform', until: NEXT_MONTH,
  })],
  ['KeylessAttestor', ({ chart }, sound) => {
    const attestors = [new KeylessAttestor(chart, 'more', { issuer: sound ? 'https://id.acme.example' : 'id', subject: 'release@acme.example' })];
    new SignedImagePolicy(chart, 'other', { images: ['ghcr.io/acme/other'], attestors });
  }],
  ['KeylessAttestor', ({ chart }, sound) => {
    const attestors = [KeylessAttestor.email(chart, 'more', { issuer: 'https://id.acme.example', email: sound ? 'release@acme.example' : 'release' })];
    new SignedImagePolicy(chart, 'other', { images: ['ghcr.io/acme/other'], attestors });
  }],
  ['KeyAttestor', ({ chart }, sound) => {
    const attestors = [KeyAttestor.fromFile(chart, 'more', { file: sound ? KEY : '/nowhere.pub' })];
    new SignedImagePolicy(chart, 'other', { images: ['ghcr.io/acme/other'], attestors });
  }],
  ['AttestationRequirement', ({ chart, release }, sound) => {
    const requirements = [new AttestationRequirement(chart, 'more', { attestors: [release], predicateType: sound ? 'https://acme.example/review/v1' : '' })];
    new SignedImagePolicy(chart, 'other', { images: ['ghcr.io/acme/other'], attestors: [release], requirements });
  }],
];

function caught(make: Make, sound: boolean): Tree {
  const tree = createTree();
  try {
    make(tree, sound);
  } catch {
    // As a program does that goes on all the same.
  }
  return tree;
}

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test.each(CONSTRUCTS)('a %s that was refused is missed, also where its error was caught', (kind, make) => {
    expect(messageOf(() => synth(caught(make, false)))).toMatch(new RegExp(`\\[REFUSED\\] \\w+/more: this ${kind} was refused when it was made, and the program went on without it\\.`));
    expect(() => synth(caught(make, true))).not.toThrow();
  });

  test('a WebhookVerifier that was refused is missed, although a policy brings one with the defaults', () => {
    const made = (name: string): Pick<Tree, 'app' | 'chart'> => {
      const app = createApp();
      const chart = new Chart(app, 'enforcement');
      try {
        new WebhookVerifier(chart, 'more', { name });
      } catch {
        // As above.
      }
      return createTree(app, chart);
    };
    expect(messageOf(() => synth(made('More')))).toMatch(/\[REFUSED\] enforcement\/more: this WebhookVerifier was refused/);
    expect(() => synth(made('more'))).not.toThrow();
  });

  test('it is missed also where it was taken out of the tree again', () => {
    const tree = caught((made) => new SignedImagePolicy(made.chart, 'more', { images: [], attestors: [made.release] }), true);
    tree.chart.node.tryRemoveChild('more');
    expect(messageOf(() => synth(tree))).toMatch(/\[REFUSED\] enforcement\/more: /);
  });
});
