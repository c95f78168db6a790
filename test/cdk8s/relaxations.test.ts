import { Chart, Testing } from 'cdk8s';
import { AuditWindow, Exemption, ExemptionProps, NamespaceSelection, SignedImagePolicy } from '../../lib';
import { createApp, createAttestor, createTree, documentsIn, messageOf, WAYS, Written } from './tree';

const DIGEST = `sha256:${'8d4b1c6a'.repeat(8)}`;

function chartWith(relax: (chart: Chart) => unknown): Chart {
  const { chart } = createTree();
  relax(chart);
  return chart;
}

const exemption = (props: Partial<ExemptionProps> = {}) => (chart: Chart): unknown => new Exemption(chart, 'agent', {
  image: 'docker.io/vendor/agent', digests: [DIGEST], reason: 'The vendor does not sign yet', owner: 'platform@acme.example', until: '2027-03-31', ...props,
});

const audited = (until: string | Date) => (chart: Chart): unknown => new SignedImagePolicy(chart, 'legacy', {
  images: ['registry.acme.example/legacy/**'],
  attestors: [createAttestor(chart, 'legacy-release')],
  audit: new AuditWindow({ reason: 'Signing is being rolled out', owner: 'platform@acme.example', until }),
});

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2027-03-30T12:00:00Z') });
});

afterEach(() => {
  jest.useRealTimers();
});

test('an exemption is a document of its own', () => {
  const objects = Testing.synth(chartWith(exemption({ namespaces: NamespaceSelection.names('agents') }))) as Written[];
  expect(documentsIn(objects)[1]).toEqual({
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImageExemption',
    metadata: { name: 'agent' },
    spec: {
      image: 'docker.io/vendor/agent',
      digests: [DIGEST],
      reason: 'The vendor does not sign yet',
      owner: 'platform@acme.example',
      until: '2027-03-31',
      namespaces: { names: ['agents'] },
    },
  });
});

test('S06: reason, owner and end of a relaxation show in the manifest\'s annotations', () => {
  const [, exempted] = (Testing.synth(chartWith(exemption())) as Written[]).filter(({ kind }) => kind === 'ConfigMap');
  expect(exempted!.metadata.annotations).toEqual({
    'proofgate.dev/reason': 'The vendor does not sign yet', 'proofgate.dev/owner': 'platform@acme.example', 'proofgate.dev/until': '2027-03-31',
  });
});

test('an audit window adds a webhook entry that cannot block, and takes none away', () => {
  const entries = (objects: Written[]): unknown[] => {
    const { webhooks } = objects.find(({ kind }) => kind === 'ValidatingWebhookConfiguration') as Written & { webhooks: { failurePolicy: string }[] };
    return webhooks.map(({ failurePolicy }) => failurePolicy);
  };
  expect(entries(Testing.synth(chartWith(audited('2027-03-31'))) as Written[])).toEqual(['Fail', 'Ignore']);
  expect(entries(Testing.synth(chartWith(() => undefined)) as Written[])).toEqual(['Fail']);
});

test.each([
  ['2027-03-31', '2027-03-31'],
  ['2027-03-31T18:00:00+02:00', '2027-03-31T18:00:00+02:00'],
  [new Date('2027-03-31T00:00:00Z'), '2027-03-31'],
  [new Date('2027-03-31T16:30:00Z'), '2027-03-31T16:30:00Z'],
])('until %s stands in the document as %s', (until, text) => {
  const documents = documentsIn(Testing.synth(chartWith((chart) => [exemption({ until })(chart), audited(until)(chart)])) as Written[]);
  expect(documents.map(({ spec }) => spec.until ?? (spec.action as { until: string } | undefined)?.until)).toEqual([text, undefined, text]);
});

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test.each([
    ['an exemption', exemption(), 'agent: until: It was over on 2027-03-31; "platform@acme.example" answers for it, the reason was "The vendor does not sign yet"'],
    ['an audit window', audited('2027-03-31'), 'legacy: audit.until: It was over on 2027-03-31; "platform@acme.example" answers for it, the reason was "Signing is being rolled out"'],
  ] as const)(
    'refuses %s from its end on, and not before', (__, relax, words) => {
      const chart = chartWith(relax);
      const tree = { chart, app: chart.node.root as ReturnType<typeof createApp> };
      expect(() => synth(tree)).not.toThrow();
      jest.setSystemTime(new Date('2027-03-31T00:00:00Z'));
      expect(messageOf(() => synth(tree))).toMatch(new RegExp(`\\[EXPIRED\\] enforcement/${words}\\. Remove it, or agree on a new date`));
    },
  );
});

