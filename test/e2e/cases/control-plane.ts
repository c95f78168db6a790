import assert from 'node:assert/strict';
import { once } from 'node:events';
import { accessSync, constants, realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { dirname } from 'node:path';
import { json } from 'node:stream/consumers';
import type { KubernetesObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import type { Credential } from '../harness/pki';
import type { Programs } from '../harness/process';
import { OciRegistry, type RegistryKind } from '../harness/registry';
import type { Report } from '../harness/report';
import type { Sandbox } from '../harness/sandbox';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';

const ADDRESS = '10.99.0.11';
const PORT = 8443;

/** That what the other cases stand on can say yes and no. */
export async function controlPlaneCases(report: Report, cluster: Cluster, sandbox: Sandbox, programs: Programs): Promise<void> {
  const serving = await cluster.issue({ commonName: 'webhook', hosts: ['webhook.probe.svc'] });
  const webhook = await startWebhook(serving);

  await report.case('what the machine has in /etc cannot be changed from inside the sandbox', () => {
    for (const path of [realpathSync('/etc/passwd'), dirname(realpathSync('/etc/passwd'))]) {
      assert.match(path, new RegExp(`^${sandbox.folder}/`));
      assert.throws(() => accessSync(path, constants.W_OK), /EROFS/);
    }
    return Promise.resolve();
  });
  await report.case('strict validation refuses a manifest with an unknown field', async () => {
    const misspelt = `${manifests(cluster.authorityCertificate)}\n  timeOutSeconds: 3\n`;
    await assert.rejects(cluster.kubectl.apply(misspelt), /timeOutSeconds: field not declared in schema/);
  });
  await report.case('a webhook behind a Service is asked, and what it denies is refused', async () => {
    await cluster.kubectl.apply(manifests(cluster.authorityCertificate));
    await cluster.setEndpoints('probe', 'webhook', [{ address: ADDRESS, port: PORT }]);
    await until('a Pod is denied', async () => expectDenied(await cluster.api.create(pod('bad', 'deny'), { dryRun: true }), 'probe says no'));
  });
  await report.case('what the webhook allows is admitted, for a user that RBAC allows', async () => {
    expectAdmitted(await cluster.api.create(pod('good', 'allow')));
    expectDenied(await cluster.api.as('mallory').create(pod('good-2', 'allow')), 'cannot create resource');
    expectAdmitted(await cluster.api.as('alice', ['system:masters']).create(pod('good-2', 'allow'), { dryRun: true }));
  });
  for (const [kind, listed] of Object.entries({ 'referrers': 1, 'partial-referrers': 1, 'fallback': 0 })) {
    await report.case(`a registry of kind ${kind} has a host name of its own and keeps what is pushed`, async () => {
      const tls = await cluster.issue({ commonName: 'registry', hosts: ['registry.example'] });
      sandbox.resolve('registry.example', '10.99.0.20');
      const registry = await OciRegistry.start(sandbox, programs, { kind: kind as RegistryKind, address: '10.99.0.20', port: 443, tls });
      const image = await pushManifest(registry);
      await pushManifest(registry, image);
      const answer = await registry.send('GET', `https://registry.example/v2/acme/app/referrers/${image.digest}`);
      assert.equal(answer.status === 200 ? (JSON.parse(answer.body) as { manifests: unknown[] }).manifests.length : 0, listed, answer.body);
      assert.equal(await registry.program.stop(), 'signal SIGTERM');
    });
  }
  await report.case('a token of a ServiceAccount carries its rights and no more', async () => {
    await cluster.createDefaultServiceAccount('probe');
    const kubeconfig = await cluster.serviceAccountKubeconfig('probe', 'default');
    const answer = await cluster.kubectl.run(['--kubeconfig', kubeconfig, 'get', 'secrets']);
    assert.match(answer.stderr, /"system:serviceaccount:probe:default" cannot list resource "secrets"/);
  });
  await report.case('with the webhook stopped the same Pod is refused', async () => {
    webhook.closeAllConnections();
    await once(webhook.close(), 'close');
    expectDenied(await cluster.api.create(pod('good-3', 'allow')), 'failed calling webhook "pods.probe.test"');
  });
  await cluster.api.delete({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'probe' } });
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

async function pushManifest(registry: OciRegistry, subject?: Descriptor): Promise<Descriptor> {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: await registry.pushBlob('acme/app', Buffer.from('{}')), size: 2 };
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, artifactType: 'text/plain', config, layers: [config], subject }));
  return { mediaType, digest: await registry.pushManifest('acme/app', mediaType, manifest), size: manifest.length };
}

interface Review {
  readonly request: { readonly uid: string; readonly object: { readonly metadata: { readonly labels: { readonly verdict: string } } } };
}

/** Allows what its label asks to allow. */
async function startWebhook(serving: Credential): Promise<Server> {
  const server = createServer({ cert: serving.certificate, key: serving.key }, (request, response) => {
    json(request).then((review) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(reviewed(review as Review)));
    }, (error: Error) => response.destroy(error));
  });
  await once(server.listen(PORT, ADDRESS), 'listening');
  return server;
}

function reviewed({ request: { uid, object } }: Review): object {
  const allowed = object.metadata.labels.verdict === 'allow';
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed, status: { message: 'probe says no' } } };
}

function pod(name: string, verdict: string): KubernetesObject {
  const spec = { containers: [{ name: 'main', image: 'ghcr.io/acme/app' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels: { verdict } }, spec };
}

function manifests(authority: string): string {
  return `apiVersion: v1
kind: Namespace
metadata: {name: probe}
---
apiVersion: v1
kind: Service
metadata: {name: webhook, namespace: probe}
spec:
  ports: [{name: https, port: 443, targetPort: https}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: probe}
webhooks:
- name: pods.probe.test
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Fail
  timeoutSeconds: 5
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  clientConfig:
    service: {name: webhook, namespace: probe, path: /validate}
    caBundle: ${Buffer.from(authority).toString('base64')}`;
}
