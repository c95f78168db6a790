import { deepStrictEqual, ok } from 'node:assert';
import { kyvernoEngine } from '../../../lib/engines/kyverno';
import type { Manifest } from '../../../lib/engines/manifest';
import type { ImageValidatingPolicySpec } from '../../../lib/kubernetes/kyverno/policy';
import { TestRegistry } from '../../support/registry';
import { accepted, type Cluster } from '../harness/cluster';
import { installKyverno, KYVERNO_NAMESPACE } from '../harness/kyverno-installation';
import type { Programs } from '../harness/process';
import type { Report } from '../harness/report';
import type { Sandbox } from '../harness/sandbox';
import { until } from '../harness/until';
import { expectAdmitted, expectDenied } from '../harness/verdict';
import { asked } from './asked';
import { KYVERNO_VERSION } from './kyverno';
import { kyvernoNamespaceCases } from './kyverno-namespace-cases';
import { kyvernoOutageCases } from './kyverno-outage-cases';
import { KyvernoProcess } from './kyverno-process';
import { REFUSED, sceneOf, yaml } from './kyverno-scene';
import { kyvernoWorkloadCases } from './kyverno-workload-cases';
import { MadeFixtures } from './made-fixtures';
import { TufMirror } from './tuf-mirror';

const INSTALLATION = { name: 'proofgate', version: KYVERNO_VERSION, namespace: KYVERNO_NAMESPACE, timeoutSeconds: 30 };

/**
 * Kyverno itself, asked by a real API server: installed by its own manifests, with what `KyvernoEngine` renders for it.
 *
 * One policy for all fixtures, each of their documents in a namespace of its own: another one would have to be waited for.
 */
export async function kyvernoControllerCases(report: Report, cluster: Cluster, sandbox: Sandbox, programs: Programs, binary: string): Promise<void> {
  const [registry, mirror] = [await TestRegistry.start(), await TufMirror.start()];
  const { api, kubectl } = cluster;
  try {
    const certificates = new MadeFixtures(registry, 'certificate').all();
    const scene = sceneOf([...new MadeFixtures(registry, 'key').all(), ...certificates]);
    const [first] = scene.fixtures;
    const trustRoots = [{ name: 'test', json: JSON.stringify(mirror.serve(certificates[0]?.allowed.trustedRoot ?? '')) }];
    const rendered = kyvernoEngine(INSTALLATION).render({ documents: scene.documents, trustRoots });

    const kyverno = await report.case('Kyverno starts beside its own installation', async () => {
      const process = new KyvernoProcess(cluster, sandbox, programs, binary, await installKyverno(cluster), mirror.certificate);
      await process.start();
      return process;
    });
    if (kyverno === undefined || first === undefined) {
      return;
    }

    await report.case('its webhook takes what is rendered, with every field of it', async () => {
      for (const name of scene.namespaces) {
        await cluster.createNamespace(name);
      }
      await until('its webhook answers', () => kubectl.apply(yaml(rendered)), kyverno.patience);
      const policy = rendered.find(({ kind }) => kind === 'ImageValidatingPolicy') as Manifest;
      deepStrictEqual(accepted(await api.get(policy))['spec'], JSON.parse(JSON.stringify(policy['spec'])));
    });

    await report.case('the signed Pod runs, the unsigned one does not', async () => {
      await until('it is asked', async () => expectDenied(await api.create(first.denied.pod, { dryRun: true }), `${REFUSED}[NO_SIGNATURE]`), kyverno.patience);
      expectAdmitted(await api.create(first.allowed.pod, { dryRun: true }));
    });

    await report.case('it registers what the policy says: fail closed, for Pods and ephemeral containers, in its namespaces and in no others', () => registered(cluster, rendered));

    for (const { id, about, allowed, denied } of scene.fixtures) {
      await report.case(`${id} ${about}`, async () => {
        // The second time it answers from what it remembers.
        for (const time of [1, 2]) {
          expectAdmitted(await asked(cluster, allowed.pod));
          const answer = await asked(cluster, denied.pod);
          expectDenied(answer, '');
          const [by, why = ''] = answer.message.split(/ denied (?:the )?request: (?:Policy proofgate )?/);
          ok(by?.includes('"ivpol.') === true || by?.includes('\'proofgate-kyverno-floor\'') === true);
          console.log(time === 1 ? `      refused by ${by.includes('"ivpol.') ? 'Kyverno' : 'the floor'}: ${why.slice(0, 150)}` : '      and again');
        }
      });
    }

    await kyvernoWorkloadCases(report, cluster, registry, first);
    await kyvernoNamespaceCases(report, cluster, kyverno, first, scene.namespaces);
    await kyvernoOutageCases(report, cluster, kyverno, first);
  } finally {
    await Promise.all([registry.close(), mirror.stop()]);
  }
}

/** An entry of a webhook configuration. */
interface Entry {
  readonly [field: string]: unknown;
  readonly namespaceSelector: { readonly matchExpressions: readonly object[] };
}

async function registered({ api }: Cluster, rendered: readonly Manifest[]): Promise<void> {
  const { matchConditions, matchConstraints: { namespaceSelector, resourceRules } } = rendered.find(({ kind }) => kind === 'ImageValidatingPolicy')?.['spec'] as ImageValidatingPolicySpec;
  for (const [kind, phase] of [['validatingwebhookconfigurations', 'validate'], ['mutatingwebhookconfigurations', 'mutate']] as const) {
    const { items } = accepted(await api.send('GET', `/apis/admissionregistration.k8s.io/v1/${kind}`)) as unknown as { readonly items: ReadonlyArray<{ readonly webhooks?: readonly Entry[] }> };
    const [entry, ...others] = items.flatMap(({ webhooks = [] }) => webhooks).filter((webhook) => String(webhook['name']).startsWith('ivpol.'));
    ok(entry !== undefined && others.length === 0);
    deepStrictEqual({
      name: entry['name'], failurePolicy: entry['failurePolicy'], timeoutSeconds: entry['timeoutSeconds'], matchPolicy: entry['matchPolicy'], objectSelector: entry['objectSelector'],
      rules: entry['rules'], matchConditions: entry['matchConditions'], expressions: entry.namespaceSelector.matchExpressions,
    }, {
      name: `ivpol.${phase}.kyverno.svc-fail-finegrained-proofgate`, failurePolicy: 'Fail', timeoutSeconds: INSTALLATION.timeoutSeconds, matchPolicy: 'Equivalent', objectSelector: {},
      rules: resourceRules.map((rule) => ({ ...rule, scope: '*' })), matchConditions,
      // What its own configuration adds.
      expressions: [...namespaceSelector.matchExpressions, ...['kube-system', KYVERNO_NAMESPACE].map((name) => ({ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [name] }))],
    });
  }
}
