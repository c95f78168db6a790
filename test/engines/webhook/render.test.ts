import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { renderWebhook, webhookEngine } from '../../../lib/engines/webhook';
import { guardSpec } from '../../../lib/kubernetes/guard';
import { labelGuardSpec } from '../../../lib/kubernetes/guard-labels';
import { objectGuardSpec } from '../../../lib/kubernetes/guard-objects';
import { NamespaceSelection, PolicyDocument } from '../../../lib/policy/document';
import { readBundle } from '../../../lib/kubernetes/read-bundle';
import { policySet } from '../../../lib/policy/policy-set';
import { judgeManifests } from '../../../lib/refusals';
import { OTHER_PUBLIC_KEY, PUBLIC_KEY } from '../../policy/documents';
import { at, audit, containerArgs, exemption, IMAGE, policy, render } from './rendered';

const names = (manifests: ReturnType<typeof render>, kind: string): string[] => manifests.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata.name);
const roots = [{ name: 'company', json: '{"a":1}' }, { name: 'backup', json: '{"b":2}' }];
const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

test('what enforces comes after what answers, and the guard before what it guards', () => {
  expect(render().map(({ kind }) => kind)).toEqual([
    'Namespace', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ServiceAccount', 'Secret', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding',
    'ConfigMap', 'Service', 'Deployment', 'PodDisruptionBudget', 'NetworkPolicy', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration',
  ]);
});

