import { deepStrictEqual, strictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import { policyControllerEngine } from '../../../lib/engines/policy-controller';
import { CONFIGURATION } from '../../../lib/kubernetes/policy-controller/guards';
import type { ImagePolicy, KeylessAttestor } from '../../../lib/policy/document';
import type { ApiAnswer, KubernetesObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import { POLICY_CONTROLLER_SCHEMAS } from '../harness/policy-controller-schemas';
import type { Report } from '../harness/report';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';

const DIGEST = `sha256:${'a1'.repeat(32)}`;
const NAMED = `ghcr.io/acme/app@${DIGEST}`;
const INCLUDED = { 'policy.sigstore.dev/include': 'true' };

const release: KeylessAttestor = { type: 'keyless', issuer: 'https://accounts.google.com', subject: 'release@acme.example', trustRoot: 'sigstore' };

/** Everything that can stand in a ClusterImagePolicy. */
const POLICY: ImagePolicy = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'apps' },
  spec: {
    images: ['ghcr.io/acme/**', 'docker.io/library/nginx'],
    namespaces: { names: ['controlled', 'forgotten'] },
    attestors: {
      release,
      second: { ...release, subject: 'second@acme.example' },
      workflow: { ...release, subject: { workflow: 'https://github.com/acme/app/.github/workflows/release.yml', refs: ['refs/tags/v*'] } },
      stamped: { ...release, subject: 'stamped@acme.example', transparency: { log: 'notRequired', timestamp: 'required', sct: 'notRequired', reason: 'a test' } },
    },
    requirements: [
      { type: 'signature', name: 'signature', attestors: ['release', 'second'], threshold: 2 },
      { type: 'signature', name: 'workflow', attestors: ['workflow', 'stamped'] },
      { type: 'attestation', name: 'sbom', attestors: ['release'], predicateType: 'https://cyclonedx.org/bom', checks: { type: 'sbom' } },
    ],
  },
};

const rendered = policyControllerEngine({ name: 'controlled', version: '0.15.1', namespace: 'cosign-system', trustRoot: 'sigstore' }).render({ documents: [POLICY], trustRoots: [] });

