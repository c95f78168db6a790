import assert from 'node:assert/strict';
import { admissionPolicy, nativeEngine } from '../../../lib/engines/native';
import type { Manifest } from '../../../lib/engines/manifest';
import { celString } from '../../../lib/kubernetes/cel';
import type { ImageDenyList, ImageExemption, ImagePolicy, PolicyDocument } from '../../../lib/policy/document';
import type { ApiAnswer, KubernetesObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import type { Report } from '../harness/report';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';

const DIGEST = `sha256:${'a1'.repeat(32)}`;
const LISTED = `sha256:${'b2'.repeat(32)}`;

/** What the API server itself holds, without anybody to ask. */
export async function nativeCases(report: Report, cluster: Cluster): Promise<void> {
  await report.case('literals that were written for CEL mean to the API server what they mean here', () => literals(cluster));
  await floor(report, cluster);
  await alone(report, cluster);
  await cost(report, cluster);
}

const HOSTILE: readonly string[] = [
  '\'', '"', '\\', '\\\'', '\' || true || \'', '\n\' || true', '\u0000', '\t', '\u202e', '\ud83d\ude00', '\'\'\'', 'r\'x\'', '${x}', '{{x}}', '\\u0041', '\\x41', 'é\u0301', '\u2028', '%s', '`',
];

/** Each text is compared with a literal of itself, and with one that has a character more. */
async function literals(cluster: Cluster): Promise<void> {
  await cluster.createNamespace('native-literals');
  const texts = HOSTILE.map((text, index) => `object.metadata.name == 'text-${index}' ? object.data.text == ${celString(text)} : `);
  await bind(cluster, 'literals', {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'], scope: 'Namespaced' }] },
    validations: [{ expression: `${texts.join('')}false`, message: 'another text' }],
  }, 'native-literals');
  const holding = (name: string, text: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'native-literals' }, data: { text } });
  await until('the policy is in force', async () => expectDenied(await cluster.api.create(holding('any', ''), { dryRun: true }), 'another text'));
  for (const [index, text] of HOSTILE.entries()) {
    expectAdmitted(await cluster.api.create(holding(`text-${index}`, text), { dryRun: true }));
    expectDenied(await cluster.api.create(holding(`text-${index}`, `${text}x`), { dryRun: true }), 'another text');
  }
}

async function bind(cluster: Cluster, name: string, spec: object, namespace: string): Promise<void> {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const matchResources = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
  await apply(cluster, [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name }, spec },
    { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name }, spec: { policyName: name, validationActions: ['Deny'], matchResources } },
  ]);
}

/** JSON is YAML. */
async function apply(cluster: Cluster, manifests: readonly Manifest[]): Promise<void> {
  await cluster.kubectl.apply(manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'));
}

function policyFor(images: string[], namespaces: readonly string[], more: Partial<ImagePolicy['spec']> = {}, name = 'apps'): ImagePolicy {
  return {
    apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name },
    spec: {
      images, namespaces: { names: [...namespaces] }, ...more,
      attestors: { release: { type: 'keyless', issuer: 'https://accounts.google.com', subject: 'release@acme.example', trustRoot: 'sigstore' } },
      requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }],
    },
  };
}

function exemptionOf(image: string, namespaces: readonly string[], more: Partial<ImageExemption['spec']> = {}): ImageExemption {
  return {
    apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: `exemption-${image.replace(/[^a-z0-9]+/g, '-')}` },
    spec: { image, digests: [DIGEST], reason: 'a test', owner: 'tests', until: '2199-01-01', namespaces: { names: [...namespaces] }, ...more },
  };
}

function denying(digest: string, namespaces: readonly string[]): ImageDenyList {
  return {
    apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'leaked' }, spec: { reason: 'a test', owner: 'tests', digests: [digest], namespaces: { names: [...namespaces] } },
  };
}

const floorOf = (documents: readonly PolicyDocument[], name: string): Manifest[] => admissionPolicy({ name, labels: { 'app.kubernetes.io/part-of': 'proofgate' }, documents, mode: 'floor', own: 'proofgate' });

type Build = (images: readonly string[]) => KubernetesObject;

let count = 0;

function metadata(namespace: string): { name: string; namespace: string } {
  count += 1;
  return { name: `native-${count}`, namespace };
}

