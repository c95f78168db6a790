import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { NamespaceSelection, RegistryIdentity, SignedImagePolicy, VerifierTls, WebhookVerifier, WebhookVerifierProps } from '../../lib';
import { createApp, createAttestor, messageOf, Written } from './tree';

const AZURE = RegistryIdentity.azure({ tenantId: 'tenant', clientId: 'client' });

function chartWith(props: WebhookVerifierProps, namespaces = NamespaceSelection.except('cert-manager', 'certs')): Chart {
  const chart = new Chart(createApp(), 'enforcement');
  new WebhookVerifier(chart, 'verifier', props);
  new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart)], namespaces });
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

interface Guard extends Written {
  readonly spec: { readonly variables: readonly object[] };
}

function container(props: WebhookVerifierProps): Deployment['spec']['template']['spec']['containers'][number] {
  return (written(props, 'Deployment') as Deployment).spec.template.spec.containers[0]!;
}

test('is safe as it stands', () => {
  expect((written({}, 'Deployment') as Deployment).spec.replicas).toBe(3);
  expect(container({}).image).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(container({}).resources).toMatchObject({ limits: { memory: expect.stringMatching(/^\d+Mi$/) as unknown } });
  expect(container({}).args.join(' ')).toContain('--deadline 8 ');
  expect(written({}, 'ValidatingWebhookConfiguration').webhooks).toMatchObject([{ timeoutSeconds: 10 }]);
  expect((written({}, 'ValidatingAdmissionPolicy') as Guard).spec.variables).toContainEqual({ name: 'operatorGroups', expression: '[\'system:masters\']' });
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

test('a proxy, mirrors and identities reach the verifier', () => {
  const text = JSON.stringify(Testing.synth(chartWith({
    proxy: { url: 'http://proxy.acme.example:3128' },
    registries: [{ host: 'docker.io', mirrors: ['mirror.acme.example/hub'] }, { host: 'acme.azurecr.io', identity: AZURE }],
  })));
  for (const part of ['http://proxy.acme.example:3128', 'mirror.acme.example/hub', 'api://AzureADTokenExchange']) {
    expect(text).toContain(part);
  }
});

test.each<[string, () => unknown, RegExp]>([
  ['a region', () => RegistryIdentity.awsKeys({ region: 'evil.example/', secret: 'ecr' }), /region is "evil\.example\/": write the name of a region/],
  ['a role', () => RegistryIdentity.awsRole({ region: 'eu-west-1', roleArn: 'reader' }), /roleArn is "reader": write the ARN of a role/],
  ['a service account', () => RegistryIdentity.googleMetadata('reader'), /serviceAccount is "reader": write the e-mail/],
  ['a pool', () => RegistryIdentity.googleFederation({ provider: 'pool' }), /provider is "pool": write \/\/iam\.googleapis\.com/],
])('%s that is none is refused', (_what, make, message) => {
  expect(messageOf(make)).toMatch(message);
});

test('where API servers are reaches the network policy, which nobody then changes by hand', () => {
  const spec = (props: WebhookVerifierProps): unknown => written(props, 'NetworkPolicy')['spec'];
  expect(spec({ apiServers: ['fd00::/64', '10.0.0.10/32'] })).toMatchObject({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.10/32' } }, { ipBlock: { cidr: 'fd00::/64' } }] }] });
  const patched = (props: WebhookVerifierProps, patch: JsonPatch): unknown => {
    const chart = chartWith(props);
    (chart.node.findChild('verifier').node.findChild('NetworkPolicy') as ApiObject).addJsonPatch(patch);
    return Testing.synth(chart);
  };
  const from = '/spec/ingress/0/from';
  const altered = /\[ALTERED\] enforcement\/verifier\/NetworkPolicy: spec\.ingress\[0\]\.from/;
  expect(messageOf(() => patched({ apiServers: ['10.0.0.10/32'] }, JsonPatch.remove(from)))).toMatch(altered);
  expect(messageOf(() => patched({ apiServers: ['10.0.0.10/32'] }, JsonPatch.add(`${from}/-`, { namespaceSelector: {} })))).toMatch(altered);
  expect(messageOf(() => patched({}, JsonPatch.add(from, [{ ipBlock: { cidr: '10.0.0.10/32' } }])))).toMatch(altered);
  expect(() => patched({ apiServers: ['10.0.0.10/32'] }, JsonPatch.test(`${from}/0/ipBlock/cidr`, '10.0.0.10/32'))).not.toThrow();
});

test('others are let in by a NetworkPolicy of one\'s own', () => {
  const chart = chartWith({ apiServers: ['10.0.0.10/32'] });
  new ApiObject(chart, 'prometheus', {
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'prometheus', namespace: 'proofgate' },
    spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }] }] },
  });
  expect((Testing.synth(chart) as Written[]).filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata }) => metadata.name).sort()).toEqual(['prometheus', 'proofgate-verifier']);
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
  const groups = (props: WebhookVerifierProps): unknown => (Testing.synth(chartWith(props)) as Guard[]).filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
    .flatMap(({ spec }) => spec.variables as Array<{ name: string; expression: string }>).find(({ name }) => name === 'certificateGroups')?.expression;
  expect([{}, { certManagerNamespace: 'certs' }].map((more) => groups({ tls: VerifierTls.certManager({ name: 'internal', ...more }) })))
    .toEqual(['[\'system:serviceaccounts:cert-manager\']', '[\'system:serviceaccounts:certs\']']);
  expect(written({ tls: VerifierTls.certManager({ name: 'internal', clusterWide: false }) }, 'Certificate')).toMatchObject({ spec: { issuerRef: { kind: 'Issuer' } } });
  expect(written({ tls: VerifierTls.selfManaged() }, 'Certificate')).toBeUndefined();
});

