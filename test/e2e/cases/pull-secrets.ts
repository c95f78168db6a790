import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { KeylessAttestor, NamespaceSelection, SignedImagePolicy, TrustRoot, WebhookVerifier } from '../../../lib';
import { bundleBytes, githubRun, SigstoreWorld, signStatement } from '../../support/sigstore';
import type { KubernetesObject } from '../harness/api';
import { accepted, type Cluster } from '../harness/cluster';
import { attachBundle, pushImage } from '../harness/images';
import { startVerifierPod, VERIFIER_PORT } from '../harness/kubelet';
import type { Credential } from '../harness/pki';
import type { Programs } from '../harness/process';
import { OciRegistry } from '../harness/registry';
import type { Report } from '../harness/report';
import type { Sandbox } from '../harness/sandbox';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';

const HOST = 'private.corp.example';
const [FRONT, STORE, VERIFIER_ADDRESS] = ['10.99.0.31', '10.99.0.32', '10.99.0.33'];
/** Beside the verifier of the other cases, with a webhook configuration of its own. */
const VERIFIER = { namespace: 'proofgate-pull', name: 'pull-verifier' };
const [OURS, THEIRS] = ['pull-ours', 'pull-theirs'];
const PASSWORD = 'of-the-puller';

/** A registry that wants to know who reads is read with the pull Secrets of workloads, by rights that RBAC gives by name. */
export async function pullSecretCases(report: Report, cluster: Cluster, sandbox: Sandbox, programs: Programs): Promise<void> {
  const scene = await report.case('a verifier that reads a registry with pull Secrets of workloads synthesizes, is applied and starts', () => PullScene.start(cluster, sandbox, programs));
  if (!scene) {
    return;
  }
  const { api } = cluster;
  const pod = (namespace: string, secrets: readonly string[], more: { readonly image?: string; readonly serviceAccountName?: string } = {}): KubernetesObject => (
    scene.object('v1', 'Pod', namespace, podSpec(scene.good, secrets, more)));
  const deployment = (secrets: readonly string[], more: { readonly serviceAccountName?: string } = {}): KubernetesObject => scene.object('apps/v1', 'Deployment', OURS, {
    selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } }, spec: podSpec(scene.good, secrets, more) },
  });
  const unavailable = '[REGISTRY_UNAVAILABLE]';

  await report.case('G15: a Pod that names its pull Secret is admitted, one that does not is refused', async () => {
    await scene.putSecret(OURS, 'registry-pull', PASSWORD);
    await until('the webhook is asked and answers', async () => expectAdmitted(await api.create(pod(OURS, ['registry-pull']), { dryRun: true })));
    expectAdmitted(await api.create(pod(OURS, ['registry-pull'])));
    expectDenied(await api.create(pod(OURS, [])), unavailable);
    expectDenied(await api.create(pod(OURS, [])), 'the workload has no credential for it');
    expectDenied(await api.create(pod(OURS, ['registry-pull'], { image: scene.unsigned })), '[NO_SIGNATURE]');
  });
  await report.case('G15: the Secret of another namespace helps nobody; one of its own does', async () => {
    expectDenied(await api.create(pod(THEIRS, ['registry-pull'])), `the pull Secret ${THEIRS}/registry-pull is not there`);
    await scene.putSecret(THEIRS, 'registry-pull', PASSWORD);
    expectAdmitted(await api.create(pod(THEIRS, ['registry-pull'])));
  });
  await report.case('G15: the verifier may read that Secret in these namespaces, and neither another one, nor one elsewhere, nor the list', async () => {
    await scene.putSecret(OURS, 'database', 'x');
    await cluster.createNamespace('pull-elsewhere');
    await scene.putSecret('pull-elsewhere', 'registry-pull', PASSWORD);
    const kubeconfig = await cluster.serviceAccountKubeconfig(VERIFIER.namespace, VERIFIER.name);
    const read = async (namespace: string, ...names: readonly string[]): Promise<string> => {
      const { code, stderr } = await cluster.kubectl.run(['--kubeconfig', kubeconfig, '--namespace', namespace, 'get', 'secrets', ...names]);
      return code === 0 ? 'read' : stderr.includes('Forbidden') || stderr.includes('forbidden') ? 'forbidden' : stderr;
    };
    const asked = [await read(OURS, 'registry-pull'), await read(THEIRS, 'registry-pull'), await read(OURS, 'database'), await read('pull-elsewhere', 'registry-pull'), await read(OURS)];
    assert.deepEqual(asked, ['read', 'read', 'forbidden', 'forbidden', 'forbidden']);
  });
  await report.case('G15: a tag is pinned with the Secret of the Pod, and is not without', async () => {
    const tagged = { image: `${HOST}/acme/app:v1` };
    const admitted = expectAdmitted(await api.create(pod(OURS, ['registry-pull'], tagged))) as KubernetesObject & { readonly spec: { readonly containers: ReadonlyArray<{ readonly image: string }> } };
    assert.equal(admitted.spec.containers[0]?.image, `${tagged.image}@${scene.good.split('@')[1] ?? ''}`);
    expectDenied(await api.create(pod(OURS, [], tagged)), '[TAG_NOT_PINNED]');
  });
  await report.case('G15: the Secret of a service account counts for its Pods; a template has to name it', async () => {
    accepted(await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'builder', namespace: OURS }, imagePullSecrets: [{ name: 'registry-pull' }] }));
    expectAdmitted(await api.create(pod(OURS, [], { serviceAccountName: 'builder' })));
    expectDenied(await api.create(deployment([], { serviceAccountName: 'builder' })), unavailable);
    expectAdmitted(await api.create(deployment(['registry-pull'], { serviceAccountName: 'builder' })));
  });
  await report.case('G15: of two Secrets for the same place the one counts that the registry takes', async () => {
    await scene.putSecret(OURS, 'registry-pull-old', 'of-last-year');
    expectDenied(await api.create(pod(OURS, ['registry-pull-old'])), 'no credential of the workload\'s pull Secrets allows reading');
    expectAdmitted(await api.create(pod(OURS, ['registry-pull-old', 'registry-pull'])));
    expectDenied(await api.create(pod(OURS, ['registry-pull-old'])), unavailable);
  });
  await report.case('G15: a Secret that is taken away counts no longer, though the image was allowed with it', async () => {
    expectAdmitted(await api.create(pod(THEIRS, ['registry-pull'])));
    accepted(await api.delete({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'registry-pull', namespace: THEIRS } }));
    expectDenied(await api.create(pod(THEIRS, ['registry-pull'])), `the pull Secret ${THEIRS}/registry-pull is not there`);
    expectAdmitted(await api.create(pod(OURS, ['registry-pull'])));
  });
  await scene.close();
}