test('the same input in any order gives the same bytes', () => {
  const documents = [policy(), policy('orders', { namespaces: { names: ['b', 'a'] } }), policy('trial', { action: audit }), policy('prod', { namespaces: { labels: { x: 'y' } } }), exemption];
  const registries = [{ host: 'reg.test', credentialsSecret: 'pull' }, { host: 'ghcr.io', caConfigMap: 'ca' }, { host: 'a.test:5000' }];
  const settings = { registries };
  const expected = JSON.stringify(render({ documents, trustRoots: roots }, settings));
  const any = <T>(list: T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray(list, { minLength: list.length });
  fc.assert(fc.property(any(documents), any(roots), any(registries), (ds, ts, rs) => {
    expect(JSON.stringify(render({ documents: ds, trustRoots: ts }, { registries: rs }))).toBe(expected);
  }), { numRuns: 50 });
});

test('rendering breaks no rule, in any combination of what can be said', () => {
  const selections = fc.constantFrom<(NamespaceSelection | undefined)[]>(undefined, { except: [] }, { except: ['x'] }, { names: ['kube-system', 'proofgate', 'x'] }, { labels: { a: 'b' } }, { labels: { a: 'c', d: 'e' } });
  const documents = fc.array(fc.tuple(selections, fc.boolean()), { minLength: 1, maxLength: 5 }).map((all) =>
    all.map(([namespaces, audited], index) => policy(`p${index}`, { images: [`ghcr.io/acme/p${index}/**`], ...(namespaces === undefined ? {} : { namespaces }), ...(audited ? { action: audit } : {}) })));
  fc.assert(fc.property(documents, fc.boolean(), fc.boolean(), fc.boolean(), (ds, certManager, exempted, pulled) => {
    const tls = certManager ? { mode: 'cert-manager' as const, issuer: { kind: 'Issuer' as const, name: 'ca' }, namespace: 'cert-manager' } : { mode: 'self-managed' as const };
    const found = judgeManifests(render({ documents: exempted ? [...ds, exemption] : ds, trustRoots: roots }, { tls, ...pulled ? { registries: [{ host: 'ghcr.io', pullSecrets: ['pull'] }] } : {} }), Date.UTC(2029, 11, 1));
    // What holds everywhere holds where cert-manager runs, which is said, and nothing that rendering could do otherwise.
    expect(found.filter(({ code }) => !certManager || code !== 'ISSUER_LOCKED_OUT')).toEqual([]);
  }), { numRuns: 60 });
});

test('the input is left as it was', () => {
  const input = { documents: [policy('b'), policy('a')], trustRoots: roots, settings: settingsOf() };
  const before = JSON.stringify(input);
  renderWebhook(input);
  expect(JSON.stringify(input)).toBe(before);
});

describe('content', () => {
  test('is by itself what is rendered of it, in the same order, with whatever others beside', () => {
    const documents = [policy('b'), exemption, policy('a', { action: audit })];
    const engine = webhookEngine(settingsOf());
    const labelled = (manifests: ReturnType<typeof render>): typeof manifests => (
      manifests.filter(({ metadata }) => ['policy', 'trust-root'].includes(metadata.labels?.['proofgate.dev/content'] ?? ''))
    );
    const rendered = labelled(engine.render({ documents, trustRoots: roots }));
    expect(rendered).toHaveLength(5);
    expect(engine.content?.({ documents, trustRoots: roots })).toEqual(rendered);
    expect(documents.flatMap((document) => engine.content?.({ documents: [document], trustRoots: [] }) ?? [])).toEqual(expect.arrayContaining(rendered.slice(0, 3)));
  });

  test('is immutable, named by its hash, and read back as the same documents and trust roots', () => {
    const documents = [policy(), exemption];
    const manifests = render({ documents, trustRoots: roots });
    const maps = manifests.filter(({ kind }) => kind === 'ConfigMap');
    const name = expect.stringMatching(/^proofgate-verifier-(?:policy|exemption|trust-root)-[a-z]+-[0-9a-f]{12}$/) as unknown;
    maps.forEach((map) => expect(map).toMatchObject({ immutable: true, metadata: { name } }));
    const read = readBundle(manifests);
    expect([...read.documents].sort((a, b) => (a.kind < b.kind ? 1 : -1))).toEqual(documents);
    expect([...read.trustRoots].sort((a, b) => (a.name < b.name ? 1 : -1))).toEqual(roots);
  });

  test('that changes has another name, and the Deployment mounts that one: a change is a rollout', () => {
    const [before, after] = [render(), render({ documents: [policy('payments', { tags: 'deny' })] })];
    const mounted = (manifests: ReturnType<typeof render>): unknown => at(manifests, 'Deployment', 'spec.template.spec.volumes.0.configMap.name');
    expect(names(before, 'ConfigMap')).not.toEqual(names(after, 'ConfigMap'));
    expect([mounted(before), mounted(after)]).toEqual([names(before, 'ConfigMap')[0], names(after, 'ConfigMap')[0]]);
  });

  test('that relaxes shows why, by whom and until when on the object', () => {
    const annotations = { 'proofgate.dev/reason': 'first look', 'proofgate.dev/owner': 'platform', 'proofgate.dev/until': '2030-01-31' };
    expect(at(render({ documents: [policy('trial', { action: audit })] }), 'ConfigMap', 'metadata.annotations')).toEqual(annotations);
    expect(at(render({ documents: [exemption] }), 'ConfigMap', 'metadata.annotations')).toMatchObject({ 'proofgate.dev/reason': 'not signed yet' });
    expect(at(render(), 'ConfigMap', 'metadata.annotations')).toBeUndefined();
  });

  test('in which nothing says when a key signed shows who accepts that, and beside a window both', () => {
    const untimed = (reason: string, owner: string): object => ({ type: 'key', publicKey: PUBLIC_KEY, transparency: { log: 'notRequired', untimed: { reason, owner } } });
    const attestors = { vendor: untimed('an air-gapped HSM', 'platform'), archive: untimed('signed years ago', 'archive'), logged: { type: 'key', publicKey: OTHER_PUBLIC_KEY } };
    const accepted = 'archive: signed years ago (archive); vendor: an air-gapped HSM (platform)';
    expect(at(render({ documents: [policy('keys', { attestors } as never)] }), 'ConfigMap', 'metadata.annotations')).toEqual({ 'proofgate.dev/untimed': accepted });
    expect(at(render({ documents: [policy('keys', { attestors, action: audit } as never)] }), 'ConfigMap', 'metadata.annotations'))
      .toMatchObject({ 'proofgate.dev/untimed': accepted, 'proofgate.dev/reason': 'first look' });
  });

  test('larger than a ConfigMap is refused by bytes, not characters', () => {
    const root = (json: string): () => unknown => () => render({ trustRoots: [{ name: 'company', json }] });
    expect(root('ü'.repeat(500_000))).not.toThrow();
    expect(root('ü'.repeat(500_001))).toThrow('trust-root-company has 1000002 bytes, more than a ConfigMap holds (1000000): split it');
  });
});

describe('what the process is told', () => {
  test('policies, trust roots, address, certificate, deadline and names', () => {
    expect(containerArgs(render({ documents: [policy(), exemption], trustRoots: roots }))).toEqual([
      'serve', '--policy', '/etc/proofgate/exemption-vendor/policy.json', '--policy', '/etc/proofgate/policy-payments/policy.json',
      '--policy-digest', policySet([policy(), exemption]).digest,
      '--trust-root', 'backup=/etc/proofgate/trust-root-backup/trusted_root.json', '--trust-root-digest', `backup=${sha256('{"b":2}')}`,
      '--trust-root', 'company=/etc/proofgate/trust-root-company/trusted_root.json', '--trust-root-digest', `company=${sha256('{"a":1}')}`,
      '--listen', '0.0.0.0:8443', '--tls', 'self-managed', '--deadline', '8', '--namespace', 'proofgate', '--name', 'proofgate-verifier',
    ]);
  });

  test('the digest of all its policies, which another content has not, whatever its ConfigMap is called', () => {
    const digestOf = (...documents: ReturnType<typeof policy>[]): string | undefined => {
      const args = containerArgs(render({ documents }));
      return args[args.indexOf('--policy-digest') + 1];
    };
    expect(digestOf(policy('a'), policy('b'))).toBe(digestOf(policy('b'), policy('a')));
    expect(digestOf(policy('a'), policy('b'))).not.toBe(digestOf(policy('a'), policy('b', { tags: 'deny' })));
  });

  test('registries with their Secrets and authorities, mounted where the configuration says', () => {
    const manifests = render({}, { registries: [{ host: 'reg.test:5000', credentialsSecret: 'pull', caConfigMap: 'ca' }, { host: 'ghcr.io', credentialsSecret: 'pull', tokenHost: 'token.test:8443' }] });
    const map = manifests.find(({ metadata }) => metadata.name.includes('-registries-'));
    expect(JSON.parse((map?.['data'] as { [key: string]: string })['registries.json'] ?? '')).toEqual({
      'ghcr.io': { dockerConfigFile: '/etc/proofgate/registry-credentials/pull/.dockerconfigjson', tokenHost: 'token.test:8443' },
      'reg.test:5000': { caFile: '/etc/proofgate/registry-ca/ca/ca.crt', dockerConfigFile: '/etc/proofgate/registry-credentials/pull/.dockerconfigjson' },
    });
    const digest = sha256((map?.['data'] as { [key: string]: string })['registries.json'] ?? '');
    expect(containerArgs(manifests).join(' ')).toContain(`--registry-config /etc/proofgate/registries/registries.json --registry-config-digest ${digest} `);
    const mounts = at(manifests, 'Deployment', 'spec.template.spec.containers.0.volumeMounts') as Array<{ name: string; mountPath: string; readOnly: boolean }>;
    const volumes = at(manifests, 'Deployment', 'spec.template.spec.volumes') as Array<{ name: string }>;
    expect(mounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
    expect(mounts.every(({ readOnly }) => readOnly)).toBe(true);
    expect(mounts.map(({ mountPath }) => mountPath)).toEqual(expect.arrayContaining(['/etc/proofgate/registry-credentials/pull', '/etc/proofgate/registry-ca/ca']));
    expect(JSON.stringify(at(manifests, 'NetworkPolicy', 'spec.egress'))).toContain('"port":5000');
    expect(names(render(), 'ConfigMap').join()).not.toContain('registries');
  });

  test('a proxy, with its Secret, its authority and its port', () => {
    const manifests = render({}, { proxy: { url: 'https://proxy.test:3129', except: ['.acme.test'], credentialsSecret: 'proxy', caConfigMap: 'proxy-ca' } });
    expect(registriesOf(manifests)).toEqual({ '*': { proxy: {
      url: 'https://proxy.test:3129', except: ['.acme.test'], caFile: '/etc/proofgate/registry-ca/proxy-ca/ca.crt', credentialsFolder: '/etc/proofgate/registry-credentials/proxy',
    } } });
    expect(volumesOf(manifests)).toEqual(expect.arrayContaining([{ name: 'credentials-1', secret: { secretName: 'proxy' } }, { name: 'ca-1', configMap: { name: 'proxy-ca' } }]));
  });

  test('tokens of its service account for clouds, one for each audience', () => {
    const role = { type: 'aws-role', region: 'eu-west-1', roleArn: 'arn:aws:iam::1:role/r' } as const;
    const provider = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x';
    const manifests = render({}, { registries: [
      { host: '1.dkr.ecr.eu-west-1.amazonaws.com', identity: role }, { host: '2.dkr.ecr.eu-west-1.amazonaws.com', identity: role },
      { host: '3.dkr.ecr.eu-west-1.amazonaws.com', identity: { type: 'aws-keys', region: 'eu-west-1', secret: 'ecr' } },
      { host: 'acme.azurecr.io', identity: { type: 'azure', tenantId: 't', clientId: 'c' } },
      { host: 'europe-docker.pkg.dev', identity: { type: 'google-federation', audience: provider } },
    ] });
    expect(registriesOf(manifests)).toEqual({
      ...Object.fromEntries([1, 2].map((account) => [`${account}.dkr.ecr.eu-west-1.amazonaws.com`, { aws: { region: 'eu-west-1', roleArn: role.roleArn, tokenFile: '/etc/proofgate/registry-tokens/token-3' } }])),
      '3.dkr.ecr.eu-west-1.amazonaws.com': { aws: { region: 'eu-west-1', keysFolder: '/etc/proofgate/registry-credentials/ecr' } },
      'acme.azurecr.io': { azure: { tenantId: 't', clientId: 'c', tokenFile: '/etc/proofgate/registry-tokens/token-1' } },
      'europe-docker.pkg.dev': { google: { audience: provider, tokenFile: '/etc/proofgate/registry-tokens/token-2' } },
    });
    expect(volumesOf(manifests)).toContainEqual({ name: 'registry-tokens', projected: { sources: ['api://AzureADTokenExchange', `https:${provider}`, 'sts.amazonaws.com'].map((audience, index) => (
      { serviceAccountToken: { audience, expirationSeconds: 3600, path: `token-${index + 1}` } })) } });
    expect(volumesOf(manifests)).toContainEqual({ name: 'credentials-1', secret: { secretName: 'ecr' } });
    expect(JSON.stringify(volumesOf(render({}, { registries: [{ host: 'ghcr.io', credentialsSecret: 'x' }] })))).not.toContain('registry-tokens');
  });

  test('Google\'s metadata server, and no other place without TLS', () => {
    const manifests = render({}, { registries: [{ host: 'europe-docker.pkg.dev', identity: { type: 'google-metadata', serviceAccount: 'r@acme.iam.gserviceaccount.com' } }] });
    expect(registriesOf(manifests)).toEqual({ 'europe-docker.pkg.dev': { google: { metadata: true } } });
    expect(at(manifests, 'ServiceAccount', 'metadata.annotations')).toEqual({ 'iam.gke.io/gcp-service-account': 'r@acme.iam.gserviceaccount.com' });
    expect((at(manifests, 'NetworkPolicy', 'spec.egress') as unknown[]).slice(2)).toEqual([
      { ports: [{ port: 80, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '169.254.169.254/32' } }] }, { ports: [{ port: 988, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '169.254.169.252/32' } }] },
    ]);
    const without = render();
    expect([at(without, 'ServiceAccount', 'metadata.annotations'), (at(without, 'NetworkPolicy', 'spec.egress') as unknown[]).length]).toEqual([undefined, 2]);
  });

  test('certificates of cert-manager instead, with nothing that the verifier could change in the cluster', () => {
    const manifests = render({}, { tls: { mode: 'cert-manager', issuer: { kind: 'ClusterIssuer', name: 'ca' }, namespace: 'cert-manager' } });
    expect(containerArgs(manifests)).toEqual(expect.arrayContaining(['--tls-cert', '/etc/proofgate/tls/tls.crt', '--tls-key', '/etc/proofgate/tls/tls.key']));
    expect(at(manifests, 'Certificate', 'spec')).toMatchObject({ dnsNames: ['proofgate-verifier.proofgate.svc'], issuerRef: { kind: 'ClusterIssuer', name: 'ca' }, secretName: 'proofgate-verifier-tls' });
    expect(at(manifests, 'ValidatingWebhookConfiguration', 'metadata.annotations')).toEqual({ 'cert-manager.io/inject-ca-from': 'proofgate/proofgate-verifier' });
    expect(manifests.map(({ kind }) => kind).filter((kind) => /Role|Secret/.test(kind))).toEqual([]);
  });
});