function containers(images: readonly string[], prefix = 'c'): object[] {
  return images.map((image, index) => ({ name: `${prefix}${index}`, image }));
}

/** Every workload kind, each with its images as containers; and a Pod with them in every other list. */
function kinds(namespace: string, sound: string): ReadonlyArray<readonly [kind: string, build: Build]> {
  const template = (images: readonly string[], restartPolicy = 'Always'): object => ({ metadata: { labels: { app: 'x' } }, spec: { restartPolicy, containers: containers(images) } });
  const object = (apiVersion: string, kind: string, spec: object): KubernetesObject => ({ apiVersion, kind, metadata: metadata(namespace), spec });
  const selector = { matchLabels: { app: 'x' } };
  const pod = (spec: object): KubernetesObject => object('v1', 'Pod', { containers: containers([sound], 'own'), ...spec });
  return [
    ['containers of a Pod', (images) => object('v1', 'Pod', { containers: containers(images) })],
    ['init containers of a Pod', (images) => pod({ initContainers: containers(images, 'i') })],
    ['sidecars of a Pod', (images) => pod({ initContainers: containers(images, 'i').map((container) => ({ ...container, restartPolicy: 'Always' })) })],
    ['image volumes of a Pod', (images) => pod({ volumes: images.map((reference, index) => ({ name: `v${index}`, image: { reference } })) })],
    ['a PodTemplate', (images) => ({ apiVersion: 'v1', kind: 'PodTemplate', metadata: metadata(namespace), template: template(images) })],
    ['a ReplicationController', (images) => object('v1', 'ReplicationController', { selector: { app: 'x' }, template: template(images) })],
    ...['DaemonSet', 'Deployment', 'ReplicaSet'].map((kind): readonly [string, Build] => [`a ${kind}`, (images) => object('apps/v1', kind, { selector, template: template(images) })]),
    ['a StatefulSet', (images) => object('apps/v1', 'StatefulSet', { selector, serviceName: 'x', template: template(images) })],
    ['a Job', (images) => object('batch/v1', 'Job', { template: template(images, 'Never') })],
    ['a CronJob', (images) => object('batch/v1', 'CronJob', { schedule: '0 0 * * *', jobTemplate: { spec: { template: template(images, 'Never') } } })],
  ];
}

/** A running Pod that gets these images as ephemeral containers. */
async function debugged(cluster: Cluster, namespace: string, sound: string, images: readonly string[]): Promise<ApiAnswer> {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: metadata(namespace), spec: { containers: containers([sound], 'own') } };
  const stored = expectAdmitted(await cluster.api.create(pod)) as KubernetesObject & { readonly spec: object };
  return cluster.api.update({ ...stored, spec: { ...stored.spec, ephemeralContainers: containers(images, 'e') } }, { subresource: 'ephemeralcontainers' });
}

