import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultSettings, renderWebhook } from '../../../lib/engines/webhook';
import { ImagePolicy } from '../../../lib/policy/document';
import type { ApiAnswer, KubernetesObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import { copySignature, corpusFile, pushCorpusImage, pushUnsignedImage } from '../harness/corpus';
import type { Program, Programs } from '../harness/process';
import { OciRegistry } from '../harness/registry';
import type { Report } from '../harness/report';
import type { Sandbox } from '../harness/sandbox';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';

const HOST = 'registry.example';
const REGISTRY_ADDRESS = '10.99.0.21';
const ADDRESS = '10.99.0.12';
const PORT = 8443;
const NAMESPACE = 'shop';

const RELEASE = {
  type: 'keyless', issuer: 'https://token.actions.githubusercontent.com', trustRoot: 'corpus',
  subject: 'https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3',
} as const;

const SIGNED: ImagePolicy = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'signed' },
  spec: { images: [`${HOST}/signed/**`], attestors: { release: RELEASE }, requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }] },
};

const PROVEN: ImagePolicy = {
  ...SIGNED, metadata: { name: 'proven' },
  spec: {
    images: [`${HOST}/proven/**`], attestors: { release: RELEASE },
    requirements: [{ type: 'attestation', name: 'provenance', predicateType: 'https://slsa.dev/provenance/v1', attestors: ['release'] }],
  },
};

const KEYED: ImagePolicy = {
  ...SIGNED, metadata: { name: 'keyed' },
  spec: {
    images: [`${HOST}/keyed/**`],
    attestors: { owner: { type: 'key', publicKey: corpusFile('keys/p256.pub'), trustRoot: 'corpus' } },
    requirements: [{ type: 'signature', name: 'signature', attestors: ['owner'] }],
  },
};