describe('what the verifier may reach', () => {
  const ports = (...input: Parameters<typeof render>): unknown[] => (at(render(...input), 'NetworkPolicy', 'spec.egress.1.ports') as Array<{ port: number }>).map(({ port }) => port);

  test.each<[string, number[], Parameters<typeof render>]>([
    ['HTTPS and the API server where no registry has a port', [443, 6443], [{ documents: [policy()] }]],
    ['the ports of the registries in patterns', [443, 5000, 6443, 8443], [{ documents: [policy('a', { images: ['reg.test:5000/**', 'ghcr.io/acme/*'] }), policy('b', { images: ['[::1]:8443/app'] })] }]],
    ['the port of an exempted image', [443, 5001, 6443], [{ documents: [policy(), { ...exemption, spec: { ...exemption.spec, image: 'reg.test:5001/vendor/app' } }] }]],
    ['the ports of mirrors and of the proxy', [443, 5004, 5005, 6443], [{}, { proxy: { url: 'http://proxy.test:5005' }, registries: [{ host: 'reg.test', mirrors: ['a.test:5004/x', 'b.test/y'] }] }]],
    ['the port of a proxy that names none', [80, 443, 6443], [{}, { proxy: { url: 'http://proxy.test' } }]],
    ['the ports of registries with settings, and of who gives out their tokens', [443, 5002, 5003, 6443], [{}, { registries: [{ host: 'reg.test:5002', tokenHost: 'token.test:5003' }] }]],
  ])('%s', (_name, expected, input) => {
    expect(ports(...input)).toEqual(expected);
  });
});