const namespace = (name: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

let count = 0;

function podOf(at: string, image: string, spec: object = {}, metadata: object = {}): KubernetesObject {
  count += 1;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${count}`, namespace: at, ...metadata }, spec: { containers: [{ name: 'main', image }], ...spec } };
}

/** What the objects for policy-controller hold in a real API server, without policy-controller itself. */
export async function policyControllerCases(report: Report, cluster: Cluster): Promise<void> {
  const { api, kubectl } = cluster;
  const tried = (object: KubernetesObject): Promise<ApiAnswer> => api.create(object, { dryRun: true });
  const label = (name: string, labels: object): Promise<ApiAnswer> => api.patch(namespace(name), 'merge', { metadata: { labels } }, { dryRun: true });

  await report.case('policy-controller\'s own schemas take what is rendered, with every field of it', async () => {
    for (const path of POLICY_CONTROLLER_SCHEMAS) {
      await kubectl.apply(readFileSync(path, 'utf8'));
    }
    await cluster.createNamespace('cosign-system');
    await cluster.createNamespace('controlled', INCLUDED);
    await cluster.createNamespace('forgotten');
    await until('the schemas are served', () => kubectl.apply(rendered.map((object) => JSON.stringify(object)).join('\n---\n')));
    const policies = rendered.filter(({ kind }) => kind === 'ClusterImagePolicy');
    strictEqual(policies.length, 3);
    for (const policy of policies) {
      const stored = expectAdmitted(await api.get(policy));
      deepStrictEqual(stored['spec'], JSON.parse(JSON.stringify(policy['spec'])));
    }
  });

  await report.case('a field that they do not know is refused', async () => {
    const [policy] = rendered.filter(({ kind }) => kind === 'ClusterImagePolicy');
    const named = { ...policy, metadata: { name: 'unknown' } };
    const post = (spec: object): Promise<ApiAnswer> => api.send('POST', '/apis/policy.sigstore.dev/v1alpha1/clusterimagepolicies?dryRun=All&fieldValidation=Strict', { ...named, spec });
    expectDenied(await post({ ...policy?.['spec'] as object, enforced: true }), 'unknown field "spec.enforced"');
    expectAdmitted(await post(policy?.['spec'] as object));
  });

  await report.case('the floor refuses what no policy names, and lets the rest through to policy-controller', async () => {
    await until('the floor is in force', async () => expectDenied(await tried(podOf('controlled', `ghcr.io/other/app@${DIGEST}`)), '[UNMATCHED_IMAGE]'));
    expectDenied(await tried(podOf('controlled', 'ghcr.io/acme/app:v1')), '[TAG_NOT_PINNED]');
    expectAdmitted(await tried(podOf('controlled', NAMED)));
    expectAdmitted(await tried(podOf('default', 'busybox:1')));
  });

  await report.case('nothing runs in a namespace about which policy-controller is not asked', async () => {
    expectDenied(await tried(podOf('forgotten', NAMED)), '[UNSUPPORTED] The namespace has no label');
    expectAdmitted(await api.patch(namespace('forgotten'), 'merge', { metadata: { labels: INCLUDED } }));
    await until('the label is seen', async () => void expectAdmitted(await tried(podOf('forgotten', NAMED))));
  });

  await report.case('images of volumes are refused, other volumes are not', async () => {
    const volumes = (source: object): object => ({ volumes: [{ name: 'data', ...source }] });
    expectDenied(await tried(podOf('controlled', NAMED, volumes({ image: { reference: NAMED } }))), '[UNSUPPORTED] policy-controller does not look at the images of volumes');
    expectAdmitted(await tried(podOf('controlled', NAMED, volumes({ emptyDir: {} }))));
  });

  await report.case('what is being deleted gets no image', async () => {
    const pod = podOf('controlled', NAMED, {}, { finalizers: ['acme.example/hold'] });
    const debugged = async (): Promise<ApiAnswer> => {
      const stored = expectAdmitted(await api.get(pod));
      return api.update({ ...stored, spec: { ...stored['spec'] as object, ephemeralContainers: [{ name: 'debug', image: `ghcr.io/acme/debug@${DIGEST}` }] } }, { subresource: 'ephemeralcontainers', dryRun: true });
    };
    expectAdmitted(await api.create(pod));
    expectAdmitted(await debugged());
    await api.delete(pod);
    expectDenied(await debugged(), '[UNSUPPORTED] policy-controller does not look at what is being deleted');
    expectAdmitted(await api.patch(pod, 'merge', { metadata: { finalizers: null } }));
  });

  await report.case('nobody takes the label from a namespace, also where no policy holds', async () => {
    for (const labels of [{ 'policy.sigstore.dev/include': null }, { 'policy.sigstore.dev/include': 'false' }]) {
      await until('the guard is in force', async () => expectDenied(await label('controlled', labels), 'has to stay "true"'));
    }
    const stored = expectAdmitted(await api.get(namespace('controlled')));
    const bare = { ...stored, metadata: { ...stored.metadata, labels: { 'kubernetes.io/metadata.name': 'controlled' } } };
    for (const subresource of ['status', 'finalize']) {
      expectDenied(await api.update(bare, { subresource, dryRun: true }), 'has to stay "true"');
    }
    expectAdmitted(await label('controlled', { team: 'shop' }));
    expectAdmitted(await api.update(stored, { subresource: 'status', dryRun: true }));
    await cluster.createNamespace('elsewhere', INCLUDED);
    expectDenied(await label('elsewhere', { 'policy.sigstore.dev/include': null }), 'has to stay "true"');
    expectAdmitted(await label('elsewhere', { team: null }));
  });

  await report.case('nobody has policy-controller admit what no policy matches', async () => {
    const configured = (name: string, at: string, data: object): Promise<ApiAnswer> => api.patch({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: at } }, 'merge', { data }, { dryRun: true });
    for (const data of [{ 'no-match-policy': 'allow' }, { 'no-match-policy': 'warn' }, { 'fail-on-empty-authorities': 'false' }, { 'enable-oci11': 'true' }]) {
      await until('the guard is in force', async () => expectDenied(await configured(CONFIGURATION, 'cosign-system', data), 'has to say'));
    }
    expectAdmitted(await configured(CONFIGURATION, 'cosign-system', { _example: 'no-match-policy: warn' }));
    expectAdmitted(await configured(CONFIGURATION, 'cosign-system', { 'no-match-policy': null }));
    expectAdmitted(await tried({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: CONFIGURATION, namespace: 'default' }, data: { 'no-match-policy': 'allow' } }));
    expectDenied(await tried({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: CONFIGURATION, name: CONFIGURATION, namespace: 'cosign-system' }, data: { 'no-match-policy': 'allow' } }), 'has to say');
  });
}
