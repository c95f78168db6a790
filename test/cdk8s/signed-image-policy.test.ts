import { ApiObject, Chart, Testing } from 'cdk8s';
import {
  AllowedVulnerabilities, AttestationRequirement, AuditWindow, BuildRule, Demand, KeylessAttestor, MultiPlatform, NamespaceSelection, SignedImagePolicy, SignedImagePolicyProps,
  SlsaProvenanceRequirement, TagRule, VulnerabilityScanRequirement,
} from '../../lib';
import { createApp, createAttestor, createTree, documentsIn, messageOf, NEXT_MONTH, WAYS, Written } from './tree';

function chartWith(make: (chart: Chart) => unknown): Chart {
  const chart = new Chart(createApp(), 'enforcement');
  make(chart);
  return chart;
}

function written(make: (chart: Chart) => unknown): Written[] {
  return Testing.synth(chartWith(make)) as Written[];
}

function policyOf(props: (chart: Chart) => Partial<SignedImagePolicyProps>): ReturnType<typeof documentsIn>[number] {
  const [document] = documentsIn(written((chart) => new SignedImagePolicy(chart, 'payments', {
    images: ['ghcr.io/acme/payments/**'], ...withAttestor(chart, props(chart)),
  })));
  return document!;
}

function withAttestor(chart: Chart, props: Partial<SignedImagePolicyProps>): Partial<SignedImagePolicyProps> & Pick<SignedImagePolicyProps, 'attestors'> {
  return { ...props, attestors: props.attestors ?? [createAttestor(chart)] };
}

test('one policy brings everything that enforces it', () => {
  const kinds = (Testing.synth(createTree().chart) as Written[]).map(({ kind }) => kind);
  expect(kinds).toEqual([
    'Namespace', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding',
    'ServiceAccount', 'Secret', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'ConfigMap', 'Service', 'Deployment', 'PodDisruptionBudget', 'NetworkPolicy', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration',
  ]);
});

test('a policy always requires a signature by its attestors, and then what else is named', () => {
  const [document] = documentsIn(Testing.synth(createTree().chart) as Written[]);
  expect(document).toEqual({
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'payments' },
    spec: {
      images: ['ghcr.io/acme/payments/**'],
      attestors: { release: expect.objectContaining({ type: 'keyless' }) as unknown },
      requirements: [
        { type: 'signature', name: 'signature', attestors: ['release'] },
        {
          type: 'attestation',
          name: 'provenance',
          attestors: ['release'],
          predicateType: 'https://slsa.dev/provenance/v1',
          checks: { type: 'slsa-provenance', source: 'https://github.com/acme/payments' },
        },
      ],
    },
  });
});

test('attestors of requirements belong to the policy without being asked to sign', () => {
  const { spec } = policyOf((chart) => ({
    requirements: [new AttestationRequirement(chart, 'scan', { attestors: [createAttestor(chart, 'scanner')], predicateType: 'https://scan.example/v1' })],
  }));
  expect(Object.keys(spec.attestors as object)).toEqual(['release', 'scanner']);
  expect(spec.requirements).toEqual([
    { type: 'signature', name: 'signature', attestors: ['release'] },
    { type: 'attestation', name: 'scan', attestors: ['scanner'], predicateType: 'https://scan.example/v1' },
  ]);
});

test('threshold, annotations, namespaces, tags, builds and audit window reach the document', () => {
  const { spec } = policyOf((chart) => ({
    attestors: [createAttestor(chart), KeylessAttestor.email(chart, 'qa', { email: 'qa@acme.example', issuer: 'https://accounts.google.com' })],
    threshold: 2,
    signatureAnnotations: { env: 'prod' },
    namespaces: NamespaceSelection.names('payments'),
    tags: TagRule.DENY,
    sameBuild: BuildRule.RUN,
    audit: new AuditWindow({ reason: 'roll-out', owner: 'platform@acme.example', until: NEXT_MONTH }),
  }));
  expect(spec).toMatchObject({
    namespaces: { names: ['payments'] },
    tags: 'deny',
    sameBuild: 'run',
    action: { type: 'Audit', reason: 'roll-out', owner: 'platform@acme.example', until: NEXT_MONTH },
    requirements: [{ name: 'signature', threshold: 2, annotations: { env: 'prod' } }],
  });
});