describe('who may reach the verifier', () => {
  const ingress = (settings: object): unknown => at(render({}, settings), 'NetworkPolicy', 'spec.ingress');
  const ports = [{ port: 8443, protocol: 'TCP' }];

  test('everybody, on its port, unless it is said where API servers are', () => {
    expect(ingress({})).toEqual([{ ports }]);
  });

  test('where it is said, who asks from there alone, on the same port', () => {
    const from = ['10.0.0.10/32', 'fd00::/64'].map((cidr) => ({ ipBlock: { cidr } }));
    expect(ingress({ apiServers: ['10.0.0.10/32', 'fd00::/64'] })).toEqual([{ from, ports }]);
    expect(ingress({ apiServers: ['fd00::/64', '10.0.0.10/32'] })).toEqual([{ from, ports }]);
    expect(() => ingress({ apiServers: [] })).toThrow('apiServers is empty');
  });
});

describe('what the verifier may do in the cluster', () => {
  test('by names: one Secret, its own webhook configurations, and no wildcard', () => {
    expect(at(render(), 'Role', 'rules')).toEqual([{ apiGroups: [''], resources: ['secrets'], resourceNames: ['proofgate-verifier-tls'], verbs: ['get', 'update'] }]);
    expect(at(render(), 'ClusterRole', 'rules')).toEqual([{
      apiGroups: ['admissionregistration.k8s.io'], resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'], resourceNames: ['proofgate-verifier'], verbs: ['get', 'patch'],
    }]);
  });

  test('read namespaces only where a policy or exemption selects by their labels', () => {
    const reads = { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] };
    expect(at(render(), 'ClusterRole', 'rules')).not.toContainEqual(reads);
    expect(at(render({ documents: [policy('a', { namespaces: { labels: { a: 'b' } } })] }), 'ClusterRole', 'rules')).toContainEqual(reads);
    expect(at(render({ documents: [policy(), { ...exemption, spec: { ...exemption.spec, namespaces: { labels: { a: 'b' } } } }] }), 'ClusterRole', 'rules')).toContainEqual(reads);
  });

  describe('G15: read pull Secrets by their names', () => {
    const PULLED = { registries: [{ host: 'reg.test', pullSecrets: ['pull', 'deploy'] }] };
    const secrets = (...input: Parameters<typeof render>): unknown[] => render(...input).filter(({ kind }) => /Role$/.test(kind)).flatMap((role) => (
      (role['rules'] as Array<{ resources: string[]; resourceNames: string[]; verbs: string[] }>).filter(({ resources, verbs }) => resources.includes('secrets') && !verbs.includes('update'))
        .map(({ resourceNames, verbs }) => [role.kind, role.metadata.namespace, role.metadata.name, resourceNames, verbs])
    ));
    const inRole = (namespace: string): unknown => ['Role', namespace, `proofgate-verifier-pull-${namespace}`, ['deploy', 'pull'], ['get']];
    const of = (spec: object): PolicyDocument => policy('a', { images: ['reg.test/acme/**'], ...spec });

    test('in the namespaces that the policies of the registry name, or everywhere where one names none', () => {
      expect(secrets({ documents: [of({ namespaces: { names: ['shop', 'bank'] } })] }, PULLED)).toEqual([inRole('bank'), inRole('shop')]);
      expect(secrets({ documents: [of({})] }, PULLED)).toEqual([['ClusterRole', undefined, 'proofgate-verifier', ['deploy', 'pull'], ['get']]]);
      // What one policy brought stays when another follows.
      expect(secrets({ documents: [of({ namespaces: { names: ['shop'] } }), { ...of({}), metadata: { name: 'b' } }] }, PULLED)).toEqual([
        ['ClusterRole', undefined, 'proofgate-verifier', ['deploy', 'pull'], ['get']], inRole('shop'),
      ]);
    });

    test('nowhere without the opt-in, or without a policy for images of that registry', () => {
      expect(secrets({ documents: [of({})] }, { registries: [{ host: 'reg.test', credentialsSecret: 'pull' }] })).toEqual([]);
      expect(secrets({ documents: [of({ images: ['other.test/acme/**'] })] }, PULLED)).toEqual([]);
    });

    test('by the verifier alone', () => {
      const manifests = render({ documents: [of({ namespaces: { names: ['shop'] } })] }, PULLED);
      expect(manifests.filter(({ kind, metadata }) => kind === 'RoleBinding' && metadata.namespace === 'shop')).toMatchObject([
        { roleRef: { kind: 'Role', name: 'proofgate-verifier-pull-shop' }, subjects: [{ kind: 'ServiceAccount', name: 'proofgate-verifier', namespace: 'proofgate' }] },
      ]);
      expect(registriesOf(manifests)).toEqual({ 'reg.test': { pullSecrets: ['pull', 'deploy'] } });
    });
  });

  test('through a service account of its own, whose token is mounted nowhere else', () => {
    const subjects = [{ kind: 'ServiceAccount', name: 'door', namespace: 'gate' }];
    const manifests = render({}, { namespace: 'gate', name: 'door' });
    const group = 'rbac.authorization.k8s.io';
    expect(at(manifests, 'ClusterRoleBinding')).toMatchObject({ subjects, roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'door' } });
    expect(at(manifests, 'RoleBinding')).toMatchObject({ subjects, roleRef: { apiGroup: group, kind: 'Role', name: 'door' } });
    expect(at(manifests, 'ServiceAccount', 'automountServiceAccountToken')).toBe(false);
    expect(at(manifests, 'Deployment', 'spec.template.spec')).toMatchObject({ automountServiceAccountToken: false, serviceAccountName: 'door' });
    expect(JSON.stringify(at(manifests, 'Deployment', 'spec.template.spec.volumes'))).toContain('{"serviceAccountToken":{"expirationSeconds":3600,"path":"token"}}');
  });

  test('the Secret is empty, so that applying again leaves what is in it', () => {
    expect(Object.keys(at(render(), 'Secret') as object)).toEqual(['apiVersion', 'kind', 'metadata', 'type']);
  });
});

