import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { NamespaceSelection, SignedImagePolicy, VerifierTls, WebhookVerifier, WebhookVerifierProps } from '../../lib';
import { createApp, createAttestor, messageOf, Written } from './tree';

function chartWith(props: WebhookVerifierProps): Chart {
  const chart = new Chart(createApp(), 'enforcement');
  new WebhookVerifier(chart, 'verifier', props);
  new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart)] });
  return chart;
}

function written(props: WebhookVerifierProps, kind: string): Written {
  return (Testing.synth(chartWith(props)) as Written[]).find((object) => object.kind === kind)!;
}

interface Deployment extends Written {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly priorityClassName: string;
        readonly containers: { readonly image: string; readonly args: string[]; readonly resources: object }[];
      };
    };
  };
}

function container(props: WebhookVerifierProps): Deployment['spec']['template']['spec']['containers'][number] {
  return (written(props, 'Deployment') as Deployment).spec.template.spec.containers[0]!;
}

test('is safe as it stands', () => {
  expect((written({}, 'Deployment') as Deployment).spec.replicas).toBe(3);
  expect(container({}).image).toMatch(/@sha256:[0-9a-f]{64}$/);
});

test('namespace and name reach every object', () => {
  const objects = Testing.synth(chartWith({ namespace: 'security', name: 'image-verifier' })) as Written[];
  expect([...new Set(objects.map(({ metadata }) => metadata.namespace))]).toEqual([undefined, 'security']);
  expect(objects.map(({ metadata }) => metadata.name).filter((name) => !/^(?:security|image-verifier.*)$/.test(name))).toEqual([]);
});

test('replicas, priority, resources, timeouts, registries and operators are what was said', () => {
  const props: WebhookVerifierProps = {
    replicas: 5,
    priorityClassName: 'platform-critical',
    resources: { cpuRequest: '2', memoryLimit: '1Gi' },
    timeoutSeconds: 20,
    registries: [{ host: 'registry.acme.example', credentialsSecret: 'registry', caConfigMap: 'registry-ca' }],
    operatorGroups: ['platform-team'],
  };
  const deployment = written(props, 'Deployment') as Deployment;
  expect(deployment.spec.replicas).toBe(5);
  expect(deployment.spec.template.spec.priorityClassName).toBe('platform-critical');
  expect(container(props).resources).toMatchObject({ requests: { cpu: '2' }, limits: { memory: '1Gi' } });
  expect(container(props).args.join(' ')).toContain('--deadline 18');
  expect(JSON.stringify(deployment)).toContain('registry-ca');
  expect(JSON.stringify(written(props, 'ValidatingAdmissionPolicy'))).toContain('platform-team');
  expect(written(props, 'ValidatingWebhookConfiguration').webhooks).toMatchObject([{ timeoutSeconds: 20 }]);
});

test('what is not said about resources stays as it is', () => {
  const defaults = container({}).resources as { requests: object };
  expect(container({ resources: { cpuRequest: '2' } }).resources).toEqual({ ...defaults, requests: { ...defaults.requests, cpu: '2' } });
});

test('a mirror keeps the digest', () => {
  const digest = container({}).image.slice(container({}).image.indexOf('@'));
  expect(container({ imageRepository: 'registry.acme.example/mirror/proofgate' }).image).toBe(`registry.acme.example/mirror/proofgate${digest}`);
});

test('cert-manager makes the certificate when it is asked to', () => {
  expect(written({ tls: VerifierTls.certManager({ name: 'internal' }) }, 'Certificate')).toMatchObject({ spec: { issuerRef: { kind: 'ClusterIssuer', name: 'internal' } } });
  expect(written({ tls: VerifierTls.certManager({ name: 'internal', clusterWide: false }) }, 'Certificate')).toMatchObject({ spec: { issuerRef: { kind: 'Issuer' } } });
  expect(written({ tls: VerifierTls.selfManaged() }, 'Certificate')).toBeUndefined();
});

test('under cert-manager, permission to read labels comes with the first policy that needs it', () => {
  const chart = chartWith({ tls: VerifierTls.certManager({ name: 'internal' }) });
  const kinds = (): string[] => (Testing.synth(chart) as Written[]).map(({ kind }) => kind);
  expect(kinds()).not.toContain('ClusterRole');
  new SignedImagePolicy(chart, 'labelled', {
    images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart, 'other')], namespaces: NamespaceSelection.labels({ team: 'shop' }),
  });
  expect(kinds()).toContain('ClusterRole');
});

test.each<[string, WebhookVerifierProps, RegExp]>([
  ['a namespace that Kubernetes rejects', { namespace: 'Proof_Gate' }, /namespace is "Proof_Gate", which is not a DNS label/],
  ['a name that Kubernetes rejects', { name: 'a.b' }, /name is "a\.b"/],
  ['half a replica', { replicas: 2.5 }, /replicas is 2\.5: write a whole number/],
  ['a timeout of zero', { timeoutSeconds: 0 }, /timeoutSeconds is 0: write a whole number/],
  ['a mirror with a tag', { imageRepository: 'registry.acme.example/verifier:v1' }, /imageRepository: .* the digest is that of this version/],
  ['something else as TLS', { tls: { mode: 'none' } as unknown as VerifierTls }, /tls is no VerifierTls of this library/],
])('refuses %s where it is made', (_, props, message) => {
  const text = messageOf(() => chartWith(props));
  expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/verifier: /);
  expect(text).toMatch(message);
});

test.each<[string, WebhookVerifierProps, RegExp, WebhookVerifierProps]>([
  ['a single replica', { replicas: 1 }, /\[REPLICAS\] enforcement\/verifier\/Deployment: spec\.replicas: replicas is 1\. Run at least 2/, { replicas: 2 }],
])('refuses %s at synthesis', (_, weak, message, sound) => {
  expect(messageOf(() => void Testing.synth(chartWith(weak)))).toMatch(message);
  expect(() => void Testing.synth(chartWith(sound))).not.toThrow();
});

test('everything that is wrong is said at once, and once', () => {
  const chart = chartWith({ replicas: 1 });
  ApiObject.of(chart.node.findChild('verifier')).addJsonPatch(JsonPatch.replace('/webhooks/0/timeoutSeconds', 31));
  createAttestor(chart, 'unused');
  const lines = messageOf(() => void Testing.synth(chart)).split('\n').slice(1);
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines.map((line) => /\[([A-Z_]+)\] (\S+): /.exec(line)?.slice(1))).toEqual([
    ['TIMEOUT', 'enforcement/verifier/ValidatingWebhookConfiguration'],
    ['REPLICAS', 'enforcement/verifier/Deployment'],
    ['UNUSED', 'enforcement/unused'],
  ].sort(([a], [b]) => order(lines, a!) - order(lines, b!)));
});

function order(lines: readonly string[], code: string): number {
  return lines.findIndex((line) => line.includes(`[${code}]`));
}
