import { ApiObject, App, Chart, Include, JsonPatch, Names, ResolutionContext } from 'cdk8s';
import { Construct } from 'constructs';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Attempt, changed, describeAttempts, FILES, FOLDERS, ONE_CHART, webhookConfiguration } from './attempts';
import { createApp, createTree, Tree, WAYS, Written } from './tree';

/** What stands beside a verifier's objects and would replace, overwrite or undo them. */
const ATTEMPTS: readonly Attempt[] = [
  {
    attempt: 'a second webhook configuration has a namespace, which is dropped when it is applied',
    attack: ({ chart }) => object(chart, webhookConfiguration('proofgate-verifier', 'somebody', 'team')),
    refused: /\[DUPLICATE_OBJECT\] enforcement\/second: a second ValidatingWebhookConfiguration "proofgate-verifier"/,
    harmless: 'a second webhook configuration of another name has a namespace',
    twin: () => changed(({ chart }) => object(chart, webhookConfiguration('somebody', 'somebody', 'team'))),
  },
  {
    attempt: 'a second webhook configuration takes the namespace of its chart',
    attack: ({ app }) => object(new Chart(app, 'other', { namespace: 'team' }), webhookConfiguration('proofgate-verifier', 'somebody')),
    refused: /\[DUPLICATE_OBJECT\] other\/second: /,
    harmless: 'a webhook configuration of another name takes the namespace of its chart',
    twin: () => changed(({ app }) => object(new Chart(app, 'other', { namespace: 'team' }), webhookConfiguration('somebody', 'somebody'))),
  },
  {
    attempt: 'a second Deployment has no namespace, and so that which is chosen when it is applied',
    attack: ({ chart }) => object(chart, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'proofgate-verifier' } }),
    refused: /\[DUPLICATE_OBJECT\] enforcement\/second: a second Deployment/,
    harmless: 'a Deployment of another name has no namespace',
    twin: () => changed(({ chart }) => object(chart, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'verifier' } })),
  },
  {
    attempt: 'a second webhook configuration is in a List',
    attack: ({ chart }) => object(chart, list('List', webhookConfiguration('proofgate-verifier', 'somebody'))),
    refused: /\[DUPLICATE_OBJECT\] enforcement\/second: a second ValidatingWebhookConfiguration/,
    harmless: 'another webhook configuration is in a List',
    twin: () => changed(({ chart }) => object(chart, list('List', webhookConfiguration('somebody', 'somebody')))),
  },
  {
    attempt: 'a webhook configuration that calls the verifier is in a list of its kind, included from a file',
    attack: ({ app }) => include(new Chart(app, 'other'), list('ValidatingWebhookConfigurationList', webhookConfiguration('mine', 'proofgate-verifier'))),
    refused: /\[FOREIGN_WEBHOOK\] other\/included\/.*: the ValidatingWebhookConfiguration "mine" calls the verifier/,
    harmless: 'a webhook configuration that calls another service is in a list of its kind, included from a file',
    twin: () => changed(({ app }) => include(new Chart(app, 'other'), list('ValidatingWebhookConfigurationList', webhookConfiguration('mine', 'somebody')))),
  },
  {
    attempt: 'a second webhook configuration is in a list of its kind, which says for it what it is',
    attack: ({ chart }) => object(chart, { ...list('ValidatingWebhookConfigurationList', untyped('proofgate-verifier')), apiVersion: 'admissionregistration.k8s.io/v1' }),
    refused: /\[DUPLICATE_OBJECT\] enforcement\/second: a second ValidatingWebhookConfiguration/,
    harmless: 'another webhook configuration is in a list of its kind, which says for it what it is',
    twin: () => changed(({ chart }) => object(chart, { ...list('ValidatingWebhookConfigurationList', untyped('somebody')), apiVersion: 'admissionregistration.k8s.io/v1' })),
  },
  {
    attempt: 'a list is in a list, which is unpacked by some who apply it and not by others',
    attack: ({ chart }) => object(chart, list('List', list('List', webhookConfiguration('proofgate-verifier', 'somebody')))),
    refused: /\[NESTED_LIST\] enforcement\/second: the List .*holds another list/,
    harmless: 'two lists stand side by side',
    twin: () => changed(({ chart }) => ['one', 'two'].map((id) => object(chart, list('List', webhookConfiguration(id, 'somebody')), id))),
  },
  {
    attempt: 'the toJson of another chart writes a second webhook configuration',
    inert: [ONE_CHART, FOLDERS],
    attack: ({ app }) => new (chartThatWrites(webhookConfiguration('proofgate-verifier', 'somebody')))(app, 'other'),
    refused: /\[DUPLICATE_OBJECT\] other: a second ValidatingWebhookConfiguration "proofgate-verifier"/,
    harmless: 'the toJson of another chart writes another webhook configuration',
    twin: () => changed(({ app }) => new (chartThatWrites(webhookConfiguration('somebody', 'somebody')))(app, 'other')),
  },
  {
    attempt: 'the toJson of another chart writes a webhook configuration that calls the verifier',
    inert: [ONE_CHART, FOLDERS],
    attack: ({ app }) => new (chartThatWrites(list('List', webhookConfiguration('mine', 'proofgate-verifier'))))(app, 'other'),
    refused: /\[FOREIGN_WEBHOOK\] other: /,
    harmless: 'the toJson of another chart writes one that calls another service',
    twin: () => changed(({ app }) => new (chartThatWrites(list('List', webhookConfiguration('mine', 'somebody'))))(app, 'other')),
  },
  {
    attempt: 'the toJson of another chart gives no list',
    inert: [ONE_CHART, FOLDERS],
    attack: ({ app }) => new (class extends Chart {
      public override toJson(): Written[] {
        return { first: webhookConfiguration('proofgate-verifier', 'somebody') } as unknown as Written[];
      }
    })(app, 'other'),
    refused: /\[OVERRIDDEN\] other: toJson of this chart gives no list/,
    harmless: 'the toJson of another chart gives an empty list',
    twin: () => changed(({ app }) => new (chartThatWrites())(app, 'other')),
  },
  {
    attempt: 'a later validation renames an object to that of the webhook',
    inert: [ONE_CHART],
    attack: ({ app }) => renameLater(new Chart(app, 'other'), 'proofgate-verifier'),
    refused: /\[DUPLICATE_OBJECT\] other\/second: /,
    harmless: 'a later validation renames an object to something else',
    twin: () => changed(({ app }) => renameLater(new Chart(app, 'other'), 'somebody-else')),
  },
  {
    attempt: 'a later validation takes the verifier out of the tree',
    attack: ({ app, chart }) => later(new Chart(app, 'other'), () => chart.node.tryRemoveChild('proofgate-verifier')),
    refused: /\[REMOVED\] enforcement\/proofgate-verifier: /,
    harmless: 'a later validation takes something else out of the tree',
    twin: () => changed(({ app, chart }) => {
      new Construct(chart, 'something');
      later(new Chart(app, 'other'), () => chart.node.tryRemoveChild('something'));
    }),
  },
  {
    attempt: 'a later validation takes the chart of the verifier out of the tree',
    attack: ({ app }) => later(new Chart(app, 'other'), () => app.node.tryRemoveChild('enforcement')),
    refused: /\[REMOVED\] enforcement: /,
    harmless: 'a later validation takes another chart out of the tree',
    twin: () => changed(({ app }) => {
      new Chart(app, 'something');
      later(new Chart(app, 'other'), () => app.node.tryRemoveChild('something'));
    }),
  },
  {
    attempt: 'a resolver renames an object of another chart to that of the webhook when it is written',
    inert: [ONE_CHART],
    tree: () => renamedWhenWritten('proofgate-verifier'),
    attack: () => undefined,
    refused: /\[DUPLICATE_OBJECT\] other(?:\/second)?: /,
    harmless: 'a resolver renames it to something else when it is written',
    twin: () => renamedWhenWritten('somebody-else'),
  },
  {
    attempt: 'an object is put into the tree while another one is written',
    inert: Object.keys(WAYS).filter((way) => way !== FOLDERS),
    attack: ({ app }) => {
      const [first, last] = [new Chart(app, 'a-first'), new Chart(app, 'z-last')];
      const made = object(first, webhookConfiguration('somebody', 'somebody'));
      whenWritten(made, () => last.node.tryFindChild('second') ?? object(last, webhookConfiguration('proofgate-verifier', 'somebody')));
    },
    refused: /\[DUPLICATE_OBJECT\] z-last\/second: /,
    harmless: 'another object is put into the tree while one is written',
    twin: () => changed(({ app }) => {
      const [first, last] = [new Chart(app, 'a-first'), new Chart(app, 'z-last')];
      const made = object(first, webhookConfiguration('somebody', 'somebody'));
      whenWritten(made, () => last.node.tryFindChild('second') ?? object(last, webhookConfiguration('somebody-else', 'somebody')));
    }),
  },
  {
    attempt: 'an object of the same kind and name and another group overwrites the file',
    inert: Object.keys(WAYS).filter((way) => !FILES.includes(way)),
    attack: ({ chart }) => object(chart, { ...webhookConfiguration('proofgate-verifier', 'somebody'), apiVersion: 'acme.example/v1' }),
    refused: /\[SAME_FILE\] enforcement\/second: .*"ValidatingWebhookConfiguration\.proofgate-verifier".*another name/,
    harmless: 'an object of the same kind, another name and another group has a file of its own',
    twin: () => changed(({ chart }) => object(chart, { ...webhookConfiguration('somebody', 'somebody'), apiVersion: 'acme.example/v1' })),
  },
  {
    attempt: 'an object overwrites the file because odd characters are dropped from its name',
    inert: Object.keys(WAYS).filter((way) => !FILES.includes(way)),
    attack: ({ app }) => object(new Chart(app, 'other'), webhookConfiguration('proofgate:-verifier', 'somebody')),
    refused: /\[SAME_FILE\] other\/second: /,
    harmless: 'an object whose name is another one without its odd characters',
    twin: () => changed(({ app }) => object(new Chart(app, 'other'), webhookConfiguration('proofgate:verifier', 'somebody'))),
  },
  {
    attempt: 'an object of another namespace overwrites the file',
    inert: Object.keys(WAYS).filter((way) => !FILES.includes(way)),
    attack: ({ app }) => object(new Chart(app, 'other', { namespace: 'team' }), { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'proofgate-verifier' } }),
    refused: /\[SAME_FILE\] other\/second: /,
    harmless: 'an object of another namespace and name has a file of its own',
    twin: () => changed(({ app }) => object(new Chart(app, 'other', { namespace: 'team' }), { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'verifier' } })),
  },
  {
    attempt: 'another chart has the file of the verifier\'s chart',
    inert: ['app.synth with one file', 'app.synth with a file per resource'],
    tree: () => treeInChart('Enforcement'),
    attack: ({ app, chart }) => new Chart(app, fileOf(chart)),
    refused: /\[SAME_FILE\] .*its file would be that of the chart Enforcement/,
    harmless: 'another chart has a similar file',
    twin: () => {
      const tree = treeInChart('Enforcement');
      new Chart(tree.app, `${fileOf(tree.chart)}0`);
      return tree;
    },
  },
  {
    attempt: 'a webhook configuration calls the verifier by its address in upper case',
    attack: ({ chart }) => object(chart, callingUrl('https://Proofgate-Verifier.proofgate.SVC.cluster.local:443/validate')),
    refused: /\[FOREIGN_WEBHOOK\] enforcement\/second: /,
    harmless: 'a webhook configuration calls an address in which the verifier\'s is a path',
    twin: () => changed(({ chart }) => object(chart, callingUrl('https://webhooks.acme.example//proofgate-verifier.proofgate.svc/validate'))),
  },
  {
    attempt: 'a binding gives somebody the role of the verifier',
    attack: ({ chart }) => object(chart, BINDING),
    refused: /\[VERIFIER_RIGHTS\] enforcement\/second: ClusterRoleBinding "beside" subjects: It gives the rights of the verifier to ServiceAccount default\./,
    harmless: 'a binding gives somebody another role',
    twin: () => changed(({ chart }) => object(chart, ADMIN)),
  },
  {
    attempt: 'a binding in a list gives the account of the verifier another role',
    attack: ({ chart }) => object(chart, list('List', { ...ADMIN, subjects: [{ kind: 'ServiceAccount', name: 'proofgate-verifier', namespace: 'proofgate' }] })),
    refused: /\[VERIFIER_RIGHTS\] enforcement\/second: ClusterRoleBinding "beside" roleRef: It gives the verifier another role/,
    harmless: 'a binding in a list gives an account of that name in another namespace another role',
    twin: () => changed(({ chart }) => object(chart, list('List', { ...ADMIN, subjects: [{ kind: 'ServiceAccount', name: 'proofgate-verifier', namespace: 'team' }] }))),
  },
  {
    attempt: 'a text in another chart becomes a second webhook configuration where kubectl sees the ends of lines',
    attack: ({ app }) => object(new Chart(app, 'other'), { ...CHANGELOG, data: { note: `fix\u2028${SECOND.join('\u2028')}` } }),
    refused: /\[AMBIGUOUS_YAML\] other(?:\/second)?: data\.note holds U\+2028/,
    harmless: 'a text in another chart has lines that all see',
    twin: () => changed(({ app }) => object(new Chart(app, 'other'), { ...CHANGELOG, data: { note: `fix\n${SECOND.join('\r\n')}` } })),
  },
  {
    attempt: 'an object of another chart merges fields that make it a second webhook configuration',
    attack: ({ app }) => object(new Chart(app, 'other'), { ...CHANGELOG, '<<': webhookConfiguration('proofgate-verifier', 'somebody') }),
    refused: /\[AMBIGUOUS_YAML\] other(?:\/second)?: \["<<"\] has a key that kubectl takes for a merge key/,
    harmless: 'an object of another chart holds such fields under a key of its own',
    twin: () => changed(({ app }) => object(new Chart(app, 'other'), { ...CHANGELOG, '<': webhookConfiguration('proofgate-verifier', 'somebody') })),
  },
  {
    attempt: 'an object becomes a second webhook configuration while its YAML is made',
    attack: ({ app }) => twoFaced(new Chart(app, 'other'), (asked) => (asked === 'yaml' ? 'ValidatingWebhookConfiguration' : 'Other')),
    harmless: 'an object stays what it is while its YAML is made',
    twin: () => changed(({ app }) => twoFaced(new Chart(app, 'other'), () => 'Other')),
  },
];