describe('how it stays up', () => {
  test('replicas, spread, replaced without ever being fewer, evicted one at a time', () => {
    const manifests = render({}, { replicas: 5 });
    expect(at(manifests, 'Deployment', 'spec')).toMatchObject({
      replicas: 5, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: { spec: { priorityClassName: 'system-cluster-critical', topologySpreadConstraints: [{ topologyKey: 'kubernetes.io/hostname' }, { topologyKey: 'topology.kubernetes.io/zone' }] } },
    });
    expect(at(manifests, 'PodDisruptionBudget', 'spec')).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
  });

  test('one selector in Deployment, Service, budget and network policy, that the Pods carry', () => {
    const manifests = render();
    const selector = { 'app.kubernetes.io/name': 'proofgate-verifier' };
    expect(at(manifests, 'Deployment', 'spec.template.metadata.labels')).toMatchObject(selector);
    const places = [['Deployment', 'spec.selector.matchLabels'], ['Service', 'spec.selector'], ['PodDisruptionBudget', 'spec.selector.matchLabels'], ['NetworkPolicy', 'spec.podSelector.matchLabels']];
    places.forEach(([kind = '', place = '']) => expect(at(manifests, kind, place)).toEqual(selector));
  });

  test('who is alive is not killed, and who is not ready is not asked', () => {
    const { livenessProbe, readinessProbe, startupProbe } = at(render(), 'Deployment', 'spec.template.spec.containers.0') as { [probe: string]: object };
    const asks = (path: string): object => ({ httpGet: { path, port: 'https', scheme: 'HTTPS' } });
    expect([livenessProbe, readinessProbe, startupProbe]).toMatchObject([asks('/healthz'), asks('/readyz'), asks('/healthz')]);
  });

  test('a replica that is taken away goes on answering until those who ask it know, and has time for its last answers', () => {
    const spec = at(render(), 'Deployment', 'spec.template.spec') as { containers: Array<{ lifecycle: unknown }>; terminationGracePeriodSeconds: number };
    expect(spec.containers[0]?.lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
    expect(spec.terminationGracePeriodSeconds).toBe(5 + 8 + 10);
  });

  test('on the network: asked on one port, asking for names, registries and the API server', () => {
    expect(at(render({}, { registries: [{ host: 'reg.test:5000' }] }), 'NetworkPolicy', 'spec')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'proofgate-verifier' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 8443, protocol: 'TCP' }] }],
      egress: [
        { ports: [{ port: 53, protocol: 'TCP' }, { port: 53, protocol: 'UDP' }] },
        { ports: [443, 5000, 6443].map((port) => ({ port, protocol: 'TCP' })) },
      ],
    });
  });

  test('restricted: no root, no privileges, nothing writable, no token but its own', () => {
    expect(at(render(), 'Namespace', 'metadata.labels')).toMatchObject(
      Object.fromEntries(['audit', 'enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted'])));
    expect(at(render(), 'Deployment', 'spec.template.spec')).toMatchObject({
      automountServiceAccountToken: false, enableServiceLinks: false,
      securityContext: { fsGroup: 65532, runAsGroup: 65532, runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ image: IMAGE, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true } }],
    });
  });
});

