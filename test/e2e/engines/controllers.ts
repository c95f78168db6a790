import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyControllerEngine } from '../../../lib/engines/policy-controller';
import { readManifests } from '../../../lib/cli/manifests/read-manifests';
import { lintManifests } from '../../../lib/refusals';
import { TestRegistry } from '../../support/registry';
import type { ApiAnswer, KubernetesObject } from '../harness/api';
import type { Cluster } from '../harness/cluster';
import { POLICY_CONTROLLER_INSTALLATION, POLICY_CONTROLLER_SAMPLES, POLICY_CONTROLLER_SCHEMAS } from '../harness/policy-controller-schemas';
import type { Program, Programs } from '../harness/process';
import type { Report } from '../harness/report';
import type { Sandbox } from '../harness/sandbox';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { MadeFixtures } from './made-fixtures';
import { asked } from './asked';
import { podWith } from './pod';
import { POLICY_CONTROLLER_VERSION } from './policy-controller';
import { TufMirror } from './tuf-mirror';

const NAMESPACE = 'cosign-system';
const ADDRESS = '10.99.0.31';
const PORT = 8443;
const CALLED = 'admission webhook "policy.sigstore.dev" denied the request';

/** policy-controller itself, asked by a real API server: installed by its own manifests, with what `PolicyControllerEngine` renders for it. */
export async function controllerCases(report: Report, cluster: Cluster, sandbox: Sandbox, programs: Programs, webhook: string): Promise<void> {
  const [registry, mirror] = [await TestRegistry.start(), await TufMirror.start()];
  try {
    await policyControllerCases(report, { cluster, sandbox, programs, webhook, registry, mirror });
  } finally {
    await Promise.all([registry.close(), mirror.stop()]);
  }
}

interface Surroundings {
  readonly cluster: Cluster;
  readonly sandbox: Sandbox;
  readonly programs: Programs;
  readonly webhook: string;
  readonly registry: TestRegistry;
  readonly mirror: TufMirror;
}

async function policyControllerCases(report: Report, surroundings: Surroundings): Promise<void> {
  const { cluster, registry } = surroundings;
  const { api, kubectl } = cluster;
  const all = new MadeFixtures(registry, 'certificate').all();
  const [{ allowed: { policy, pod: signed, trustedRoot = '' } }] = all as [typeof all[number]];
  // One policy for all: another one would have to be waited for, and its verdicts be told from those of the first.
  const fixtures = all.filter(({ allowed, denied }) => [allowed, denied].every((question) => JSON.stringify(question.policy) === JSON.stringify(policy)));
  const engine = policyControllerEngine({ name: 'proofgate', version: POLICY_CONTROLLER_VERSION, namespace: NAMESPACE, trustRoot: 'test' });
  const rendered = engine.render({ documents: [policy], trustRoots: [] });
  const tried = (object: unknown): Promise<ApiAnswer> => api.create(object as KubernetesObject, { dryRun: true });

  const controller = await report.case('policy-controller starts beside its own installation', async () => {
    for (const path of [...POLICY_CONTROLLER_SCHEMAS, ...POLICY_CONTROLLER_INSTALLATION]) {
      await kubectl.apply(readFileSync(path, 'utf8'));
    }
    await cluster.setEndpoints(NAMESPACE, 'webhook', [{ address: ADDRESS, port: PORT }]);
    await until('the ConfigMap is taken', () => kubectl.apply(JSON.stringify(rendered.find(({ kind }) => kind === 'ConfigMap'))));
    return startController(surroundings, trustedRoot);
  });
  if (controller === undefined) {
    return;
  }

  await report.case('its webhook takes what is rendered', async () => {
    await cluster.createNamespace('shop', { 'policy.sigstore.dev/include': 'true', 'team': 'shop' });
    await until('its webhook answers', () => kubectl.apply(rendered.map((object) => JSON.stringify(object)).join('\n---\n')), { timeoutMs: 60_000, unless: () => controller.obituary });
  });

  await report.case('the signed Pod runs, the unsigned one does not', async () => {
    // Its configurations are installed without rules, and without the authority of its certificate: it fills in both when it has started.
    await until('it is asked', async () => expectDenied(await tried(fixtures[0]?.denied.pod), CALLED), { timeoutMs: 60_000, unless: () => controller.obituary });
    await until('the policy is known', async () => void expectAdmitted(await tried(signed)), { timeoutMs: 60_000, unless: () => controller.obituary });
    expectDenied(await tried(fixtures[0]?.denied.pod), CALLED);
  });

  for (const { id, about, allowed, denied, stricter } of fixtures) {
    await report.case(`${id} ${about}`, async () => {
      const [good, bad] = [await asked(cluster, allowed.pod), await asked(cluster, denied.pod)];
      if (stricter?.['policy-controller'] === undefined) {
        expectAdmitted(good);
      } else {
        expectDenied(good, 'ValidatingAdmissionPolicy');
      }
      expectDenied(bad, '');
      console.log(`      refused by ${bad.message.includes(CALLED) ? 'policy-controller' : bad.message.includes('proofgate-floor') ? 'the floor' : bad.message}`);
    });
  }

  await report.case('tags are pinned, also in templates', async () => {
    const image = (signed['spec'] as { readonly containers: ReadonlyArray<{ readonly image: string }> }).containers[0]?.image ?? '';
    const [name = '', digest = ''] = image.split('@');
    strictEqual(registry.pushImage(name.slice(registry.host.length + 1), 'image 2, signed by a certificate', 'v1'), digest);
    const { spec } = podWith({ containers: [`${name}:v1`] });
    const labels = { app: 'shop' };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'shop' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } };
    for (const object of [podWith({ containers: [`${name}:v1`] }), deployment]) {
      ok(JSON.stringify(expectAdmitted(await tried(object))['spec']).includes(`@${digest}"`));
    }
  });

  await report.case('the label of the namespace stays, and where it is missing nothing runs', async () => {
    const shop: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    expectDenied(await api.patch(shop, 'merge', { metadata: { labels: { 'policy.sigstore.dev/include': null } } }), 'has to stay "true"');
    await cluster.createNamespace('forgotten');
    const elsewhere = { ...signed, metadata: { ...signed.metadata, namespace: 'forgotten' } };
    await until('the floor is in force', async () => expectDenied(await tried(elsewhere), '[UNSUPPORTED] The namespace has no label'));
  });

  await report.case('its webhook says of the policies of its own tests what the library says', () => samples(cluster));

  await report.case('while it is down nothing runs that it would have to judge', async () => {
    await controller.stop('SIGKILL');
    expectDenied(await tried(signed), 'failed calling webhook "policy.sigstore.dev"');
    const again = await startController(surroundings, trustedRoot);
    await until('it is back', async () => void expectAdmitted(await tried(signed)), { timeoutMs: 60_000, unless: () => again.obituary });
  });
}