const BINDING: Written = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'beside' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'proofgate-verifier' },
  subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'team' }],
};

const ADMIN = { ...BINDING, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' } };

const CHANGELOG: Written = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'changelog' } };

/** The lines of a list with a configuration that takes the place of the verifier's. */
const SECOND = [
  'items:', '- apiVersion:', '    admissionregistration.k8s.io/v1', '  kind:', '    ValidatingWebhookConfiguration', '  metadata:', '    name:', '      proofgate-verifier', '  webhooks:', '    []',
];

describeAttempts(ATTEMPTS);

test('after synthesis the objects and charts of others are as they were', () => {
  const { app } = createTree();
  const chart = new Chart(app, 'other');
  const made = object(chart, webhookConfiguration('somebody', 'somebody'));
  WAYS[FOLDERS]?.({ app, chart });
  expect([chart, made].map((construct) => Object.hasOwn(construct, 'toJson'))).toEqual([false, false]);
});

test('the charts of an App are what they are, also while its program still makes them', () => {
  const app = createApp();
  const tree = createTree(app);
  new Chart(app, 'unfinished');
  expect(app.charts.map(({ node }) => node.path)).toEqual(['enforcement', 'unfinished']);
  tree.chart.node.tryRemoveChild('payments');
  expect(app.charts).toHaveLength(2);
});