test('the guards close the verifier\'s namespace and keep the labels that select others, and their bindings deny', () => {
  const guards = (documents: PolicyDocument[], settings: object = {}): object => {
    const manifests = render({ documents }, { namespace: 'gate', name: 'gate', operatorGroups: ['admins'], ...settings });
    const bindings = manifests.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding');
    expect(bindings.map(({ spec }) => spec)).toEqual(bindings.map(({ metadata: { name } }) => ({ policyName: name, validationActions: ['Deny'] })));
    expect(bindings.map(({ metadata }) => metadata.name)).toEqual(names(manifests, 'ValidatingAdmissionPolicy'));
    return Object.fromEntries(manifests.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy').map(({ metadata, spec }) => [metadata.name, spec]));
  };
  const images = guardSpec({ namespace: 'gate', name: 'gate', image: IMAGE, operatorGroups: ['admins'] });
  const objects = (certManager?: string): object => objectGuardSpec({ namespace: 'gate', name: 'gate', operatorGroups: ['admins'], certManager });
  expect(guards([policy()])).toEqual({ 'gate': images, 'gate-objects': objects() });
  expect(guards([policy()], { tls: { mode: 'cert-manager', issuer: { kind: 'Issuer', name: 'ca' }, namespace: 'cert-manager' } })).toEqual({ 'gate': images, 'gate-objects': objects('cert-manager') });
  expect(guards([policy('a', { namespaces: { labels: { team: 'b', x: 'y' } } }), policy('c', { namespaces: { labels: { team: 'd' } } })]))
    .toEqual({ 'gate': images, 'gate-objects': objects(), 'gate-labels': labelGuardSpec(['team', 'x'], ['admins']) });
});

test('every object carries the project\'s label and the names that were chosen', () => {
  for (const { kind, metadata } of render({}, { namespace: 'gate', name: 'door' })) {
    expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'proofgate', 'app.kubernetes.io/name': 'door' });
    expect(metadata.name).toMatch(kind === 'Namespace' ? /^gate$/ : /^door/);
    expect([undefined, 'gate']).toContain(metadata.namespace);
  }
});