async function floor(report: Report, cluster: Cluster): Promise<void> {
  const namespace = 'native-floor';
  const documents = [
    policyFor(['reg.test:5000/acme/**', 'ghcr.io/acme/*'], [namespace]), policyFor(['ghcr.io/trial/**'], [namespace], { action: { type: 'Audit', reason: 'r', owner: 'o', until: '2199-01-01' } }, 'trial'),
    exemptionOf('docker.io/vendor/agent', [namespace]), denying(LISTED, [namespace]),
    { ...policyFor(['quay.io/labelled/**'], []), metadata: { name: 'labelled' }, spec: { ...policyFor(['quay.io/labelled/**'], []).spec, namespaces: { labels: { team: 'floor' } } } },
  ];
  const sound = `reg.test:5000/acme/a/b@${DIGEST}`;
  await report.case('the floor passes strict server-side validation and is in force', async () => {
    await cluster.createNamespace(namespace, { team: 'floor' });
    await apply(cluster, floorOf(documents, 'floor-test'));
    await until('an image of nobody is refused', async () => expectDenied(await cluster.api.create(podOf(namespace, [`nginx@${DIGEST}`]), { dryRun: true }), '[UNMATCHED_IMAGE] containers/c0'));
  });
  for (const [kind, build] of kinds(namespace, sound)) {
    await report.case(`${kind}: an image that no policy names is refused by the API server alone, one that a policy names is not`, async () => {
      expectDenied(await cluster.api.create(build([`nginx@${DIGEST}`]), { dryRun: true }), '[UNMATCHED_IMAGE]');
      expectDenied(await cluster.api.create(build([sound, `reg.test:5000/acme/a@${LISTED}`]), { dryRun: true }), '[DENY_LISTED]');
      expectAdmitted(await cluster.api.create(build([sound, `GHCR.io/acme/x:v1@${DIGEST}`, `vendor/agent@${DIGEST}`, `quay.io/labelled/x@${DIGEST}`]), { dryRun: true }));
    });
  }
  await report.case('ephemeral containers are held to the same', async () => {
    expectDenied(await debugged(cluster, namespace, sound, [`nginx@${DIGEST}`]), '[UNMATCHED_IMAGE] ephemeralContainers/e0');
    expectAdmitted(await debugged(cluster, namespace, sound, [`ghcr.io/acme/debug@${DIGEST}`]));
  });
  await report.case('a tag in a Pod is refused, in a template it is not, and in a window it is nowhere', async () => {
    expectDenied(await cluster.api.create(podOf(namespace, ['ghcr.io/acme/a:v1']), { dryRun: true }), '[TAG_NOT_PINNED]');
    const deployment = kinds(namespace, sound).find(([kind]) => kind === 'a Deployment')?.[1];
    assert.ok(deployment);
    expectAdmitted(await cluster.api.create(deployment(['ghcr.io/acme/a:v1']), { dryRun: true }));
    expectAdmitted(await cluster.api.create(podOf(namespace, ['ghcr.io/trial/a:v1']), { dryRun: true }));
  });
  await report.case('an update that changes no image passes, whatever image it is; one that brings another does not', async () => {
    await cluster.createNamespace('native-later');
    const old = podOf('native-later', ['nginx:1']);
    expectAdmitted(await cluster.api.create(old));
    await apply(cluster, floorOf([policyFor(['ghcr.io/acme/*'], ['native-later'])], 'floor-later'));
    await until('the floor is in force', async () => expectDenied(await cluster.api.create(podOf('native-later', [`nginx@${DIGEST}`]), { dryRun: true }), '[UNMATCHED_IMAGE]'));
    expectAdmitted(await cluster.api.patch(old, 'strategic-merge', { metadata: { labels: { a: 'b' } } }));
    expectDenied(await cluster.api.patch(old, 'strategic-merge', { spec: { containers: [{ name: 'c0', image: 'nginx:2' }] } }), '[TAG_NOT_PINNED]');
    expectAdmitted(await cluster.api.patch(old, 'strategic-merge', { spec: { containers: [{ name: 'c0', image: `ghcr.io/acme/a@${DIGEST}` }] } }));
  });
}

function podOf(namespace: string, images: readonly string[]): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: metadata(namespace), spec: { containers: containers(images) } };
}

async function alone(report: Report, cluster: Cluster): Promise<void> {
  const namespace = 'native-alone';
  const agent = `docker.io/vendor/agent@${DIGEST}`;
  await report.case('the engine of the API server passes strict server-side validation and is in force', async () => {
    await cluster.createNamespace(namespace);
    const soon = new Date(Date.now() - 1000).toISOString();
    const documents = [exemptionOf('docker.io/vendor/agent', [namespace]), exemptionOf('docker.io/vendor/over', [namespace], { until: soon }), denying(LISTED, [namespace])];
    await apply(cluster, nativeEngine({ name: 'native-test' }).render({ documents, trustRoots: [] }));
    await until('an image of nobody is refused', async () => expectDenied(await cluster.api.create(podOf(namespace, [`nginx@${DIGEST}`]), { dryRun: true }), '[UNMATCHED_IMAGE]'));
  });
  for (const [kind, build] of kinds(namespace, agent)) {
    await report.case(`${kind}: only exempted digests pass`, async () => {
      expectAdmitted(await cluster.api.create(build([agent, `index.docker.io/vendor/agent:v1@${DIGEST}`]), { dryRun: true }));
      expectDenied(await cluster.api.create(build([agent, agent.replace('a1', 'c3')]), { dryRun: true }), '[UNMATCHED_IMAGE]');
      expectDenied(await cluster.api.create(build([agent, 'docker.io/vendor/agent:v1']), { dryRun: true }), '[TAG_NOT_PINNED]');
    });
  }
  await report.case('an exemption that is over admits no new Pod', async () => {
    expectDenied(await cluster.api.create(podOf(namespace, [`docker.io/vendor/over@${DIGEST}`]), { dryRun: true }), '[UNMATCHED_IMAGE]');
    expectAdmitted(await cluster.api.create(podOf(namespace, [agent]), { dryRun: true }));
  });
}