test('a policy that holds where cert-manager runs is refused, which could then not start to renew the certificate; one that leaves it out is not', () => {
  const synth = (namespaces?: NamespaceSelection, tls = VerifierTls.certManager({ name: 'internal' })): unknown => Testing.synth(chartWith({ tls }, namespaces));
  expect(messageOf(() => synth(NamespaceSelection.except())))
    .toMatch(/\[ISSUER_LOCKED_OUT\] enforcement\/policy: namespaces: It holds in cert-manager, where .*NamespaceSelection\.except\('cert-manager'\)/);
  expect(() => synth(NamespaceSelection.except('cert-manager'))).not.toThrow();
  expect(() => synth(NamespaceSelection.labels({ team: 'shop' }))).not.toThrow();
  expect(() => synth(NamespaceSelection.except(), VerifierTls.selfManaged())).not.toThrow();
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

test('G15: permission to read pull Secrets comes with the policies of the registry, in their namespaces', () => {
  const chart = chartWith({ registries: [{ host: 'registry.acme.example', pullSecrets: ['pull'] }] });
  const readers = (): unknown[] => (Testing.synth(chart) as Written[]).filter((object) => JSON.stringify(object).includes('"resourceNames":["pull"]')).map(({ kind, metadata }) => [kind, metadata.namespace]);
  const add = (id: string, namespaces: NamespaceSelection): unknown => new SignedImagePolicy(chart, id, { images: ['registry.acme.example/**'], attestors: [createAttestor(chart, `of-${id}`)], namespaces });
  expect(readers()).toEqual([]);
  add('shop', NamespaceSelection.names('shop', 'bank'));
  expect(readers()).toEqual([['Role', 'bank'], ['Role', 'shop']]);
  add('all', NamespaceSelection.except('kube-system'));
  expect(readers()).toEqual([['ClusterRole', undefined], ['Role', 'bank'], ['Role', 'shop']]);
});

/** What a program writes that no compiler has checked. */
type Loose = { readonly [property in keyof WebhookVerifierProps]: unknown };

const pulls = (count: number): string[] => Array.from({ length: count }, (_, index) => `pull-${index}`);
const SECRET = { credentialsSecret: 'registry' };

describe('input that can never be right is refused where it is made', () => {
  const rows: [string, Loose, RegExp, Loose][] = [
    ['a namespace that Kubernetes rejects', { namespace: 'Proof_Gate' }, /namespace is "Proof_Gate", which is not a DNS label/, { namespace: 'proof-gate' }],
    ...['default', 'kube-node-lease', 'kube-public', 'kube-system'].map((namespace): [string, Loose, RegExp, Loose] => (
      [`the namespace ${namespace}`, { namespace }, new RegExp(`namespace is "${namespace}", which the cluster shares, .*: give it one of its own`), { namespace: `${namespace}-verifier` }])),
    ['a name that Kubernetes rejects', { name: 'a.b' }, /name is "a\.b"/, { name: 'a-b' }],
    ['half a replica', { replicas: 2.5 }, /replicas is 2\.5: write a whole number/, { replicas: 2 }],
    ['replicas as text', { replicas: '5' }, /replicas is the text "5": write a whole number from 2, without quotes\.$/, { replicas: 5 }],
    ['a timeout of zero', { timeoutSeconds: 0 }, /timeoutSeconds is 0: write a whole number/, { timeoutSeconds: 2 }],
    ['a timeout that leaves the verifier no second', { timeoutSeconds: 1 }, /timeoutSeconds is 1: write 2 to 30, .* at least a second before/, { timeoutSeconds: 2 }],
    ['a timeout above what the API server takes', { timeoutSeconds: 31 }, /timeoutSeconds is 31: write 2 to 30/, { timeoutSeconds: 30 }],
    ['a deadline that is not below the timeout', { timeoutSeconds: 5, deadlineSeconds: 5 }, /deadlineSeconds is 5, and timeoutSeconds, .* is 5\. Write less/, { timeoutSeconds: 5, deadlineSeconds: 4 }],
    ['a deadline that is not below the default timeout', { deadlineSeconds: 10 }, /deadlineSeconds is 10, and timeoutSeconds, .* is 10/, { deadlineSeconds: 9 }],
    ['a mirror with a tag', { imageRepository: 'registry.acme.example/verifier:v1' }, /imageRepository is no repository: .* the digest is that of this version/, { imageRepository: 'registry.acme.example/verifier' }],
    ['a mirror that is no text', { imageRepository: 5 }, /imageRepository is 5: write a text/, { imageRepository: 'registry.acme.example/verifier' }],
    ['something else as TLS', { tls: { mode: 'none' } }, /tls is no VerifierTls of this library: write VerifierTls\.selfManaged\(\) or VerifierTls\.certManager/, { tls: VerifierTls.selfManaged() }],
    ['a priority class that Kubernetes rejects', { priorityClassName: 'High Prio' }, /priorityClassName is "High Prio", which Kubernetes would reject/, { priorityClassName: 'high-prio' }],
    ['registries by name', { registries: { 'ghcr.io': SECRET } }, /registries is an object: write a list/, { registries: [{ host: 'ghcr.io', ...SECRET }] }],
    ['a registry with a scheme', { registries: [{ host: 'https://ghcr.io', ...SECRET }] }, /registries\[0\]\.host is "https:\/\/ghcr\.io", which has a scheme or a path/,
      { registries: [{ host: 'ghcr.io', ...SECRET }] }],
    ['a registry with a path', { registries: [{ host: 'ghcr.io/acme', ...SECRET }] }, /registries\[0\]\.host is .*scheme or a path/, { registries: [{ host: 'ghcr.io:443', ...SECRET }] }],
    ['a registry by another of its names', { registries: [{ host: 'index.docker.io', ...SECRET }] }, /registries\[0\]\.host is "index\.docker\.io", which is the registry "docker\.io"/,
      { registries: [{ host: 'docker.io', ...SECRET }] }],
    ['a registry with an impossible port', { registries: [{ host: 'ghcr.io:99999', ...SECRET }] }, /registries\[0\]\.host "ghcr\.io:99999" has no valid port/,
      { registries: [{ host: 'ghcr.io:9999', ...SECRET }] }],
    ['a registry twice', { registries: [{ host: 'ghcr.io', ...SECRET }, { host: 'ghcr.io', caConfigMap: 'ca' }] }, /registries\[1\]\.host is "ghcr\.io" a second time/,
      { registries: [{ host: 'ghcr.io', ...SECRET }, { host: 'quay.io', caConfigMap: 'ca' }] }],
    ['a registry of which nothing is said', { registries: [{ host: 'ghcr.io' }] }, /registries\[0\] has neither credentialsSecret nor identity nor caConfigMap/, { registries: [] }],
    ['a registry with two credentials', { registries: [{ host: 'acme.azurecr.io', ...SECRET, identity: AZURE }] }, /registries\[0\] has both credentialsSecret and identity: keep one/,
      { registries: [{ host: 'acme.azurecr.io', identity: AZURE }] }],
    ['something else as identity', { registries: [{ host: 'ghcr.io', identity: {} }] }, /registries\[0\]\.identity is no RegistryIdentity of this library: write RegistryIdentity\.azure/, { registries: [{ host: 'ghcr.io', identity: AZURE }] }],
    ['two service accounts of Google', { registries: ['a', 'b'].map((name) => ({ host: `${name}.pkg.dev`, identity: RegistryIdentity.googleMetadata(`${name}@acme.iam.gserviceaccount.com`) })) },
      /registries name 2 service accounts of Google .*: a@acme.*, b@acme.*Name the same one everywhere/,
      { registries: ['a', 'b'].map((name) => ({ host: `${name}.pkg.dev`, identity: RegistryIdentity.googleMetadata('a@acme.iam.gserviceaccount.com') })) }],
    ['pull Secrets and a credential', { registries: [{ host: 'ghcr.io', ...SECRET, pullSecrets: ['pull'] }] }, /registries\[0\] has both pullSecrets and credentialsSecret: .*keep one/,
      { registries: [{ host: 'ghcr.io', pullSecrets: ['pull'] }] }],
    ['pull Secrets and an identity', { registries: [{ host: 'acme.azurecr.io', identity: AZURE, pullSecrets: ['pull'] }] }, /registries\[0\] has both pullSecrets and identity/,
      { registries: [{ host: 'acme.azurecr.io', pullSecrets: ['pull'] }] }],
    ['pull Secrets and mirrors', { registries: [{ host: 'ghcr.io', mirrors: ['mirror.acme.example'], pullSecrets: ['pull'] }] }, /registries\[0\] has both pullSecrets and mirrors/,
      { registries: [{ host: 'ghcr.io', pullSecrets: ['pull'] }] }],
    ['a mirror that is read with pull Secrets', { registries: [{ host: 'ghcr.io', mirrors: ['m.example/x'] }, { host: 'm.example', pullSecrets: ['pull'] }] }, /registries name "m\.example\/x" as a mirror/,
      { registries: [{ host: 'ghcr.io', mirrors: ['n.example/x'] }, { host: 'm.example', pullSecrets: ['pull'] }] }],
    ['no pull Secrets', { registries: [{ host: 'ghcr.io', pullSecrets: [] }] }, /registries\[0\]\.pullSecrets is empty/, { registries: [{ host: 'ghcr.io', pullSecrets: ['pull'] }] }],
    ['a pull Secret that is no name', { registries: [{ host: 'ghcr.io', pullSecrets: ['../pull'] }] }, /registries\[0\]\.pullSecrets\[0\]/, { registries: [{ host: 'ghcr.io', pullSecrets: ['pull'] }] }],
    ['a pull Secret twice', { registries: [{ host: 'ghcr.io', pullSecrets: ['pull', 'pull'] }] }, /registries\[0\]\.pullSecrets names a Secret twice/, { registries: [{ host: 'ghcr.io', pullSecrets: ['pull', 'more'] }] }],
    ['seventeen pull Secrets', { registries: [{ host: 'ghcr.io', pullSecrets: pulls(17) }] }, /registries\[0\]\.pullSecrets names 17 Secrets: name 16/, { registries: [{ host: 'ghcr.io', pullSecrets: pulls(16) }] }],
    ['no mirrors', { registries: [{ host: 'ghcr.io', mirrors: [] }] }, /registries\[0\]\.mirrors is empty/, { registries: [{ host: 'ghcr.io', mirrors: ['mirror.acme.example/ghcr'] }] }],
    ['a mirror with a scheme', { registries: [{ host: 'ghcr.io', mirrors: ['https://mirror.acme.example'] }] }, /registries\[0\]\.mirrors\[0\]/, { registries: [{ host: 'ghcr.io', mirrors: ['mirror.acme.example'] }] }],
    ['a mirror with a slash at the end', { registries: [{ host: 'ghcr.io', mirrors: ['mirror.acme.example/'] }] }, /mirrors\[0\] is .*without a slash at the end/, { registries: [{ host: 'ghcr.io', mirrors: ['mirror.acme.example:5000'] }] }],
    ['a mirror by another of its names', { registries: [{ host: 'ghcr.io', mirrors: ['index.docker.io/x'] }] }, /mirrors\[0\] is .*write its host as "docker\.io"/, { registries: [{ host: 'ghcr.io', mirrors: ['docker.io/x'] }] }],
    ['a proxy with a password', { proxy: { url: 'http://u:hunter2@proxy.acme.example' } }, /^(?!.*hunter2).*proxy\.url is no address of a proxy/s, { proxy: { url: 'http://proxy.acme.example' } }],
    ['a proxy without scheme', { proxy: { url: 'proxy.acme.example:3128' } }, /proxy\.url is no address of a proxy/, { proxy: { url: 'https://proxy.acme.example:3128' } }],
    ['a proxy with a path', { proxy: { url: 'http://proxy.acme.example/x' } }, /proxy\.url is no address of a proxy/, { proxy: { url: 'http://proxy.acme.example', except: ['.acme.example', 'acme.example:5000', '10.0.0.0/8'] } }],
    ['a proxy for nothing', { proxy: { url: 'http://proxy.acme.example', except: ['*'] } }, /proxy\.except\[0\]/, { proxy: { url: 'http://proxy.acme.example', except: ['a.b'] } }],
    ['a network that is none', { proxy: { url: 'http://proxy.acme.example', except: ['10.0.0.0/x'] } }, /proxy\.except\[0\] is "10\.0\.0\.0\/x": write a host/, { proxy: { url: 'http://proxy.acme.example', except: ['10.0.0.0/8'] } }],
    ['a network with more bits than an address has', { proxy: { url: 'http://proxy.acme.example', except: ['10.0.0.0/33'] } }, /proxy\.except\[0\] is "10\.0\.0\.0\/33": write a host/,
      { proxy: { url: 'http://proxy.acme.example', except: ['10.0.0.1/31', 'fd00::/64'] } }],
    ['a token host with a path', { registries: [{ host: 'ghcr.io', tokenHost: 'ghcr.io/token' }] }, /registries\[0\]\.tokenHost is .*scheme or a path/, { registries: [{ host: 'ghcr.io', tokenHost: 'ghcr.io:8443' }] }],
    ['a Secret that Kubernetes rejects', { registries: [{ host: 'ghcr.io', credentialsSecret: 'My Secret' }] }, /registries\[0\]\.credentialsSecret is "My Secret", which Kubernetes/,
      { registries: [{ host: 'ghcr.io', credentialsSecret: 'my.secret' }] }],
    ['a ConfigMap that Kubernetes rejects', { registries: [{ host: 'ghcr.io', caConfigMap: '../ca' }] }, /registries\[0\]\.caConfigMap is "\.\.\/ca", which Kubernetes/,
      { registries: [{ host: 'ghcr.io', caConfigMap: 'ca' }] }],
    ['a quantity that is none', { resources: { cpuRequest: 'lots' } }, /resources\.cpuRequest is "lots", which is no Kubernetes quantity/, { resources: { cpuRequest: '1.5' } }],
    ['a quantity of nothing', { resources: { cpuLimit: '0' } }, /resources\.cpuLimit is "0"/, { resources: { cpuLimit: '10m' } }],
    ['a quantity with a space', { resources: { memoryLimit: '512 MB' } }, /resources\.memoryLimit is "512 MB", which is no Kubernetes quantity of memory/, { resources: { memoryLimit: '512M' } }],
    ['half a byte of memory', { resources: { memoryRequest: '512m' } }, /resources\.memoryRequest is "512m", .*less than 1Mi: write for example 512Mi/, { resources: { memoryRequest: '512Mi' } }],
    ['a number as quantity', { resources: { cpuRequest: 1 } }, /resources\.cpuRequest is 1: write a text/, { resources: { cpuRequest: '1' } }],
    ['an API server without the number of its bits', { apiServers: ['10.0.0.10'] }, /apiServers\[0\] is "10\.0\.0\.10", which is no network in CIDR notation: .* such as 10\.0\.0\.10\/32/,
      { apiServers: ['10.0.0.10/32'] }],
    ['a name of an API server', { apiServers: ['10.0.0.0/8', 'api.acme.example/32'] }, /apiServers\[1\] is "api\.acme\.example\/32", which is no network/, { apiServers: ['10.0.0.0/8', 'fd00::/64'] }],
    ['a network of API servers with more bits than an address has', { apiServers: ['10.0.0.0/33'] }, /apiServers\[0\] is "10\.0\.0\.0\/33", which is no network/, { apiServers: ['fd00::/33'] }],
    ['a number as API server', { apiServers: [10] }, /apiServers\[0\] is 10: write a text/, { apiServers: ['10.0.0.0/8'] }],
    ['an API server in its network', { apiServers: ['10.0.0.10/24'] }, /apiServers\[0\] .* beyond the first 24: write 10\.0\.0\.0\/24 for the network, or 10\.0\.0\.10\/32 for the one address/,
      { apiServers: ['10.0.0.0/24'] }],
    ['an API server in its IPv6 network', { apiServers: ['fd00:0:0:1::a/64'] }, /apiServers\[0\] .* write fd00:0:0:1::\/64 for the network, or fd00:0:0:1::a\/128 for the one/, { apiServers: ['fd00:0:0:1::a/128'] }],
    ['no API servers', { apiServers: [] }, /apiServers is empty, which Kubernetes takes for everybody: name .*, or leave the property out/, { apiServers: undefined }],
    ['a text for the list of API servers', { apiServers: '10.0.0.0/8' }, /apiServers is "10\.0\.0\.0\/8": write a list/, { apiServers: ['10.0.0.0/8'] }],
    ['an API server twice', { apiServers: ['10.0.0.10/32', '10.0.0.10/32'] }, /apiServers\[1\] is "10\.0\.0\.10\/32", the same network a second time/, { apiServers: ['10.0.0.10/32', '10.0.0.11/32'] }],
    ['a network of API servers twice, in other words', { apiServers: ['fd00::/64', 'FD00:0::/64'] }, /apiServers\[1\] is "FD00:0::\/64", the same network a second time/, { apiServers: ['fd00::/64', 'FD00:0::/65'] }],
    ...[['0.0.0.0/0', '10.0.0.0/8'], ['128.0.0.0/7', '128.0.0.0/8'], ['::/0', 'fd00::/16'], ['8000::/15', '8000::/16']].map(([much, less]): [string, Loose, RegExp, Loose] => (
      [`API servers at ${much}`, { apiServers: ['10.1.0.0/16', much] }, /apiServers\[1\] is "\S+", which is nearly everybody, and everybody is the default: /, { apiServers: ['10.1.0.0/16', less] }])),
    ['an IPv4 address of an API server in IPv6 notation', { apiServers: ['::ffff:a00:a/128'] }, /apiServers\[0\] is "::ffff:a00:a\/128", an IPv4 network in IPv6 notation, .*: write it as IPv4/,
      { apiServers: ['::fffe:a00:a/128'] }],
    ['no operators', { operatorGroups: [] }, /operatorGroups is empty/, { operatorGroups: ['platform'] }],
    ['a text for the list of operators', { operatorGroups: 'admins' }, /operatorGroups is "admins": write a list/, { operatorGroups: ['admins'] }],
    ['a group without a name', { operatorGroups: ['platform', ' '] }, /operatorGroups\[1\] is empty/, { operatorGroups: ['platform', 'oidc:O\'Neil'] }],
    ...['system:authenticated', 'system:unauthenticated', 'system:nodes', 'system:serviceaccounts', 'system:serviceaccounts:ci'].map((group): [string, Loose, RegExp, Loose] => (
      [`operators that are ${group}`, { operatorGroups: [group] }, new RegExp(`operatorGroups\\[0\\] is "${group}", which people or workloads are in`), { operatorGroups: [`acme:${group}`] }])),
  ];

  test.each(rows)('%s', (_, props, message) => {
    const text = messageOf(() => chartWith(props as WebhookVerifierProps));
    expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/verifier: /);
    expect(text).toMatch(message);
    expect(text.split('\n')).toHaveLength(1);
  });

  test.each(rows)('%s: the twin is written', (_, __, ___, props) => {
    expect(() => void Testing.synth(chartWith(props as WebhookVerifierProps))).not.toThrow();
  });
});

test('a registry setting that is misspelt is the only thing that is said of it', () => {
  expect(messageOf(() => chartWith({ registries: [{ host: 'ghcr.io', credentialSecret: 'x' } as never] }))).toMatch(
    /^\[INVALID_INPUT\] enforcement\/verifier: registries\[0\]\.credentialSecret is not known here, .*did you mean credentialsSecret\?[^\n]*$/,
  );
});

test.each<[string, WebhookVerifierProps, RegExp, WebhookVerifierProps]>([
  ['a single replica', { replicas: 1 }, /\[REPLICAS\] enforcement\/verifier\/Deployment: spec\.replicas: replicas is 1\. Run at least 2/, { replicas: 2 }],
  ['no replica, by the bound of a single one', { replicas: 0 }, /^.*\n[^\n]*\[REPLICAS\] enforcement\/verifier\/Deployment: spec\.replicas: replicas is 0\. Run at least 2[^\n]*$/, { replicas: 2 }],
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

test('everything that is wrong with a verifier is said at once', () => {
  const props = { name: 'A_B', replicas: '5', timeoutSeconds: 60, imageRepository: 'registry.acme.example/verifier:v1', tls: 'self-managed' };
  expect(messageOf(() => chartWith(props as unknown as WebhookVerifierProps)).split('\n').map((line) => /verifier: (\w+)/.exec(line)?.[1]))
    .toEqual(['name', 'replicas', 'timeoutSeconds', 'tls', 'imageRepository']);
});
