import { Chart, Testing } from 'cdk8s';
import { AuditWindow, DenyList, DenyListProps, NamespaceSelection, SignedImagePolicy } from '../../lib';
import { createApp, createAttestor, createTree, documentsIn, messageOf, Written } from './tree';

const FINGERPRINT = `sha256:${'8d4b1c6a'.repeat(8)}`;

function written(props: Partial<DenyListProps> = {}, chart: Chart = createTree().chart): Written[] {
  new DenyList(chart, 'leaked', { reason: 'The key leaked', owner: 'security@acme.example', keys: [FINGERPRINT], ...props });
  return Testing.synth(chart) as Written[];
}

test('a deny list is a document of its own', () => {
  const signers = [{ subject: 'eve@acme.example', issuer: 'https://accounts.google.com', signedFrom: '2027-01-01', signedUntil: '2027-02-01' }, { subject: 'mallory@acme.example' }];
  expect(documentsIn(written({ digests: [FINGERPRINT], signers, certificates: [FINGERPRINT], namespaces: NamespaceSelection.names('shop') })).find(({ kind }) => kind === 'ImageDenyList')).toEqual({
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImageDenyList',
    metadata: { name: 'leaked' },
    spec: {
      reason: 'The key leaked',
      owner: 'security@acme.example',
      digests: [FINGERPRINT],
      signers: [{ subject: 'eve@acme.example', issuer: 'https://accounts.google.com', signed: { from: '2027-01-01', until: '2027-02-01' } }, { subject: 'mallory@acme.example' }],
      certificates: [FINGERPRINT],
      keys: [FINGERPRINT],
      namespaces: { names: ['shop'] },
    },
  });
});

test('reason and owner show in the manifest\'s annotations', () => {
  const maps = written().filter(({ kind }) => kind === 'ConfigMap');
  expect(maps.map(({ metadata }) => metadata.annotations)).toContainEqual({ 'proofgate.dev/reason': 'The key leaked', 'proofgate.dev/owner': 'security@acme.example' });
});

test('a deny list rolls the verifier out anew', () => {
  const template = (objects: Written[]): unknown => (objects.find(({ kind }) => kind === 'Deployment') as Written & { spec: { template: unknown } }).spec.template;
  const { chart } = createTree();
  expect(template(written())).not.toEqual(template(Testing.synth(chart) as Written[]));
  expect(template(written())).toEqual(template(written()));
});

test.each<[string, Partial<DenyListProps>, RegExp]>([
  ['nothing that is denied', { keys: undefined as never }, /names nothing that is denied/],
  ['a fingerprint as tools print it', { keys: ['8D:4B:1C'] }, /keys\[0\] is "8D:4B:1C", which is not a fingerprint/],
  ['a pattern', { signers: [{ subject: 'https://github.com/acme/*' }] }, /signers\[0\]\.subject .* looks like a pattern/],
  ['a period that ends before it begins', { signers: [{ subject: 'eve@acme.example', signedFrom: '2027-02-01', signedUntil: '2027-01-01' }] }, /signers\[0\] ends before it begins/],
  ['a date that is none', { signers: [{ subject: 'eve@acme.example', signedFrom: 'soon' }] }, /signers\[0\]\.signedFrom "soon" is not a date/],
])('refuses %s', (_, props, message) => {
  const text = messageOf(() => written(props));
  expect(text).toMatch(/^\[INVALID_INPUT\] .*\/leaked: /);
  expect(text).toMatch(message);
});

test('refuses a list for more namespaces than policies are for, which nobody would ask', () => {
  const chartFor = (): Chart => {
    const chart = new Chart(createApp(), 'enforcement');
    new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart, 'release')], namespaces: NamespaceSelection.names('shop') });
    return chart;
  };
  const text = messageOf(() => written({}, chartFor()));
  const unjudged = 'Nobody judges the namespaces that are named nowhere, where the deny list leaked holds: no policy is for them.';
  expect(text).toMatch(/\[NAMESPACE_UNJUDGED\] enforcement\/leaked: /);
  expect(text).toContain(unjudged);
  expect(text).toContain("Add a policy for them, or say in the list's namespaces where one does: NamespaceSelection.names('shop').");
  expect(() => written({ namespaces: NamespaceSelection.names('shop') }, chartFor())).not.toThrow();
});

test('refuses a list where policies only watch, and names the window', () => {
  const chartFor = (audit?: AuditWindow): Chart => {
    const chart = new Chart(createApp(), 'enforcement');
    const attestors = [createAttestor(chart, 'release')];
    new SignedImagePolicy(chart, 'shop', { images: ['ghcr.io/acme/**'], attestors, namespaces: NamespaceSelection.names('shop') });
    new SignedImagePolicy(chart, 'bank', { images: ['ghcr.io/acme/**'], attestors, namespaces: NamespaceSelection.names('bank'), ...(audit === undefined ? {} : { audit }) });
    return chart;
  };
  const namespaces = NamespaceSelection.names('bank');
  const text = messageOf(() => written({ namespaces }, chartFor(new AuditWindow({ reason: 'rollout', owner: 'platform', until: '2999-01-01' }))));
  expect(text).toContain('Nobody judges bank, where the deny list leaked holds: the policy bank is in its audit window, in which nothing is refused, and no other policy is for them.');
  expect(text).toContain("End the audit window, add a policy for them that refuses, or say in the list's namespaces where one does: NamespaceSelection.names('shop').");
  expect(() => written({ namespaces }, chartFor())).not.toThrow();
});

test('refuses a list without a policy, where nobody asks', () => {
  const chart = new Chart(createApp(), 'enforcement');
  expect(messageOf(() => written({}, chart))).toMatch(/\[NOTHING_ENFORCED\] .*only exemptions or deny lists such as enforcement\/leaked use this verifier/);
});
