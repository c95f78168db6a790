import { ApiObject, App, Chart, JsonPatch, Lazy, ResolutionContext } from 'cdk8s';
import { Construct } from 'constructs';
import { Attempt, changed, describeAttempts, failurePolicies, FOLDERS, treeIn, webhookConfiguration } from './attempts';
import { SignedImagePolicy } from '../../lib';
import { createApp, createAttestor, createTree, find, Tree, WAYS, Written } from './tree';

/** Of the webhook configuration, by its path. */
const ALTERED_WEBHOOK = /\[ALTERED\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: /;

const ATTEMPTS: readonly Attempt[] = [
  {
    attempt: 'a JSON patch sets failurePolicy to Ignore',
    attack: (tree) => find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore')),
    refused: /\[FAILURE_POLICY\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: .*Ignore/,
    harmless: 'a JSON patch adds an annotation',
    twin: () => changed((tree) => find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.add('/metadata/annotations', { team: 'platform' }))),
  },
  {
    attempt: 'a JSON patch takes the webhooks out',
    attack: (tree) => find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.remove('/webhooks')),
    refused: /\[NOTHING_ENFORCED\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: .*webhooks/,
    harmless: 'a JSON patch takes an added label out again',
    twin: () => changed((tree) => {
      find(tree, 'ValidatingWebhookConfiguration').metadata.addLabel('team', 'platform');
      find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.remove('/metadata/labels/team'));
    }),
  },
  {
    attempt: 'a JSON patch takes the metadata out',
    attack: (tree) => find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.remove('/metadata')),
    refused: /^(?![^]*FOREIGN_WEBHOOK)[^]*\[ALTERED\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: metadata/,
    harmless: 'a JSON patch tests the metadata',
    twin: () => changed((tree) => find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.test('/metadata/name', 'proofgate-verifier'))),
  },
  {
    attempt: 'a JSON patch takes a label of the engine away',
    attack: (tree) => find(tree, 'ValidatingAdmissionPolicy').addJsonPatch(JsonPatch.remove('/metadata/labels/app.kubernetes.io~1component')),
    refused: /\[ALTERED\] enforcement\/proofgate-verifier\/ValidatingAdmissionPolicy: metadata\.labels/,
    harmless: 'a JSON patch adds a label',
    twin: () => changed((tree) => find(tree, 'ValidatingAdmissionPolicy').addJsonPatch(JsonPatch.add('/metadata/labels/team', 'platform'))),
  },
  {
    attempt: 'a JSON patch through ApiObject.of(verifier)',
    attack: ({ policy }) => ApiObject.of(policy.engine).addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore')),
    refused: /\[FAILURE_POLICY\]/,
    harmless: 'a JSON patch through ApiObject.of(verifier) that sets what is there',
    twin: () => changed(({ policy }) => ApiObject.of(policy.engine).addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Fail'))),
  },
  {
    attempt: 'a JSON patch through ApiObject.of(policy) rewrites the policy',
    attack: ({ policy }) => ApiObject.of(policy).addJsonPatch(JsonPatch.replace('/data/policy.json', '{}')),
    refused: /\[\w+\] enforcement\/payments: ConfigMap/,
    harmless: 'a label through ApiObject.of(policy)',
    twin: () => changed(({ policy }) => ApiObject.of(policy).metadata.addLabel('team', 'platform')),
  },
  {
    attempt: 'a patch that a later validation adds',
    attack: (tree) => {
      const late = new Construct(tree.chart, 'late');
      late.node.addValidation({
        validate: () => {
          find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore'));
          return [];
        },
      });
    },
    refused: /\[FAILURE_POLICY\]/,
    harmless: 'a later validation that adds a label',
    twin: () => changed((tree) => new Construct(tree.chart, 'late').node.addValidation({
      validate: () => {
        find(tree, 'ValidatingWebhookConfiguration').metadata.addLabel('team', 'platform');
        return [];
      },
    })),
  },
  {
    attempt: 'a resolver of the App rewrites the value',
    tree: () => createTree(appWithResolver((context) => context.value === 'Fail' && context.replaceValue('Ignore'))),
    attack: () => undefined,
    refused: /\[FAILURE_POLICY\]/,
    harmless: 'a resolver of the App looks at the value',
    twin: () => createTree(appWithResolver((context) => context.value === 'Fail')),
  },
  {
    attempt: 'a resolver that is honest until the validations have run',
    tree: () => {
      let seen = 0;
      const tree = createTree(appWithResolver((context) => isFailurePolicy(context) && (seen += 1) > honest && context.replaceValue('Ignore')));
      // What one validation pass looks at, counted in a tree like this one, so that the resolver starts to lie right after it.
      const honest = lookups();
      return tree;
    },
    attack: () => undefined,
    refused: /\[FAILURE_POLICY\]/,
    harmless: 'a resolver that stays honest',
    twin: () => createTree(appWithResolver((context) => context.value === 'Fail' && context.key.length > 99)),
  },
  {
    attempt: 'the private props are taken away',
    attack: (tree) => Object.assign(webhookOf(tree), { props: undefined }),
    refused: ALTERED_WEBHOOK,
    harmless: 'the private props are put back',
    twin: () => changed((tree) => Object.assign(webhookOf(tree), { props: { ...webhookOf(tree).props } })),
  },
  {
    attempt: 'the private props hold what JSON cannot',
    attack: (tree) => Object.assign(webhookOf(tree).props, { generation: 1n }),
    refused: ALTERED_WEBHOOK,
    harmless: 'the private props hold nothing more',
    twin: () => changed((tree) => Object.assign(webhookOf(tree).props, { generation: undefined })),
  },
  {
    attempt: 'the private props cannot be read',
    attack: (tree) => Object.defineProperty(webhookOf(tree), 'props', { get: () => JSON.parse('') as unknown }),
    refused: ALTERED_WEBHOOK,
    harmless: 'the private props are read by a getter',
    twin: () => changed((tree) => {
      const { props } = webhookOf(tree);
      Object.defineProperty(webhookOf(tree), 'props', { get: () => props });
    }),
  },
  {
    attempt: 'the private props are changed',
    attack: (tree) => {
      webhookOf(tree).props.webhooks[0]!.failurePolicy = 'Ignore';
    },
    refused: /\[(?:FAILURE_POLICY|ALTERED)\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration/,
    harmless: 'the private props are read',
    twin: () => changed((tree) => webhookOf(tree).props.webhooks[0]!.failurePolicy),
  },
  {
    attempt: 'the validations are emptied and the value patched',
    attack: (tree) => {
      find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore'));
      emptyValidations(tree);
    },
    refused: /\[FAILURE_POLICY\]/,
    harmless: 'the validations are emptied and a label added',
    twin: () => changed((tree) => {
      find(tree, 'ValidatingWebhookConfiguration').metadata.addLabel('team', 'platform');
      emptyValidations(tree);
    }),
  },
  {
    attempt: 'the validations are emptied and another object weakened',
    attack: (tree) => {
      find(tree, 'Deployment').addJsonPatch(JsonPatch.replace('/spec/replicas', 1));
      emptyValidations(tree);
    },
    refused: /\[REPLICAS\]/,
    harmless: 'the validations are emptied and the other object strengthened',
    twin: () => changed((tree) => {
      find(tree, 'Deployment').addJsonPatch(JsonPatch.replace('/spec/replicas', 5));
      emptyValidations(tree);
    }),
  },
  {
    attempt: 'the webhook is taken out of the tree',
    attack: ({ policy }) => policy.engine.node.tryRemoveChild('ValidatingWebhookConfiguration'),
    refused: /\[REMOVED\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration/,
    harmless: 'a construct of somebody else is taken out of the tree',
    twin: () => changed(({ chart }) => {
      new Construct(chart, 'other');
      chart.node.tryRemoveChild('other');
    }),
  },
  {
    attempt: 'the verifier is taken out of the tree',
    attack: ({ chart }) => chart.node.tryRemoveChild('proofgate-verifier'),
    refused: /\[REMOVED\] enforcement\/proofgate-verifier: /,
    harmless: 'a child that is not there is taken out',
    twin: () => changed(({ chart }) => chart.node.tryRemoveChild('verifier')),
  },
  {
    attempt: 'the policy is taken out of the tree',
    attack: ({ chart }) => chart.node.tryRemoveChild('payments'),
    refused: /\[REMOVED\] enforcement\/payments: /,
    harmless: 'the policy stays',
    twin: () => createTree(),
  },
  {
    attempt: 'the webhook is taken out and the validations are emptied',
    attack: (tree) => {
      tree.policy.engine.node.tryRemoveChild('ValidatingWebhookConfiguration');
      emptyValidations(tree);
    },
    refused: /\[REMOVED\]/,
    harmless: 'the validations are emptied',
    twin: () => changed(emptyValidations),
  },
  {
    attempt: 'toJson of the webhook is called past its seal',
    attack: (tree) => {
      const webhook = find(tree, 'ValidatingWebhookConfiguration');
      (ApiObject.prototype.toJson.call(webhook) as { webhooks: { failurePolicy: string }[] }).webhooks[0]!.failurePolicy = 'Ignore';
    },
    harmless: 'toJson of the webhook is called',
    twin: () => changed((tree) => find(tree, 'ValidatingWebhookConfiguration').toJson() as unknown),
  },
  {
    attempt: 'a second object of the same kind and name',
    attack: ({ chart }) => new ApiObject(chart, 'second', webhookConfiguration('proofgate-verifier', 'somebody')),
    refused: /\[DUPLICATE_OBJECT\] enforcement\/second: /,
    harmless: 'a second object of the same kind and another name',
    twin: () => changed(({ chart }) => new ApiObject(chart, 'second', webhookConfiguration('somebody', 'somebody'))),
  },
  {
    attempt: 'an object that a patch renames to that of the webhook',
    attack: ({ chart }) => new ApiObject(chart, 'second', webhookConfiguration('somebody', 'somebody'))
      .addJsonPatch(JsonPatch.replace('/metadata/name', 'proofgate-verifier')),
    refused: /\[DUPLICATE_OBJECT\] enforcement\/second: /,
    harmless: 'an object that a patch renames to something else',
    twin: () => changed(({ chart }) => new ApiObject(chart, 'second', webhookConfiguration('somebody', 'somebody'))
      .addJsonPatch(JsonPatch.replace('/metadata/name', 'somebody-else'))),
  },
  {
    attempt: 'a webhook configuration of somebody else calls the verifier',
    attack: ({ chart }) => new ApiObject(chart, 'raw', webhookConfiguration('mine', 'proofgate-verifier')),
    refused: /\[FOREIGN_WEBHOOK\] enforcement\/raw: /,
    harmless: 'a webhook configuration of somebody else calls another service',
    twin: () => changed(({ chart }) => new ApiObject(chart, 'raw', webhookConfiguration('mine', 'somebody'))),
  },
  {
    attempt: 'a webhook configuration in another chart calls the verifier',
    attack: ({ app }) => new ApiObject(new Chart(app, 'other'), 'raw', webhookConfiguration('mine', 'proofgate-verifier')),
    refused: /\[FOREIGN_WEBHOOK\] other\/raw: /,
    harmless: 'a webhook configuration in another chart calls another service',
    twin: () => changed(({ app }) => new ApiObject(new Chart(app, 'other'), 'raw', webhookConfiguration('mine', 'somebody'))),
  },
  {
    attempt: 'a chart whose toJson weakens the webhook',
    inert: [FOLDERS],
    tree: () => treeIn(class extends Chart {
      public override toJson(): Written[] {
        return (super.toJson() as Written[]).map((object) => JSON.parse(JSON.stringify(object).replace('"Fail"', '"Ignore"')) as Written);
      }
    }),
    attack: () => undefined,
    refused: /\[FAILURE_POLICY\]/,
    harmless: 'a chart whose toJson adds an object',
    twin: () => treeIn(class extends Chart {
      public override toJson(): Written[] {
        return [...super.toJson() as Written[], { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }];
      }
    }),
  },
  {
    attempt: 'a chart whose toJson leaves the webhook out',
    inert: [FOLDERS],
    tree: () => treeIn(class extends Chart {
      public override toJson(): Written[] {
        return (super.toJson() as Written[]).filter(({ kind }) => kind !== 'ValidatingWebhookConfiguration');
      }
    }),
    attack: () => undefined,
    refused: /\[REMOVED\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: /,
    harmless: 'a chart whose toJson changes the order',
    twin: () => treeIn(class extends Chart {
      public override toJson(): Written[] {
        return (super.toJson() as Written[]).reverse();
      }
    }),
  },
  {
    attempt: 'a chart whose toJson adds a webhook that calls the verifier',
    inert: [FOLDERS],
    tree: () => treeIn(class extends Chart {
      public override toJson(): Written[] {
        return [...super.toJson() as Written[], webhookConfiguration('mine', 'proofgate-verifier')];
      }
    }),
    attack: () => undefined,
    refused: /\[FOREIGN_WEBHOOK\]/,
    harmless: 'a chart whose toJson adds a webhook that calls another service',
    twin: () => treeIn(class extends Chart {
      public override toJson(): Written[] {
        return [...super.toJson() as Written[], webhookConfiguration('mine', 'somebody')];
      }
    }),
  },
  {
    attempt: 'the verifier image is replaced',
    attack: (tree) => find(tree, 'Deployment')
      .addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/image', `evil.example/verifier@sha256:${'a'.repeat(64)}`)),
    refused: /\[\w+\] enforcement\/proofgate-verifier\/Deployment: .*image/,
    harmless: 'the Deployment tolerates a taint',
    twin: () => changed((tree) => find(tree, 'Deployment')
      .addJsonPatch(JsonPatch.add('/spec/template/spec/tolerations', [{ key: 'infra', operator: 'Exists' }]))),
  },
  {
    attempt: 'the verifier is given other arguments',
    attack: (tree) => find(tree, 'Deployment').addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/args/2', '/etc/other.json')),
    refused: /\[POLICY_UNREAD\] enforcement\/proofgate-verifier\/Deployment: .*\/etc\/other\.json/,
    harmless: 'the verifier is given other resources',
    twin: () => changed((tree) => find(tree, 'Deployment')
      .addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/resources/requests/cpu', '2'))),
  },
  {
    attempt: 'an annotation has Argo CD skip the webhook',
    attack: (tree) => find(tree, 'ValidatingWebhookConfiguration').metadata.addAnnotation('argocd.argoproj.io/hook', 'Skip'),
    refused: /\[DEPLOYER_SKIPS\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: .*hook/,
    harmless: 'an annotation has Argo CD apply the webhook in the last wave',
    twin: () => changed((tree) => find(tree, 'ValidatingWebhookConfiguration').metadata.addAnnotation('argocd.argoproj.io/sync-wave', '5')),
  },
  {
    attempt: 'a label has Flux skip the guard',
    attack: (tree) => find(tree, 'ValidatingAdmissionPolicyBinding').metadata.addLabel('kustomize.toolkit.fluxcd.io/reconcile', 'disabled'),
    refused: /\[DEPLOYER_SKIPS\] enforcement\/proofgate-verifier\/ValidatingAdmissionPolicyBinding: /,
    harmless: 'a label has Flux not delete the guard',
    twin: () => changed((tree) => find(tree, 'ValidatingAdmissionPolicyBinding').metadata.addLabel('kustomize.toolkit.fluxcd.io/prune', 'disabled')),
  },
  {
    attempt: 'a Lazy gives the webhook a deletion date',
    attack: (tree) => find(tree, 'ValidatingWebhookConfiguration').metadata.add('deletionTimestamp', Lazy.any({ produce: () => '2026-01-01T00:00:00Z' })),
    refused: /\[OBJECT_LIFETIME\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: metadata\.deletionTimestamp/,
    harmless: 'a Lazy gives an annotation',
    twin: () => changed((tree) => find(tree, 'ValidatingWebhookConfiguration').metadata
      .addAnnotation('team', Lazy.any({ produce: () => 'platform' }) as string)),
  },
  {
    attempt: 'an annotation ends the webhook\'s document where kubectl sees the end of a line',
    attack: (tree) => find(tree, 'ValidatingWebhookConfiguration').metadata.addAnnotation('acme.example/change', 'fix\u2028  name:\u2028    proofgate-verifier\u2028---'),
    refused: /\[AMBIGUOUS_YAML\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: metadata\.annotations\["acme\.example\/change"\] holds U\+2028/,
    harmless: 'an annotation has lines that all see',
    twin: () => changed((tree) => find(tree, 'ValidatingWebhookConfiguration').metadata.addAnnotation('acme.example/change', 'fix\n  name:\n    proofgate-verifier\n---')),
  },
  {
    attempt: 'an annotation ends the policy\'s document',
    attack: ({ policy }) => ApiObject.of(policy).metadata.addAnnotation('change', 'fix\u2029---'),
    refused: /\[AMBIGUOUS_YAML\] enforcement\/payments: metadata\.annotations\.change holds U\+2029/,
    harmless: 'an annotation of the policy has lines that all see',
    twin: () => changed(({ policy }) => ApiObject.of(policy).metadata.addAnnotation('change', 'fix\n---')),
  },
  {
    attempt: 'a label of the chart is none to Kubernetes, which would reject every object',
    tree: () => treeLabelled('payments & co'),
    attack: () => undefined,
    refused: /\[OBJECT_NAME\] [\w/-]+: metadata\.labels\["change"\]: The value is "payments & co"/,
    harmless: 'a label of the chart is one to Kubernetes',
    twin: () => treeLabelled('payments-co'),
  },
  {
    attempt: 'a JSON patch opens the network policy',
    attack: (tree) => find(tree, 'NetworkPolicy').addJsonPatch(JsonPatch.add('/spec/egress/-', {})),
    refused: /\[ALTERED\] enforcement\/proofgate-verifier\/NetworkPolicy: spec\.egress\[2\]/,
    harmless: 'a JSON patch annotates the network policy',
    twin: () => changed((tree) => find(tree, 'NetworkPolicy').addJsonPatch(JsonPatch.add('/metadata/annotations', { team: 'platform' }))),
  },
  {
    attempt: 'a JSON patch adds a label to the Pods, at which somebody may put something beside the verifier',
    attack: (tree) => find(tree, 'Deployment').addJsonPatch(JsonPatch.add('/spec/template/metadata/labels/sidecar.istio.io~1inject', 'true')),
    refused: /\[ALTERED\] enforcement\/proofgate-verifier\/Deployment: spec\.template\.metadata\.labels/,
    harmless: 'a JSON patch adds an annotation to the Pods',
    twin: () => changed((tree) => find(tree, 'Deployment').addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations', { team: 'platform' }))),
  },
  {
    attempt: 'a JSON patch lets every replica be evicted',
    attack: (tree) => find(tree, 'PodDisruptionBudget').addJsonPatch(JsonPatch.replace('/spec/maxUnavailable', '67%')),
    refused: /\[DISRUPTION_BUDGET\] enforcement\/proofgate-verifier\/PodDisruptionBudget: /,
    harmless: 'a JSON patch lets two replicas be evicted',
    twin: () => changed((tree) => find(tree, 'PodDisruptionBudget').addJsonPatch(JsonPatch.replace('/spec/maxUnavailable', '66%'))),
  },
  {
    attempt: 'a JSON patch has the disruption budget select other Pods',
    attack: (tree) => find(tree, 'PodDisruptionBudget').addJsonPatch(JsonPatch.replace('/spec/selector', {})),
    refused: /\[ALTERED\] enforcement\/proofgate-verifier\/PodDisruptionBudget: spec\.selector/,
    harmless: 'a JSON patch has the disruption budget hold unhealthy Pods',
    twin: () => changed((tree) => find(tree, 'PodDisruptionBudget').addJsonPatch(JsonPatch.replace('/spec/unhealthyPodEvictionPolicy', 'IfHealthyBudget'))),
  },
  {
    attempt: 'annotations are merged over those of the webhook',
    attack: (tree) => find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.add('/metadata/annotations', { '<<': 'a' })),
    refused: /\[OBJECT_NAME\] .*: metadata\.annotations: "<<" is no name/,
    harmless: 'an annotation has a value that would merge as a key',
    twin: () => changed((tree) => find(tree, 'ValidatingWebhookConfiguration').addJsonPatch(JsonPatch.add('/metadata/annotations', { a: '<<' }))),
  },
];

describe('S14: a way around', () => describeAttempts(ATTEMPTS));

test('toJson of an enforced object cannot be replaced', () => {
  const webhook = find(createTree(), 'ValidatingWebhookConfiguration');
  expect(() => Object.assign(webhook, { toJson: () => ({}) })).toThrow(TypeError);
  expect(() => Object.defineProperty(webhook, 'toJson', { value: () => ({}) })).toThrow(TypeError);
});

test('an object that is rendered alone misses what was taken out of the tree', () => {
  const tree = createTree();
  tree.chart.node.tryRemoveChild('payments');
  for (const kind of ['ValidatingWebhookConfiguration', 'Deployment']) {
    expect(() => find(tree, kind).toJson() as unknown).toThrow(/\[REMOVED\] enforcement\/payments: /);
    expect(() => find(createTree(), kind).toJson() as unknown).not.toThrow();
  }
});

test('a policy is missed, too, when what it was made in was taken out of the tree', () => {
  const tree = createTree();
  const { chart, policy: { engine: verifier } } = tree;
  const team = new Construct(chart, 'team');
  new SignedImagePolicy(team, 'orders', { images: ['ghcr.io/acme/orders/**'], attestors: [createAttestor(chart, 'orders-release')], engine: verifier });
  expect(() => WAYS['app.synth']?.(tree)).not.toThrow();
  chart.node.tryRemoveChild('team');
  expect(() => WAYS['app.synth']?.(tree)).toThrow(/\[REMOVED\] enforcement\/team: /);
});

test('toJson of a chart with a verifier cannot be replaced', () => {
  expect(() => Object.assign(createTree().chart, { toJson: () => [] })).toThrow(TypeError);
});

test('a chart whose toJson was made unchangeable beforehand is refused', () => {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  Object.defineProperty(chart, 'toJson', { value: () => [] });
  createTree(app, chart);
  expect(() => app.synthYaml()).toThrow(/\[OVERRIDDEN\] enforcement: toJson/);
});

test('a changed copy of what a chart wrote does not reach the file', () => {
  let kept: { webhooks?: { failurePolicy: string }[] }[] = [];
  const tree = treeIn(class extends Chart {
    public override toJson(): Written[] {
      kept = super.toJson() as typeof kept;
      return kept as unknown as Written[];
    }
  });
  const written = tree.chart.toJson() as Written[];
  kept.forEach(({ webhooks }) => webhooks?.forEach((webhook) => Object.assign(webhook, { failurePolicy: 'Ignore' })));
  expect(failurePolicies(written)).toEqual(['Fail']);
});

function appWithResolver(resolve: (context: ResolutionContext) => unknown): App {
  return createApp({ resolvers: [{ resolve: (context) => void resolve(context) }] });
}

/** How often one pass over all validations resolves the webhook's failure policy. */
function lookups(): number {
  let seen = 0;
  const { app } = createTree(appWithResolver((context) => isFailurePolicy(context) && (seen += 1)));
  app.node.findAll().forEach((construct) => construct.node.validate());
  return seen;
}

function isFailurePolicy({ key, value }: ResolutionContext): boolean {
  return value === 'Fail' && key.join('.') === 'webhooks.0.failurePolicy';
}

function treeLabelled(change: string): Tree {
  const app = createApp();
  return createTree(app, new Chart(app, 'enforcement', { labels: { change } }));
}

function emptyValidations({ app }: Tree): void {
  for (const construct of app.node.findAll()) {
    (construct.node as unknown as { _validations: unknown[] })._validations = [];
  }
}

interface Privates {
  readonly props: { readonly webhooks: { failurePolicy: string }[] };
}

/** Rendered before, so that no first rendering puts right what is changed. */
function webhookOf(tree: Tree): Privates {
  tree.chart.toJson();
  return find(tree, 'ValidatingWebhookConfiguration') as unknown as Privates;
}