test.each(['synth', 'synthYaml', 'charts'] as const)('%s of an App cannot be replaced once it enforces something', (member) => {
  const { app } = createTree();
  expect(() => Object.defineProperty(app, member, { value: () => [] })).toThrow(TypeError);
});

test.each(['synth', 'synthYaml', 'charts'] as const)('an App whose %s was made unchangeable beforehand is refused', (member) => {
  const app = createApp();
  Object.defineProperty(app, member, member === 'charts' ? { get: () => [] } : { value: () => undefined });
  const { chart } = createTree(app);
  expect(() => void chart.toJson()).toThrow(new RegExp(`\\[OVERRIDDEN\\] App: ${member} .*cannot be judged`));
});

function object(chart: Chart, content: Written, id = 'second'): ApiObject {
  return new ApiObject(chart, id, content);
}

/** A webhook configuration that does not say what it is. */
function untyped(name: string): object {
  return Object.fromEntries(Object.entries(webhookConfiguration(name, 'somebody')).filter(([field]) => field !== 'apiVersion' && field !== 'kind'));
}

/** An object whose kind is asked for each time, by whoever looks or by the writer of the file. */
function twoFaced(chart: Chart, kind: (asked: 'yaml' | 'other') => string): ApiObject {
  const made = object(chart, webhookConfiguration('proofgate-verifier', 'somebody'));
  return Object.assign(made, { toJson: () => Object.defineProperty(webhookConfiguration('proofgate-verifier', 'somebody'), 'kind', {
    enumerable: true, get: () => kind(/[/\\]node_modules[/\\]yaml[/\\]/.test(new Error().stack ?? '') ? 'yaml' : 'other'),
  }) });
}