/** The main job: what was rendered is applied unchanged, and from then on only images with proof are admitted. */
export async function enforcementCases(report: Report, cluster: Cluster, sandbox: Sandbox, programs: Programs): Promise<void> {
  const { api } = cluster;
  const manifests = renderWebhook({ documents: [SIGNED, PROVEN, KEYED], trustRoots: [{ name: 'corpus', json: corpusFile('trust/trusted_root.json') }], settings: defaultSettings });
  const yaml = manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  const file = join(sandbox.folder, 'rendered.yaml');
  writeFileSync(file, yaml);

  const tls = await cluster.issue({ commonName: 'registry', hosts: [HOST] });
  sandbox.resolve(HOST, REGISTRY_ADDRESS);
  const startRegistry = (): Promise<OciRegistry> => OciRegistry.start(sandbox, programs, { address: REGISTRY_ADDRESS, port: 443, tls });
  let registry = await startRegistry();
  const images = await fill(registry);
  await cluster.createNamespace(NAMESPACE);

  let count = 0;
  const name = (): string => `case-${count += 1}`;
  const create = (used: readonly string[], more: object = {}, dryRun = false): Promise<ApiAnswer> => api.create(pod(name(), used, more), { dryRun });

  await report.case('all rendered objects pass strict server-side validation, unchanged', () => cluster.kubectl.apply(yaml));
  await report.case('before the verifier answers, a signed image is refused as well', async () => {
    await until('the API server knows the webhook', async () => expectDenied(await create([images.signed]), 'failed calling webhook'));
  });

  const caFile = join(sandbox.folder, 'registry-ca.pem');
  writeFileSync(caFile, cluster.authorityCertificate);
  const registryConfig = join(sandbox.folder, 'registries.yaml');
  writeFileSync(registryConfig, `${HOST}: {caFile: ${caFile}}\n`);
  const kubeconfig = await cluster.serviceAccountKubeconfig(defaultSettings.namespace, defaultSettings.name);
  const start = async (): Promise<Program> => {
    const verifier = programs.start({
      name: 'verifier',
      command: process.execPath,
      args: [
        resolve('build/bin/verifier.cjs'), 'serve', '--policy', file, '--listen', `${ADDRESS}:${PORT}`, '--tls', 'self-managed', '--ca-lifetime', '60',
        '--kubeconfig', kubeconfig, '--registry-config', registryConfig,
      ],
    });
    await verifier.event('listening');
    return verifier;
  };
  let verifier = await start();
  await cluster.setEndpoints(defaultSettings.namespace, defaultSettings.name, [{ address: ADDRESS, port: PORT }]);

  await report.case('with the rights of its own service account, the verifier makes itself trusted and admits a signed image', async () => {
    await until('a signed image is admitted', async () => expectAdmitted(await create([images.signed])), { timeoutMs: 20_000 });
  });
  await report.case('a tag of a signed image is pinned to the digest that was verified', async () => {
    const admitted = expectAdmitted(await create([`${HOST}/signed/app:v1`]));
    const [container] = (admitted as unknown as { spec: { containers: Array<{ image: string }> } }).spec.containers;
    assert.equal(container?.image, `${HOST}/signed/app:v1@${images.signed.split('@')[1] ?? ''}`);
  });
  await report.case('an attested image and an image signed with a key are admitted', async () => {
    expectAdmitted(await create([images.proven]));
    expectAdmitted(await create([images.keyed]));
  });

  const denials: ReadonlyArray<readonly [claim: string, image: string, code: string]> = [
    ['an unsigned image', images.unsigned, 'NO_SIGNATURE'],
    ['an unsigned image behind a tag', `${HOST}/signed/unsigned:v1`, 'NO_SIGNATURE'],
    ['an image signed from another branch', images.branch, 'WRONG_IDENTITY'],
    ['an image signed by another workflow', images.reusable, 'WRONG_IDENTITY'],
    ['an image signed from a pull request', images.pull, 'WRONG_IDENTITY'],
    ['an image with the copied signature of another', images.copied, 'WRONG_SUBJECT'],
    ['a signed image without provenance', images.unproven, 'NO_ATTESTATION'],
    ['an attested image with another predicate', images.otherPredicate, 'WRONG_PREDICATE'],
    ['an attested image where a signature is asked', images.attestedOnly, 'NO_SIGNATURE'],
    ['an image signed by a certificate where a key is asked', images.notKeyed, 'WRONG_IDENTITY'],
    ['an image that no policy names', 'docker.io/library/nginx:1', 'UNMATCHED_IMAGE'],
    ['a tag that does not exist', `${HOST}/signed/app:v9`, 'TAG_NOT_PINNED'],
  ];
  for (const [claim, image, code] of denials) {
    await report.case(`${claim} is refused with ${code}`, async () => expectDenied(await create([image]), `[${code}]`));
  }

  const container = (image: string, more: object = {}): object => ({ name: 'other', image, ...more });
  const template = (image: string): object => ({ metadata: { labels: { app: 'x' } }, spec: { containers: [container(image)] } });
  const workload = { selector: { matchLabels: { app: 'x' } } };
  const positions: ReadonlyArray<readonly [claim: string, object: (image: string) => KubernetesObject]> = [
    ['an init container', (image) => pod(name(), [images.signed], { initContainers: [container(image)] })],
    ['a sidecar', (image) => pod(name(), [images.signed], { initContainers: [container(image, { restartPolicy: 'Always' })] })],
    ['an image volume', (image) => pod(name(), [images.signed], { volumes: [{ name: 'v', image: { reference: image } }] })],
    ['a Deployment', (image) => object('apps/v1', 'Deployment', name(), { ...workload, template: template(image) })],
    ['a StatefulSet', (image) => object('apps/v1', 'StatefulSet', name(), { ...workload, serviceName: 'x', template: template(image) })],
    ['a DaemonSet', (image) => object('apps/v1', 'DaemonSet', name(), { ...workload, template: template(image) })],
    ['a ReplicaSet', (image) => object('apps/v1', 'ReplicaSet', name(), { ...workload, template: template(image) })],
    ['a ReplicationController', (image) => object('v1', 'ReplicationController', name(), { selector: { app: 'x' }, template: template(image) })],
    ['a Job', (image) => object('batch/v1', 'Job', name(), { template: { spec: { restartPolicy: 'Never', containers: [container(image)] } } })],
    ['a CronJob', (image) => object('batch/v1', 'CronJob', name(), {
      schedule: '0 0 * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container(image)] } } } },
    })],
    ['a PodTemplate', (image) => ({ apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: name(), namespace: NAMESPACE }, template: template(image) })],
  ];
  for (const [claim, build] of positions) {
    await report.case(`${claim} with an unsigned image is refused, with a signed one admitted`, async () => {
      expectDenied(await api.create(build(images.unsigned)), '[NO_SIGNATURE]');
      expectAdmitted(await api.create(build(images.signed)));
    });
  }

  const running = pod('running', [images.signed]);
  await report.case('an unsigned ephemeral container is refused, a signed one admitted', async () => {
    const stored = expectAdmitted(await api.create(running)) as unknown as { spec: object };
    const debug = (image: string): KubernetesObject => ({ ...stored, spec: { ...stored.spec, ephemeralContainers: [{ name: 'debug', image }] } } as unknown as KubernetesObject);
    expectDenied(await api.update(debug(images.unsigned), { subresource: 'ephemeralcontainers' }), '[NO_SIGNATURE]');
    expectAdmitted(await api.update(debug(images.signed), { subresource: 'ephemeralcontainers' }));
  });
  await report.case('an update to an unsigned image is refused, to a signed one admitted', async () => {
    const patch = (image: string): object => ({ spec: { containers: [{ name: 'c0', image }] } });
    expectDenied(await api.patch(running, 'strategic-merge', patch(images.unsigned)), '[NO_SIGNATURE]');
    expectAdmitted(await api.patch(running, 'strategic-merge', patch(`${HOST}/signed/app:v1@${images.signed.split('@')[1] ?? ''}`)));
  });
  await report.case('a dry run gets the same verdicts', async () => {
    expectDenied(await create([images.unsigned], {}, true), '[NO_SIGNATURE]');
    expectAdmitted(await create([images.signed], {}, true));
  });

  await report.case('with the registry down, a change of labels is admitted, and an image never seen is refused', async () => {
    await registry.program.stop('SIGKILL');
    expectAdmitted(await api.patch(running, 'merge', { metadata: { labels: { tier: 'front' } } }));
    expectDenied(await create([images.late]), '[REGISTRY_UNAVAILABLE]');
    registry = await startRegistry();
    await fill(registry);
    expectAdmitted(await create([images.late]));
  });
  await report.case('in the verifier\'s own namespace a foreign image is refused without any webhook', async () => {
    await cluster.createDefaultServiceAccount(defaultSettings.namespace);
    const restricted = { runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } };
    const foreign = pod(name(), [], { containers: [container(images.signed, { securityContext: restricted })] });
    expectDenied(await api.create({ ...foreign, metadata: { ...foreign.metadata, namespace: defaultSettings.namespace } }), 'may run in this namespace');
  });
  await report.case('authorities are rotated under traffic without a failed call', async () => {
    const rotated = until('another authority signs', () => {
      const changes = verifier.log().split('\n').filter((line) => line.includes('"event":"authorities-changed"'));
      assert.ok(changes.length >= 3, `${changes.length} changes of the authorities`);
    }, { timeoutMs: 90_000 });
    let calls = 0;
    let done = false;
    const traffic = (async () => {
      while (!done) {
        expectAdmitted(await create([images.signed], {}, true));
        calls += 1;
      }
    })();
    await Promise.race([rotated, traffic]);
    done = true;
    await Promise.all([rotated, traffic]);
    assert.ok(calls > 100, `${calls} calls`);
  });
  await report.case('with the verifier stopped everything is refused; started again, a signed image is admitted', async () => {
    assert.equal(await verifier.stop(), 'exit code 0');
    expectDenied(await create([images.signed]), 'failed calling webhook');
    verifier = await start();
    await until('a signed image is admitted', async () => expectAdmitted(await create([images.signed])), { timeoutMs: 20_000 });
  });
  await report.case('a removed caBundle means refusal, until the verifier has written it again', async () => {
    const configuration = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: defaultSettings.name } };
    expectAdmitted(await api.patch(configuration, 'json', [{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }]));
    await until('a signed image is refused', async () => expectDenied(await create([images.signed]), 'failed calling webhook'), { timeoutMs: 5_000 });
    await until('the bundle is back', async () => expectAdmitted(await create([images.signed])), { timeoutMs: 30_000 });
  });
  await report.case('a tag that nothing pinned is refused with TAG_NOT_PINNED', async () => {
    expectAdmitted(await api.delete({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: { name: defaultSettings.name } }));
    await until('the pinning webhook is gone', async () => expectDenied(await create([`${HOST}/signed/app:v1`]), '[TAG_NOT_PINNED]'), { timeoutMs: 5_000 });
    expectAdmitted(await create([images.signed]));
  });
}