/** The registry configuration that the verifier is given. */
function registriesOf(manifests: ReturnType<typeof render>): unknown {
  const map = manifests.find(({ metadata }) => metadata.name.includes('-registries-'));
  return JSON.parse((map?.['data'] as { [key: string]: string })['registries.json'] ?? '');
}

function volumesOf(manifests: ReturnType<typeof render>): unknown {
  return at(manifests, 'Deployment', 'spec.template.spec.volumes');
}

function settingsOf(): Parameters<typeof renderWebhook>[0]['settings'] {
  return {
    namespace: 'gate', name: 'door', image: IMAGE, replicas: 2, resources: { requests: { cpu: '1', memory: '1Mi' }, limits: { memory: '1Mi' } }, timeoutSeconds: 10, deadlineSeconds: 8,
    tls: { mode: 'self-managed' }, registries: [{ host: 'b.test' }, { host: 'a.test' }], refreshTrustRoots: true, operatorGroups: ['z', 'a'], apiServers: ['fd00::/64', '10.0.0.0/8'], priorityClassName: 'system-cluster-critical',
    floor: false,
  };
}

test('a Secret whose name cannot be that of a volume is mounted all the same', () => {
  const settings = { registries: [{ host: 'ghcr.io', credentialsSecret: 'ghcr.io.read', caConfigMap: 'x'.repeat(100) }] };
  const volumes = at(render({}, settings), 'Deployment', 'spec.template.spec.volumes') as ReadonlyArray<{ name: string; secret?: { secretName: string }; configMap?: { name: string } }>;
  expect(volumes.map(({ name }) => name).filter((name) => !/^[a-z0-9-]{1,63}$/.test(name))).toEqual([]);
  expect(volumes.filter(({ secret, configMap }) => secret?.secretName === 'ghcr.io.read' || configMap?.name === 'x'.repeat(100))).toHaveLength(2);
});