/** The process of its Deployment, with the arguments for another mirror of The Update Framework, and the rights of its account. */
async function startController({ cluster, sandbox, programs, webhook, mirror }: Surroundings, trustedRoot: string): Promise<Program> {
  const files = { root: join(sandbox.folder, 'tuf-root.json'), authority: join(sandbox.folder, 'tuf-mirror.pem') };
  const source = mirror.serve(trustedRoot);
  writeFileSync(files.root, JSON.stringify(source.root));
  writeFileSync(files.authority, mirror.certificate);
  return programs.start({
    name: 'policy-controller',
    command: webhook,
    args: ['-tuf-mirror', source.mirror, '-tuf-root', files.root],
    env: {
      KUBECONFIG: await cluster.serviceAccountKubeconfig(NAMESPACE, 'webhook'), SYSTEM_NAMESPACE: NAMESPACE, CONFIG_LOGGING_NAME: 'config-logging', METRICS_DOMAIN: 'sigstore.dev/policy',
      WEBHOOK_NAME: 'webhook', KUBERNETES_MIN_VERSION: '1.21.0', HOME: sandbox.folder, SSL_CERT_FILE: files.authority,
    },
  });
}

/** How keys at Amazon are named is left to policy-controller. */
const UNREAD = ['invalid/invalid-keyref-awskms.yaml', 'invalid/v1beta1-invalid-keyref-awskms.yaml'];

/** Each of its own valid and invalid policies: the library finds it invalid where the webhook refuses it. */
async function samples({ api }: Cluster): Promise<void> {
  const different: string[] = [];
  const [older] = await readManifests(join(POLICY_CONTROLLER_SAMPLES, 'valid/v1beta1-valid-policy.yaml'));
  await until('versions are converted', async () => void expectAdmitted(await api.create(older?.value as KubernetesObject, { dryRun: true })));
  for (const folder of ['valid', 'invalid', 'e2e']) {
    for (const file of readdirSync(join(POLICY_CONTROLLER_SAMPLES, folder)).sort()) {
      for (const { value } of await readManifests(join(POLICY_CONTROLLER_SAMPLES, folder, file))) {
        const object = value as KubernetesObject;
        if (object.kind === 'ClusterImagePolicy') {
          const { status, message } = await api.create(object, { dryRun: true });
          // An empty list of authorities is a hole to the library, since the configuration may let it pass.
          const said = lintManifests([object], Date.now()).filter(({ code, path }) => code === 'POLICY_CONTROLLER_INVALID' || (code === 'POLICY_CONTROLLER_PERMISSIVE' && path === 'spec.authorities'))
            .map((finding) => finding.message);
          if ((status >= 400 && !UNREAD.includes(`${folder}/${file}`)) !== (said.length > 0)) {
            different.push(`${folder}/${file}: HTTP ${status} ${message}; the library: ${said.join('; ') || 'valid'}`);
          }
        }
      }
    }
  }
  deepStrictEqual(different, []);
}