test.each<[string, Partial<ExemptionProps>, RegExp]>([
  ['a tag in place of digests', { digests: ['v1'] }, /digests\[0\] is "v1", which is not the digest/],
  ['no digest', { digests: [] }, /digests is empty/],
  ['a pattern of images', { image: 'docker.io/vendor/*' }, /image is .*without wildcards/],
  ['no reason', { reason: '' }, /reason is empty/],
  ['no owner', { owner: '' }, /owner is empty/],
  ['a date that is none', { until: '2027-02-30' }, /until "2027-02-30" is not a date: there is no such day/],
  ['a Date that is none', { until: new Date('never') }, /until is a Date that is none\. Write the date as text/],
  ['a name that Kubernetes rejects', { name: 'Agent' }, /: name is "Agent", which is not a DNS label/],
  ['something else as namespaces', { namespaces: { names: ['a'] } as unknown as NamespaceSelection }, /namespaces is no NamespaceSelection/],
])('an exemption with %s is refused where it is made', (_, props, message) => {
  const text = messageOf(() => chartWith(exemption(props)));
  expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/agent: /);
  expect(text).toMatch(message);
});

test('an audit window with a Date that is none is refused where it is made', () => {
  expect(messageOf(() => chartWith(audited(new Date('never'))))).toMatch(/^\[INVALID_INPUT\] AuditWindow: until is a Date that is none/);
});

test.each([
  ['except', NamespaceSelection.except('monitoring'), { except: ['kube-system', 'monitoring'] }],
  ['except without names', NamespaceSelection.except(), { except: ['kube-system'] }],
  ['names', NamespaceSelection.names('a', 'b'), { names: ['a', 'b'] }],
  ['labels', NamespaceSelection.labels({ team: 'shop' }), { labels: { team: 'shop' } }],
  ['everyNamespaceIncludingKubeSystem', NamespaceSelection.everyNamespaceIncludingKubeSystem(), { except: [] }],
])('namespaces by %s stand in the document', (_, namespaces, expected) => {
  const chart = new Chart(createApp(), 'enforcement');
  new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart)], namespaces });
  expect(documentsIn(Testing.synth(chart) as Written[])[0]!.spec.namespaces).toEqual(expected);
});

test.each([
  ['except', NamespaceSelection.except('shop', 'Staging'), 'namespaces.except[1] is "Staging"'],
  ['except, with a name that is there twice', NamespaceSelection.except('shop', 'shop', 'Staging'), 'namespaces.except[2] is "Staging"'],
  ['names', NamespaceSelection.names('shop', 'Staging'), 'namespaces.names[1] is "Staging"'],
])('of a name that is none, it is said where the program wrote it: %s', (_, namespaces, message) => {
  const chart = new Chart(createApp(), 'enforcement');
  expect(messageOf(() => new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart)], namespaces }))).toContain(`enforcement/policy: ${message}`);
});

test('a policy by labels that comes later brings what reading labels takes', () => {
  const readsNamespaces = (chart: Chart): boolean => JSON.stringify((Testing.synth(chart) as Written[]).find(({ kind }) => kind === 'ClusterRole')).includes('"namespaces"');
  expect(readsNamespaces(createTree().chart)).toBe(false);
  expect(readsNamespaces(chartWith((chart) => new SignedImagePolicy(chart, 'labelled', {
    images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart, 'other')], namespaces: NamespaceSelection.labels({ team: 'shop' }),
  })))).toBe(true);
});
