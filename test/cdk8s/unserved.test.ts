import { Chart } from 'cdk8s';
import { AuditWindow, NamespaceSelection, SignedImagePolicy, WebhookVerifier } from '../../lib';
import { createApp, createAttestor, createTree, messageOf, NEXT_MONTH, Tree, WAYS } from './tree';

const audit = new AuditWindow({ reason: 'being rolled out', owner: 'platform@acme.example', until: NEXT_MONTH });

/** A tree with a policy that is served, and one beside it. */
function treeWith(namespaces: NamespaceSelection, window?: AuditWindow): Tree {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  const verifier = new WebhookVerifier(chart, 'verifier', { namespace: 'gate' });
  const tree = createTree(app, chart);
  new SignedImagePolicy(chart, 'own', {
    images: ['ghcr.io/acme/own/**'], attestors: [createAttestor(chart, 'own-release')], namespaces, engine: verifier, ...window !== undefined && { audit: window },
  });
  return tree;
}

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test.each([['refuses', undefined], ['watches', audit]])('a policy that %s and holds only in the namespace of the verifier is refused', (_name, window) => {
    const own = NamespaceSelection.labels({ 'kubernetes.io/metadata.name': 'gate', 'team': 'platform' });
    expect(messageOf(() => synth(treeWith(own, window)))).toMatch(/\[NOTHING_ENFORCED\] enforcement\/own: it holds only in "gate", the verifier's own namespace/);
    const other = NamespaceSelection.labels({ 'kubernetes.io/metadata.name': 'other', 'team': 'platform' });
    expect(() => synth(treeWith(other, window))).not.toThrow();
  });
});