const ENTRIES = 500;
const IMAGES = 100;

async function cost(report: Report, cluster: Cluster): Promise<void> {
  const [byName, byDigest] = ['native-names', 'native-digests'];
  const names = Array.from({ length: ENTRIES }, (_, index) => `registry.corp.example:5000/department-of-long-names/team-${index}/service-with-a-name`);
  const digest = (index: number): string => `sha256:${index.toString(16).padStart(64, '1')}`;
  const patterns = names.map((name, index) => (index % 3 === 0 ? name : index % 3 === 1 ? `${name}/*` : `${name}/**`));
  const last = (index: number): string => `${names[index] ?? ''}${index % 3 === 0 ? '' : '/x'}@${digest(index)}`;
  await report.case(`a floor of ${ENTRIES} patterns and an engine of ${ENTRIES} digests are taken by the API server`, async () => {
    await cluster.createNamespace(byName);
    await cluster.createNamespace(byDigest);
    await apply(cluster, floorOf([policyFor(patterns, [byName])], 'floor-cost'));
    await apply(cluster, nativeEngine({ name: 'native-cost' }).render({
      documents: names.map((name, index) => ({ ...exemptionOf(name, [byDigest], { digests: [digest(index)] }), metadata: { name: `exemption-${index}` } })), trustRoots: [],
    }));
    for (const namespace of [byName, byDigest]) {
      await until('an image of nobody is refused', async () => expectDenied(await cluster.api.create(podOf(namespace, [`nginx@${DIGEST}`]), { dryRun: true }), '[UNMATCHED_IMAGE]'));
    }
  });
  for (const [namespace, imageAt] of [[byName, last], [byDigest, (index: number): string => `${names[index] ?? ''}@${digest(index)}`]] as const) {
    const images = Array.from({ length: IMAGES }, (_, index) => imageAt(ENTRIES - 1 - index));
    const bad = [...images.slice(1), `registry.corp.example:5000/department-of-long-names/team-x/service-with-a-name@${digest(1)}`];
    for (const [kind, build] of kinds(namespace, images[0] ?? '')) {
      await report.case(`${namespace}, ${kind}: ${IMAGES} images stay below the API server's limits, in both directions`, async () => {
        expectAdmitted(await cluster.api.create(build(images), { dryRun: true }));
        expectDenied(await cluster.api.create(build(bad), { dryRun: true }), '[UNMATCHED_IMAGE]');
      });
    }
  }
  await report.case(`${IMAGES} ephemeral containers stay below the limits, in both directions`, async () => {
    const images = Array.from({ length: IMAGES }, (_, index) => last(index));
    expectAdmitted(await debugged(cluster, byName, last(0), images));
    expectDenied(await debugged(cluster, byName, last(0), [...images, `nginx@${DIGEST}`]), '[UNMATCHED_IMAGE]');
  });
  await report.case(`an update of ${IMAGES} images is compared below the limits`, async () => {
    const images = Array.from({ length: IMAGES }, (_, index) => last(index));
    const deployment = kinds(byName, '').find(([kind]) => kind === 'a Deployment')?.[1](images);
    assert.ok(deployment);
    const stored = expectAdmitted(await cluster.api.create(deployment)) as KubernetesObject & { readonly spec: { readonly template: { readonly spec: object } } };
    const changed = (all: readonly string[]): KubernetesObject => (
      { ...stored, spec: { ...stored.spec, template: { ...stored.spec.template, spec: { ...stored.spec.template.spec, containers: containers(all) } } } }
    );
    expectAdmitted(await cluster.api.update(changed([...images].reverse()), { dryRun: true }));
    expectDenied(await cluster.api.update(changed([...images.slice(1), `nginx@${DIGEST}`]), { dryRun: true }), '[UNMATCHED_IMAGE]');
  });
}