function list(kind: string, ...items: unknown[]): Written {
  return { apiVersion: 'v1', kind, metadata: { name: 'several' }, items };
}

function include(chart: Chart, content: Written): Include {
  const file = join(mkdtempSync(join(tmpdir(), 'proofgate-')), 'included.yaml');
  writeFileSync(file, JSON.stringify(content));
  return new Include(chart, 'included', { url: file });
}

function callingUrl(url: string): Written {
  return { ...webhookConfiguration('mine', 'somebody'), webhooks: [{ name: 'raw.acme.example', failurePolicy: 'Ignore', clientConfig: { url } }] };
}

function chartThatWrites(...objects: Written[]): typeof Chart {
  return class extends Chart {
    public override toJson(): Written[] {
      return objects;
    }
  };
}

function later(chart: Chart, change: () => unknown): void {
  chart.node.addValidation({
    validate: () => {
      change();
      return [];
    },
  });
}

function renameLater(chart: Chart, name: string): void {
  const renamed = object(chart, webhookConfiguration('somebody', 'somebody'));
  later(chart, () => renamed.addJsonPatch(JsonPatch.replace('/metadata/name', name)));
}

/** An App whose resolver is honest until everything was validated, counted in a tree like this one. */
function renamedWhenWritten(name: string): Tree {
  const tree = (resolve: (context: ResolutionContext) => void): { made: Tree; other: ApiObject } => {
    const app = createApp({ resolvers: [{ resolve: (context) => {
      if (context.value === 'somebody' && context.key.join('.') === 'metadata.name') {
        resolve(context);
      }
    } }] });
    return { made: createTree(app), other: object(new Chart(app, 'other'), webhookConfiguration('somebody', 'elsewhere')) };
  };
  let honest = 0;
  const { made: { app } } = tree(() => (honest += 1));
  app.node.findAll().forEach((construct) => construct.node.validate());
  let seen = 0;
  return tree((context) => (seen += 1) > honest && context.replaceValue(name)).made;
}

/** Acts when files are written already, which the validations are over by then. */
function whenWritten(made: ApiObject, action: () => void): void {
  const render = made.toJson.bind(made);
  const folder = join((made.node.root as App).outdir, made.chart.node.id);
  Object.assign(made, { toJson: () => {
    if (existsSync(folder)) {
      action();
    }
    return render() as unknown;
  } });
}

function treeInChart(id: string): Tree {
  const app = createApp();
  return createTree(app, new Chart(app, id));
}

function fileOf(chart: Chart): string {
  return Names.toDnsLabel(chart);
}
