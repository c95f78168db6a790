import { deepStrictEqual, strictEqual } from 'node:assert';
import { faults, TestRegistry } from '../../support/registry';
import type { ApiAnswer, KubernetesObject } from '../harness/api';
import { accepted, type Cluster } from '../harness/cluster';
import type { Report } from '../harness/report';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { asked } from './asked';
import type { Fixture } from './fixture';
import { REFUSED } from './kyverno-scene';
import { imagesOf, podWith } from './pod';

/** Tags, templates, updates, and what is being deleted, where a policy wants a signature. */
export async function kyvernoWorkloadCases(report: Report, cluster: Cluster, registry: TestRegistry, { allowed, denied }: Fixture): Promise<void> {
  const { api } = cluster;
  const namespace = allowed.pod.metadata.namespace ?? '';
  const [signed = '', unsigned = ''] = [allowed, denied].flatMap(({ pod }) => imagesOf(pod).containers);
  const [name = '', digest = ''] = signed.split('@');
  const repository = name.slice(registry.host.length + 1);
  const tried = (object: KubernetesObject): Promise<ApiAnswer> => api.create(object, { dryRun: true });
  const running = (called: string): KubernetesObject => ({ ...podWith({ containers: [signed], namespace }), metadata: { name: called, namespace } });
  const setImage = (pod: KubernetesObject, image: string): Promise<ApiAnswer> => api.patch(pod, 'strategic-merge', { spec: { containers: [{ name: 'main-0', image }] } }, { dryRun: true });
  const debug = async (pod: KubernetesObject, image: string): Promise<ApiAnswer> => {
    const stored = accepted(await api.get(pod));
    return api.update({ ...stored, spec: { ...stored['spec'] as object, ephemeralContainers: [{ name: 'debug', image }] } }, { subresource: 'ephemeralcontainers', dryRun: true });
  };

  await report.case('tags of Pods are pinned in every list, and judged by what they are pinned to', async () => {
    for (const [tag, image] of [['signed', signed], ['unsigned', unsigned]] as const) {
      const manifest = registry.repository(repository).tryGet(image.slice(image.indexOf('@') + 1));
      registry.repository(repository).pushManifest(manifest?.bytes ?? {}, manifest?.mediaType, tag);
    }
    const everywhere = (tag: string): KubernetesObject => podWith({ namespace, containers: [signed, `${name}:${tag}`], initContainers: [`${name}:${tag}`] });
    const debugged = (tag: string): KubernetesObject => podWith({ namespace, containers: [signed], ephemeralContainers: [`${name}:${tag}`] });
    const pinned = expectAdmitted(await tried(everywhere('signed')));
    deepStrictEqual([imagesIn(pinned, 'containers'), imagesIn(pinned, 'initContainers')], [[signed, `${name}:signed@${digest}`], [`${name}:signed@${digest}`]]);
    deepStrictEqual(imagesIn(expectAdmitted(await asked(cluster, debugged('signed'))), 'ephemeralContainers'), [`${name}:signed@${digest}`]);
    expectDenied(await tried(everywhere('unsigned')), `${REFUSED}[NO_SIGNATURE] ${name}:unsigned@sha256:`);
    expectDenied(await asked(cluster, debugged('unsigned')), `${REFUSED}[NO_SIGNATURE] ${name}:unsigned@sha256:`);
  });

  await report.case('a tag that cannot be pinned is refused: nobody has it, or it stands in an image volume', async () => {
    expectDenied(await tried(podWith({ namespace, containers: [`${name}:nothing`] })), 'failed to update digest');
    expectDenied(await tried(podWith({ namespace, containers: [signed], volumes: [`${name}:signed`] })), '[TAG_NOT_PINNED]');
    expectAdmitted(await tried(podWith({ namespace, containers: [signed], volumes: [signed] })));
  });

  await report.case('templates are not verified, their Pods are; what no policy names the floor refuses in templates as well', async () => {
    const deployment = (image: string): KubernetesObject => ({
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace },
      spec: { selector: { matchLabels: { app: 'shop' } }, template: { metadata: { labels: { app: 'shop' } }, spec: podWith({ containers: [image] })['spec'] } },
    });
    expectAdmitted(await tried(deployment(unsigned)));
    expectDenied(await tried(deployment(`ghcr.io/other/app@${digest}`)), 'proofgate-kyverno-floor');
    expectDenied(await tried(podWith({ namespace, containers: [unsigned] })), `${REFUSED}[NO_SIGNATURE]`);
  });

  await report.case('an update that brings an image is verified; one that brings none needs no registry', async () => {
    const pod = running('updated');
    accepted(await api.create(pod));
    expectDenied(await setImage(pod, unsigned), `${REFUSED}[NO_SIGNATURE]`);
    expectAdmitted(await setImage(pod, `${name}:signed`));
    const back = registry.fault(/./, faults.status(503));
    try {
      expectAdmitted(await api.patch(pod, 'merge', { metadata: { labels: { team: 'shop' } } }, { dryRun: true }));
      expectDenied(await setImage(pod, `${name}:signed@${digest}`), '503');
      expectDenied(await tried(running('created')), '503');
    } finally {
      back();
    }
    expectAdmitted(await tried(running('created')));
  });

  await report.case('what is being deleted is verified like anything else', async () => {
    const pod = running('leaving');
    accepted(await api.create({ ...pod, metadata: { ...pod.metadata, finalizers: ['acme.example/hold'] } }));
    await api.delete(pod);
    strictEqual(typeof accepted(await api.get(pod)).metadata['deletionTimestamp'], 'string');
    expectDenied(await debug(pod, unsigned), `${REFUSED}[NO_SIGNATURE]`);
    expectDenied(await setImage(pod, unsigned), `${REFUSED}[NO_SIGNATURE]`);
    expectAdmitted(await debug(pod, signed));
    expectAdmitted(await api.patch(pod, 'merge', { metadata: { finalizers: null } }));
  });
}

function imagesIn({ spec }: KubernetesObject, list: 'containers' | 'initContainers' | 'ephemeralContainers'): string[] {
  return (spec as { readonly [list: string]: ReadonlyArray<{ readonly image: string }> | undefined })[list]?.map(({ image }) => image) ?? [];
}