test('what a policy says of the image that is signed holds for every requirement that does not say it itself', () => {
  const { spec } = policyOf((chart) => ({
    multiPlatform: MultiPlatform.EITHER,
    repository: Demand.REQUIRED,
    requirements: [
      new AttestationRequirement(chart, 'review', { attestors: [createAttestor(chart, 'a')], predicateType: 'https://review.example/v1' }),
      new AttestationRequirement(chart, 'scan', {
        attestors: [createAttestor(chart, 'b')], predicateType: 'https://scan.example/v1', multiPlatform: MultiPlatform.CHILD, repository: Demand.NOT_REQUIRED,
      }),
    ],
  }));
  expect(spec.requirements).toMatchObject([
    { name: 'signature', multiPlatform: 'either', repository: 'required' },
    { name: 'review', multiPlatform: 'either', repository: 'required' },
    { name: 'scan', multiPlatform: 'child', repository: 'notRequired' },
  ]);
});

test('a policy cannot give "either" to a scan, of which the newest decides; "child" it can', () => {
  const scan = (multiPlatform: MultiPlatform) => () => policyOf((chart) => ({
    multiPlatform, requirements: [new VulnerabilityScanRequirement(chart, 'scan', { attestors: [createAttestor(chart, 'a')], maxAge: '7d', maxSeverity: AllowedVulnerabilities.LOW })],
  }));
  expect(scan(MultiPlatform.EITHER)).toThrow('requirements[0].multiPlatform is "either", but the newest statement decides');
  expect(scan(MultiPlatform.CHILD)).not.toThrow();
});

test('what a policy does not say is left out of its document', () => {
  expect(Object.keys(policyOf(() => ({})).spec)).toEqual(['images', 'attestors', 'requirements']);
});

test('later changes to what was passed do not reach the policy', () => {
  const images = ['ghcr.io/acme/payments/**'];
  const chart = chartWith((scope) => new SignedImagePolicy(scope, 'payments', { images, attestors: [createAttestor(scope)] }));
  images[0] = 'ghcr.io/evil/**';
  expect(documentsIn(Testing.synth(chart) as Written[])[0]!.spec.images).toEqual(['ghcr.io/acme/payments/**']);
});

test('several policies of a chart share one verifier', () => {
  const objects = written((chart) => {
    const attestors = [createAttestor(chart)];
    for (const name of ['payments', 'orders', 'search']) {
      new SignedImagePolicy(chart, name, { images: [`ghcr.io/acme/${name}/**`], attestors });
    }
  });
  expect(objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(1);
  expect(documentsIn(objects).map(({ metadata }) => metadata.name)).toEqual(['orders', 'payments', 'search']);
});

test('the verifier loads every policy, also one made after the verifier', () => {
  const objects = written((chart) => {
    const attestors = [createAttestor(chart)];
    new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors });
    new SignedImagePolicy(chart, 'orders', { images: ['ghcr.io/acme/orders/**'], attestors });
  });
  const configMaps = objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
  const deployment = JSON.stringify(objects.find(({ kind }) => kind === 'Deployment'));
  expect(configMaps).toHaveLength(2);
  configMaps.forEach((name) => expect(deployment).toContain(`"name":"${name}"`));
});

test('a policy can be found as an ApiObject, for a label or a dependency', () => {
  const { policy } = createTree();
  expect(ApiObject.of(policy).kind).toBe('ConfigMap');
  expect(ApiObject.of(policy.engine).kind).toBe('ValidatingWebhookConfiguration');
});

test('every way of synthesizing writes the same objects, each time', () => {
  const byName = (objects: Written[]): unknown => [...objects].sort((a, b) => (`${a.kind} ${a.metadata.name}` < `${b.kind} ${b.metadata.name}` ? -1 : 1));
  const [first, ...others] = Object.values(WAYS).map((synth) => byName(synth(createTree())));
  const tree = createTree();
  const again = [Testing.synth(tree.chart), Testing.synth(tree.chart)].map((objects) => byName(objects as Written[]));
  [...others, ...again].forEach((objects) => expect(objects).toEqual(first));
});

test('labels of the chart reach every object and replace none of the engine', () => {
  const app = createApp();
  const chart = new Chart(app, 'enforcement', { labels: { 'team': 'platform', 'app.kubernetes.io/part-of': 'shop' } });
  const objects = Testing.synth(createTree(app, chart).chart) as Written[];
  objects.forEach(({ metadata }) => expect(metadata.labels).toMatchObject({ 'team': 'platform', 'app.kubernetes.io/part-of': 'proofgate' }));
});

