import { Chart } from 'cdk8s';
import { createApp, createTree, Tree, WAYS, Written } from './tree';

/** An attempt to weaken enforcement from within the program, and what differs in one respect and weakens nothing. */
export interface Attempt {
  readonly attempt: string;
  readonly tree?: () => Tree;
  readonly attack: (tree: Tree) => void;
  /** What the refusal says; without it the attempt has to have no effect. */
  readonly refused?: RegExp;
  /** Ways of synthesizing that do not write what the attempt changes, so that it has no effect there. */
  readonly inert?: readonly string[];
  readonly harmless: string;
  readonly twin: () => Tree;
}

export const FOLDERS = 'app.synth with a file per resource in a folder per chart';

/** Ways that write a file for each object. */
export const FILES = ['app.synth with a file per resource', FOLDERS];

/** Writes one chart and nothing of the others. */
export const ONE_CHART = 'Testing.synth';

/** Every attempt and every twin by every way of synthesizing. */
export function describeAttempts(attempts: readonly Attempt[]): void {
  describe.each(Object.entries(WAYS))('%s', (way, synth) => {
    const hasEffect = ({ refused, inert = [] }: Attempt): boolean => refused !== undefined && !inert.includes(way);
    const [effective, ineffective] = [attempts.filter(hasEffect), attempts.filter((attempt) => !hasEffect(attempt))];

    if (effective.length > 0) {
      test.each(effective)('refuses when $attempt', ({ tree: make = createTree, attack, refused }) => {
        const tree = make();
        attack(tree);
        expect(() => synth(tree)).toThrow(refused);
      });
    }

    if (ineffective.length > 0) {
      test.each(ineffective)('is not moved when $attempt', ({ tree: make = createTree, attack }) => {
        const tree = make();
        attack(tree);
        expect(failurePolicies(synth(tree))).toEqual(['Fail']);
      });
    }

    test.each(attempts)('goes through when $harmless', ({ twin }) => {
      expect(failurePolicies(synth(twin()))).toEqual(['Fail']);
    });
  });
}

export function changed(change: (tree: Tree) => unknown): Tree {
  const tree = createTree();
  change(tree);
  return tree;
}

export function treeIn(type: typeof Chart): Tree {
  const app = createApp();
  return createTree(app, new type(app, 'enforcement'));
}

export function webhookConfiguration(name: string, service: string, namespace?: string): Written {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name, ...namespace !== undefined && { namespace } },
    webhooks: [{ name: 'raw.acme.example', failurePolicy: 'Ignore', clientConfig: { service: { name: service, namespace: 'proofgate', path: '/validate' } } }],
  };
}

/** Of the entries that refuse, in the configuration that was synthesized. */
export function failurePolicies(objects: readonly Written[]): string[] {
  return objects
    .filter(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}` === 'admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration proofgate-verifier')
    .flatMap(({ webhooks }) => (webhooks as { failurePolicy: string }[]).map(({ failurePolicy }) => failurePolicy));
}
