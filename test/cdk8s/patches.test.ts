import { JsonPatch } from 'cdk8s';
import { createTree, find, messageOf, WAYS } from './tree';

/*
 * A patch that cannot be applied is refused with its path, one that weakens something with the place that it changed.
 */

const CANNOT = '[INVALID_INPUT] enforcement/proofgate-verifier/Deployment: a JSON patch ';

const UNAPPLIED: ReadonlyArray<readonly [what: string, patch: JsonPatch, said: string, sound: JsonPatch]> = [
  ['leads to where nothing is', JsonPatch.replace('/spec/template/spec/containers/1/resources', {}),
    '(replace) of it cannot be applied: nothing is at "/spec/template/spec/containers/1", above "/spec/template/spec/containers/1/resources". Correct the path',
    JsonPatch.replace('/spec/template/spec/containers/0/resources', {})],
  ['is of something that is not there', JsonPatch.add('/spec/strategi/rollingUpdate/maxSurge', 2), '(add) of it cannot be applied: nothing is at "/spec/strategi", above', JsonPatch.add('/spec/strategy/rollingUpdate/maxSurge', 2)],
  ['copies from where nothing is', JsonPatch.copy('/nothing/here', '/spec/replicas'), '(copy) of it cannot be applied: nothing is at "/nothing", above "/nothing/here"', JsonPatch.copy('/spec/replicas', '/spec/replicas')],
  ['has an escaped step', JsonPatch.add('/metadata/annotations/a~1b/c', 'x'), '(add) of it cannot be applied: nothing is at "/metadata/annotations", above', JsonPatch.add('/metadata/annotations', { 'a/b': 'x' })],
  ['has a path without a slash', JsonPatch.replace('spec/replicas', 5), '(replace) of it cannot be applied: its path "spec/replicas" does not begin with a slash. Write "/spec/replicas".', JsonPatch.replace('/spec/replicas', 5)],
  ['leaves no object', JsonPatch.remove(''), '(remove) of it cannot be applied: at "" it leaves no object', JsonPatch.replace('/spec/replicas', 5)],
  ['makes a text of it', JsonPatch.replace('', 'x'), '(replace) of it cannot be applied: at "" it leaves no object', JsonPatch.replace('/spec/replicas', 5)],
  ['tests what is not so', JsonPatch.test('/spec/replicas', 7), '(test) of it cannot be applied: what is at "/spec/replicas" is not what it says', JsonPatch.test('/spec/replicas', 3)],
];

describe.each(Object.entries(WAYS))('%s: a patch', (_way, synth) => {
  test.each(UNAPPLIED)('that %s is refused with its path', (_, patch, said, sound) => {
    const [tree, twin] = [createTree(), createTree()];
    find(tree, 'Deployment').addJsonPatch(JsonPatch.replace('/spec/replicas', 3), patch);
    expect(messageOf(() => synth(tree))).toContain(CANNOT + said);
    find(twin, 'Deployment').addJsonPatch(JsonPatch.replace('/spec/replicas', 3), sound);
    expect(() => synth(twin)).not.toThrow();
  });
});

test('an object that is rendered on its own says the same', () => {
  const tree = createTree();
  find(tree, 'Deployment').addJsonPatch(JsonPatch.replace('/nothing/here', 5));
  expect(messageOf(() => find(tree, 'Deployment').toJson())).toContain(`${CANNOT}(replace) of it cannot be applied: nothing is at "/nothing"`);
});

test('what something else than a patch does to an object is told in its own words', () => {
  const tree = createTree();
  find(tree, 'Deployment').metadata.add('broken', { get it(): never {
    throw new Error('out of order');
  } });
  expect(messageOf(() => tree.app.synth())).toContain('out of order');
});

test('a change of the private content is told with its place', () => {
  const tree = createTree();
  const props = (find(tree, 'Deployment') as unknown as { readonly props: { spec: { template: { spec: { nodeSelector: object } } } } }).props;
  props.spec.template.spec.nodeSelector = { zone: 'a' };
  expect(messageOf(() => tree.app.synth())).toContain('[ALTERED] enforcement/proofgate-verifier/Deployment: props.spec.template.spec.nodeSelector: this private property was changed');
});

test('a text is told from the number that it looks like, and what is gone is called nothing', () => {
  const altered = (patch: JsonPatch): string => {
    const tree = createTree();
    find(tree, 'Service').addJsonPatch(patch);
    return messageOf(() => tree.app.synth());
  };
  const place = '[ALTERED] enforcement/proofgate-verifier/Service: spec.ports[0].';
  expect(altered(JsonPatch.replace('/spec/ports/0/port', '443'))).toContain(`${place}port: rendered as 443, would be written as "443".`);
  expect(altered(JsonPatch.remove('/spec/ports/0/name'))).toMatch(/: spec\.ports\[0\]\.name: rendered as "\w+", would be written as nothing\./);
});

test.each<[string, string, JsonPatch, string]>([
  ['a port of the NetworkPolicy', 'NetworkPolicy', JsonPatch.add('/spec/egress/-', { ports: [{ port: 16443 }] }), 'open a further port with a NetworkPolicy of another name beside it, since they add up: docs/operations.md.'],
  ['who may ask', 'NetworkPolicy', JsonPatch.add('/spec/ingress/0/from', []), 'from where API servers ask, say with apiServers of the WebhookVerifier; let others in with a NetworkPolicy of another name'],
  ['Secrets to pull with', 'ServiceAccount', JsonPatch.add('/imagePullSecrets', [{ name: 'acme' }]), 'name the Secrets in a patch of spec.template.spec.imagePullSecrets of the Deployment: docs/operations.md.'],
  ['Pods of a NetworkPolicy', 'NetworkPolicy', JsonPatch.replace('/spec/podSelector', {}), 'say what you need with the properties of the policy or of its WebhookVerifier.'],
])('what is refused to be patched is told the way that there is: %s', (_what, kind, patch, way) => {
  const tree = createTree();
  find(tree, kind).addJsonPatch(patch);
  const text = messageOf(() => tree.app.synth());
  expect(text).toContain(`[ALTERED] enforcement/proofgate-verifier/${kind}: `);
  expect(text).toContain(`Leave it as it is; ${way}`);
});