test('the namespace of the chart is not that of the verifier, nor of objects without namespace', () => {
  const app = createApp();
  const objects = Testing.synth(createTree(app, new Chart(app, 'enforcement', { namespace: 'shop' })).chart) as Written[];
  expect([...new Set(objects.map(({ metadata }) => metadata.namespace))]).toEqual([undefined, 'proofgate']);
});

test('nothing in the manifests depends on the day or the machine', () => {
  const render = (now: string): string => {
    jest.useFakeTimers({ now: new Date(now) });
    try {
      return JSON.stringify(Testing.synth(createTree().chart));
    } finally {
      jest.useRealTimers();
    }
  };
  expect(render('2031-05-05')).toBe(render('2027-01-01'));
});

describe('input that can never be right is refused where it is written', () => {
  const release = createAttestor;
  const rows: [string, (chart: Chart) => Partial<SignedImagePolicyProps>, RegExp, (chart: Chart) => Partial<SignedImagePolicyProps>][] = [
    ['no images', () => ({ images: [] }), /^\[INVALID_INPUT\] enforcement\/payments: images is empty/, () => ({ images: ['ghcr.io/acme/x'] })],
    ['an image pattern without host', () => ({ images: ['*/payments'] }), /: images\[0\] .*host/, () => ({ images: ['ghcr.io/*/payments'] })],
    ['an image with a tag', () => ({ images: ['ghcr.io/acme/x:v1'] }), /: images\[0\] .*tag/, () => ({ images: ['ghcr.io/acme/x'] })],
    ['no attestors', () => ({ attestors: [] }), /: attestors is empty, which says nothing: name at least one/, (chart) => ({ attestors: [release(chart, 'a')] })],
    ['something else as attestor', () => ({ attestors: [{} as KeylessAttestor] }), /attestors\[0\] is no Attestor of this library: pass a KeylessAttestor, KeyAttestor or CertificateAttestor/, (chart) => ({ attestors: [release(chart, 'a')] })],
    ['two attestors of one name', (chart) => ({ attestors: [release(chart, 'a'), release(new Chart(chart, 'other'), 'a')] }),
      /two attestors are called "a": enforcement\/a and enforcement\/other\/a\. Give/, (chart) => ({ attestors: [release(chart, 'a'), release(chart, 'b')] })],
    ['a threshold of zero', () => ({ threshold: 0 }), /: threshold is 0/, () => ({ threshold: 1 })],
    ['annotations without any', () => ({ signatureAnnotations: {} }), /: signatureAnnotations is empty/, () => ({ signatureAnnotations: { env: 'prod' } })],
    ['an annotation that looks like a pattern', () => ({ signatureAnnotations: { env: 'prod.*' } }), /: signatureAnnotations\.env is "prod\.\*"/, () => ({ signatureAnnotations: { env: 'prod' } })],
    ['a threshold above the attestors', () => ({ threshold: 2 }), /: threshold is 2, but 1 attestor/, () => ({ threshold: 1 })],
    ['a threshold that one party meets twice', (chart) => ({ attestors: [release(chart, 'a'), release(chart, 'b')], threshold: 2 }),
      /: attestors\[1\] is "b", the same party as "a"/, (chart) => ({ attestors: [release(chart, 'a'), release(chart, 'b')], threshold: 1 })],
    ['a requirement called signature', (chart) => ({ requirements: [provenance(chart, 'signature')] }), /requirements\[0\] is called "signature"/,
      (chart) => ({ requirements: [provenance(chart, 'provenance')] })],
    ['two requirements of one name', (chart) => ({ requirements: [provenance(chart, 'p'), provenance(new Chart(chart, 'other'), 'p')] }),
      /: requirements\[1\]\.name is "p"/, (chart) => ({ requirements: [provenance(chart, 'p'), provenance(chart, 'q')] })],
    ['something else as requirement', () => ({ requirements: [{} as SlsaProvenanceRequirement] }), /requirements\[0\] is no Requirement of this library/,
      () => ({ requirements: [] })],
    ['a name that Kubernetes rejects', () => ({ name: 'Payments_1' }), /: name is "Payments_1", which is not a DNS label/, () => ({ name: 'payments-1' })],
    ['a namespace that cannot be', () => ({ namespaces: NamespaceSelection.names('Shop') }), /: namespaces\.names\[0\] is "Shop"/,
      () => ({ namespaces: NamespaceSelection.names('shop') })],
    ['a pattern of namespaces', () => ({ namespaces: NamespaceSelection.names('payments-*') }), /: namespaces\.names\[0\] is "payments-\*", and .*: for several, select by label/,
      () => ({ namespaces: NamespaceSelection.names('payments-x') })],
    ['one attestor without brackets', (chart) => ({ attestors: release(chart, 'a') as never }), /: attestors is an object: write a list, with brackets around it, attestors: \[ … \]/, (chart) => ({ attestors: [release(chart, 'a')] })],
    ['labels that select everything', () => ({ namespaces: NamespaceSelection.labels({}) }), /: namespaces\.labels is empty/,
      () => ({ namespaces: NamespaceSelection.labels({ team: 'shop' }) })],
    ['something else as audit window', () => ({ audit: { reason: 'x', owner: 'y', until: NEXT_MONTH } as unknown as AuditWindow }),
      /audit is no AuditWindow of this library: write new AuditWindow\(/, () => ({ audit: new AuditWindow({ reason: 'x', owner: 'y', until: NEXT_MONTH }) })],
    ['an audit window without reason', () => ({ audit: new AuditWindow({ reason: ' ', owner: 'y', until: NEXT_MONTH }) }), /: audit\.reason is empty/,
      () => ({ audit: new AuditWindow({ reason: 'x', owner: 'y', until: NEXT_MONTH }) })],
    ['an audit window until a date that is none', () => ({ audit: new AuditWindow({ reason: 'x', owner: 'y', until: 'soon' }) }), /: audit\.until "soon" is not a date/,
      () => ({ audit: new AuditWindow({ reason: 'x', owner: 'y', until: NEXT_MONTH }) })],
    ['an unknown tag rule', () => ({ tags: 'allow' as TagRule }), /: tags is "allow": write TagRule\.PIN or TagRule\.DENY/, () => ({ tags: TagRule.PIN })],
    ['an unknown build rule', () => ({ sameBuild: 'workflow' as BuildRule }), /: sameBuild is "workflow": write BuildRule\.COMMIT or BuildRule\.RUN/, (chart) => ({
      sameBuild: BuildRule.RUN,
      requirements: [new AttestationRequirement(chart, 'sbom', { attestors: [createAttestor(chart, 'ci')], predicateType: 'https://sbom.example/v1' })],
    })],
    ['text from a variable that was not set', () => ({ images: [`ghcr.io/${String(undefined)}/**`] }), /: images\[0\] contains .*undefined.*was not known/,
      () => ({ images: ['ghcr.io/defined/**'] })],
  ];

  test.each(rows)('%s', (_, wrong, message) => {
    expect(messageOf(() => policyOf(wrong))).toMatch(message);
  });

  test.each(rows)('%s: the twin passes', (_, __, ___, right) => {
    expect(policyOf(right).kind).toBe('ImagePolicy');
  });

  test('every problem has a line of its own', () => {
    const message = messageOf(() => policyOf(() => ({ images: ['ghcr.io/acme/x:v1', 'ghcr.io/acme/y@sha256:0'], threshold: 0 })));
    expect(message.split('\n').map((line) => line.slice(0, line.indexOf(' ', 39)))).toEqual([
      '[INVALID_INPUT] enforcement/payments: images[0]',
      '[INVALID_INPUT] enforcement/payments: images[1]',
      '[INVALID_INPUT] enforcement/payments: threshold',
    ]);
  });

  test('a policy outside of any chart', () => {
    const app = createApp();
    const message = messageOf(() => new SignedImagePolicy(app, 'payments', { images: ['ghcr.io/acme/x'], attestors: [createAttestor(new Chart(app, 'c'))] }));
    expect(message).toBe('[INVALID_INPUT] payments: it is in no Chart, so nothing it enforces would be written. Make it within a Chart.');
  });

  test('a second policy of the same name', () => {
    const { chart, release: attestor } = createTree();
    const second = (name: string) => () => new SignedImagePolicy(chart, name, { name, images: ['ghcr.io/acme/x'], attestors: [attestor] });
    expect(messageOf(() => new SignedImagePolicy(chart, 'again', { name: 'payments', images: ['ghcr.io/acme/x'], attestors: [attestor] })))
      .toMatch(/^\[INVALID_INPUT\] enforcement\/again: its name "payments" is that of enforcement\/payments\./);
    expect(second('orders')).not.toThrow();
  });
});

function provenance(scope: Chart, id: string): SlsaProvenanceRequirement {
  const attestor = createAttestor(scope, `${scope.node.id}-${id}`);
  return new SlsaProvenanceRequirement(scope, id, { attestors: [attestor], source: 'https://github.com/acme/payments' });
}