interface Images {
  readonly [name: string]: string;
  readonly signed: string; readonly unsigned: string; readonly branch: string; readonly reusable: string; readonly pull: string; readonly copied: string;
  readonly proven: string; readonly unproven: string; readonly otherPredicate: string; readonly attestedOnly: string; readonly keyed: string; readonly notKeyed: string;
  readonly late: string;
}

/** Pushes every image that the cases speak of, and names them by digest. */
async function fill(registry: OciRegistry): Promise<Images> {
  const at = async (repository: string, image: string): Promise<string> => `${HOST}/${repository}@${await pushCorpusImage(registry, repository, image)}`;
  const copied = await pushUnsignedImage(registry, 'signed/copied', 'v1');
  await copySignature(registry, 'signed/copied', 'kl-gh-sign', copied);
  return {
    signed: await at('signed/app', 'kl-gh-sign'),
    late: await at('signed/late', 'kl-gh-env'),
    unsigned: `${HOST}/signed/unsigned@${await pushUnsignedImage(registry, 'signed/unsigned', 'v1')}`,
    branch: await at('signed/branch', 'kl-gh-branch'),
    reusable: await at('signed/reusable', 'kl-gh-reusable'),
    pull: await at('signed/pull', 'kl-gh-pr'),
    copied: `${HOST}/signed/copied@${copied}`,
    attestedOnly: await at('signed/attested', 'kl-att-slsaprovenance1'),
    proven: await at('proven/app', 'kl-att-slsaprovenance1'),
    unproven: await at('proven/unproven', 'kl-gh-sign'),
    otherPredicate: await at('proven/other', 'kl-att-cyclonedx'),
    keyed: await at('keyed/app', 'key-rekor2-tsa'),
    notKeyed: await at('keyed/cert', 'kl-gh-sign'),
  };
}

function pod(name: string, images: readonly string[], more: object = {}): KubernetesObject {
  return object('v1', 'Pod', name, { containers: images.map((image, index) => ({ name: `c${index}`, image })), ...more });
}

function object(apiVersion: string, kind: string, name: string, spec: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, spec };
}