function podSpec(image: string, secrets: readonly string[], more: { readonly image?: string; readonly serviceAccountName?: string }): object {
  const { serviceAccountName, ...other } = more;
  return {
    containers: [{ name: 'main', image, ...other }], ...(secrets.length === 0 ? {} : { imagePullSecrets: secrets.map((name) => ({ name })) }), ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
  };
}

/** The verifier, the registry behind its door, and two images. */
class PullScene {
  static async start(cluster: Cluster, sandbox: Sandbox, programs: Programs): Promise<PullScene> {
    const world = SigstoreWorld.create({ name: 'pull.test' });
    const registry = await OciRegistry.start(sandbox, programs, { address: STORE, port: 80 });
    const image = async (repository: string, isSigned: boolean): Promise<string> => {
      const digest = await pushImage(registry, repository, 'v1');
      if (isSigned) {
        await attachBundle(registry, repository, bundleBytes(world.signKeyless(githubRun(), signStatement(digest))));
      }
      return `${HOST}/${repository}@${digest}`;
    };
    const [good, unsigned] = [await image('acme/app', true), await image('acme/unsigned', false)];
    sandbox.resolve(HOST, FRONT);
    const door = await openDoor(await cluster.issue({ commonName: 'registry', hosts: [HOST] }));
    await cluster.createNamespace(OURS);
    await cluster.createNamespace(THEIRS);
    await cluster.kubectl.apply(synthesize(join(sandbox.folder, 'pull'), world));
    accepted(await cluster.api.create({
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'registry-ca', namespace: VERIFIER.namespace }, data: { 'ca.crt': cluster.authorityCertificate },
    }));
    const verifier = await startVerifierPod(cluster, programs, VERIFIER, VERIFIER_ADDRESS);
    await cluster.setEndpoints(VERIFIER.namespace, VERIFIER.name, [{ address: VERIFIER_ADDRESS, port: VERIFIER_PORT }]);
    return new PullScene(cluster, good, unsigned, async () => {
      for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
        accepted(await cluster.api.delete({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: VERIFIER.name } }));
      }
      await verifier.stop();
      await registry.program.stop();
      door.closeAllConnections();
      door.close();
    });
  }

  private count = 0;

  private constructor(private readonly cluster: Cluster, readonly good: string, readonly unsigned: string, readonly close: () => Promise<void>) {}

  object(apiVersion: string, kind: string, namespace: string, spec: object): KubernetesObject {
    this.count += 1;
    return { apiVersion, kind, metadata: { name: `pull-${this.count}`, namespace }, spec };
  }

  async putSecret(namespace: string, name: string, password: string): Promise<void> {
    const config = { auths: { [HOST]: { username: 'puller', password } } };
    accepted(await this.cluster.api.create({
      apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': Buffer.from(JSON.stringify(config)).toString('base64') },
    }));
  }
}

function synthesize(folder: string, world: SigstoreWorld): string {
  writeFileSync(`${folder}-root.json`, JSON.stringify(world.trustedRoot));
  const app = new App({ outdir: folder });
  const chart = new Chart(app, 'pull');
  const engine = new WebhookVerifier(chart, 'verifier', { ...VERIFIER, registries: [{ host: HOST, caConfigMap: 'registry-ca', pullSecrets: ['registry-pull', 'registry-pull-old'] }] });
  const trustRoot = TrustRoot.pinned(chart, 'corp', { file: `${folder}-root.json` });
  const release = KeylessAttestor.githubWorkflow(chart, 'release', { repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main', trustRoot });
  new SignedImagePolicy(chart, 'apps', { images: [`${HOST}/acme/**`], attestors: [release], namespaces: NamespaceSelection.names(OURS, THEIRS), engine });
  app.synth();
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n---\n');
}

/** Lets through to the registry who says the name and password. */
async function openDoor({ certificate, key }: Credential): Promise<Server> {
  const expected = `Basic ${Buffer.from(`puller:${PASSWORD}`).toString('base64')}`;
  const server = createServer({ cert: certificate, key }, (asked, answer) => {
    if (asked.headers.authorization !== expected) {
      answer.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end();
      return;
    }
    const behind = request({ host: STORE, port: 80, method: asked.method, path: asked.url, headers: { accept: asked.headers.accept } }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    behind.once('error', () => answer.destroy());
    behind.end();
  });
  await once(server.listen(443, FRONT), 'listening');
  return server;
}
