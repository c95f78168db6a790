import { App, Chart, Testing } from 'cdk8s';
import { KeylessAttestor, KyvernoEngine, Exemption, NamespaceSelection, SignedImagePolicy, WebhookVerifier } from '../../lib';
import { createApp, createAttestor, createTree, documentsIn, messageOf, NEXT_MONTH, WAYS, Written } from './tree';

function policyIn(chart: Chart, id: string, verifier?: WebhookVerifier): SignedImagePolicy {
  const attestors = [createAttestor(chart, `${id}-release`)];
  return new SignedImagePolicy(chart, id, { images: [`ghcr.io/acme/${id}/**`], attestors, ...(verifier && { engine: verifier }) });
}

test('the first policy of a chart makes its verifier', () => {
  const { chart, policy } = createTree();
  expect(policy.engine).toBe(chart.node.findChild('proofgate-verifier'));
});

test('a policy takes the verifier that its chart has', () => {
  const chart = new Chart(createApp(), 'enforcement');
  const verifier = new WebhookVerifier(chart, 'verifier');
  expect(policyIn(chart, 'payments').engine).toBe(verifier);
});

test('in an App of several charts one explicit verifier enforces the policies of all, written in its own chart', () => {
  const app = createApp();
  const platform = new Chart(app, 'platform');
  const verifier = new WebhookVerifier(platform, 'verifier');
  const charts = ['orders', 'payments'].map((id) => {
    const chart = new Chart(app, id);
    policyIn(chart, id, verifier);
    return chart;
  });
  expect(documentsIn(Testing.synth(platform) as Written[]).map(({ metadata }) => metadata.name)).toEqual(['orders', 'payments']);
  charts.forEach((chart) => expect(Testing.synth(chart)).toEqual([]));
});

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test('says which line to write when two charts would each bring a verifier', () => {
    const app = createApp();
    const [first, second] = ['orders', 'payments'].map((id) => new Chart(app, id)) as [Chart, Chart];
    policyIn(first, 'orders');
    policyIn(second, 'payments');
    expect(messageOf(() => synth({ app, chart: first }))).toContain(
      '[VERIFIER_NOT_CHOSEN] payments/payments: it brings a verifier of its own, but this App already has one at orders/proofgate-verifier.'
      + ' In the chart "orders", before its policies, write `const verifier = new WebhookVerifier(this, \'verifier\');`,'
      + ' and pass it to every policy and exemption, `new SignedImagePolicy(this, \'…\', { engine: verifier, … })`.',
    );
  });

  test('names the verifier to pass when there is one already', () => {
    const app = createApp();
    const platform = new Chart(app, 'platform');
    policyIn(platform, 'orders', new WebhookVerifier(platform, 'verifier'));
    policyIn(new Chart(app, 'payments'), 'payments');
    expect(messageOf(() => synth({ app, chart: platform }))).toMatch(
      /\[VERIFIER_NOT_CHOSEN\] payments\/payments: .*already has one at platform\/verifier\. Take the one that you made, and pass it/,
    );
  });
});

test('the line that was asked for is the only thing that is said', () => {
  const app = createApp();
  policyIn(new Chart(app, 'orders'), 'orders');
  policyIn(new Chart(app, 'payments'), 'payments');
  expect(messageOf(() => app.synthYaml()).match(/\[[A-Z_]+\]/g)).toEqual(['[VERIFIER_NOT_CHOSEN]']);
});

test('so is the verifier to pass, where nothing else uses it', () => {
  const app = createApp();
  const platform = new Chart(app, 'platform');
  new WebhookVerifier(platform, 'verifier');
  policyIn(new Chart(app, 'payments'), 'payments');
  expect(messageOf(() => app.synthYaml()).match(/\[[A-Z_]+\]/g)).toEqual(['[VERIFIER_NOT_CHOSEN]']);
  const alone = createApp();
  const unused = new Chart(alone, 'platform');
  new WebhookVerifier(unused, 'one', { name: 'one', namespace: 'one' });
  new WebhookVerifier(unused, 'two', { name: 'one', namespace: 'one' });
  expect(messageOf(() => alone.synthYaml()).match(/\[[A-Z_]+\]/g)).toEqual(['[NOTHING_ENFORCED]', '[NOTHING_ENFORCED]']);
});

describe('two verifiers with names of their own', () => {
  const [platform, other] = ['blue', 'green'];

  function twoVerifiers(namespaces?: NamespaceSelection): App {
    const app = createApp();
    for (const id of [platform, other]) {
      const chart = new Chart(app, id);
      const verifier = new WebhookVerifier(chart, 'verifier', { name: id, namespace: id });
      new SignedImagePolicy(chart, 'policy', {
        images: [`ghcr.io/acme/${id}/**`], attestors: [createAttestor(chart)], engine: verifier,
        namespaces: id === platform && namespaces !== undefined ? namespaces : NamespaceSelection.names('shop'),
      });
    }
    return app;
  }

  test.each<[string, NamespaceSelection | undefined]>([
    ['are in no policy of the other', NamespaceSelection.names('team')],
    ['leave each other out', NamespaceSelection.except('kube-system', 'shop', other)],
    ['select other labels than the other has', NamespaceSelection.labels({ 'pod-security.kubernetes.io/enforce': 'privileged' })],
  ])('live in one App when they %s', (_name, namespaces) => {
    expect(twoVerifiers(namespaces).synthYaml().match(/^kind: ValidatingWebhookConfiguration$/gm)).toHaveLength(2);
  });

  test.each<[string, NamespaceSelection]>([
    ['everywhere', NamespaceSelection.except('kube-system')],
    ['where the other verifier is, by name', NamespaceSelection.names(other)],
    ['where the other verifier is, by label', NamespaceSelection.labels({ 'pod-security.kubernetes.io/enforce': 'restricted' })],
    ['where the other verifier is, by the label with its name', NamespaceSelection.labels({ 'kubernetes.io/metadata.name': other })],
  ])('are refused when one has a policy that holds %s, since neither could start without the other', (_name, namespaces) => {
    expect(messageOf(() => twoVerifiers(namespaces).synthYaml())).toMatch(
      /\[VERIFIER_LOCKED_OUT\] blue\/policy: it holds in the namespace "green", where it would refuse the verifier green\/verifier\. .*NamespaceSelection\.except\('green'\)/,
    );
  });
});

test('two verifiers with names of their own in one namespace are refused', () => {
  const app = createApp();
  for (const id of ['blue', 'green']) {
    const chart = new Chart(app, id);
    policyIn(chart, id, new WebhookVerifier(chart, 'verifier', { name: id }));
  }
  expect(messageOf(() => app.synthYaml())).toMatch(/\[VERIFIER_NAME_TAKEN\] green\/verifier: it shares the namespace "proofgate" with blue\/verifier/);
});

test('two verifiers with the same names in one App are refused, in one line', () => {
  const app = createApp();
  for (const id of ['blue', 'green']) {
    const chart = new Chart(app, id);
    policyIn(chart, id, new WebhookVerifier(chart, 'verifier'));
  }
  expect(messageOf(() => app.synthYaml()).split('\n').slice(1)).toEqual([expect.stringMatching(
    /\[VERIFIER_NAME_TAKEN\] green\/verifier: it shares the name "proofgate-verifier" with blue\/verifier, .*an App for each cluster/,
  )]);
});

test('a verifier without a policy is refused', () => {
  const chart = new Chart(createApp(), 'enforcement');
  const verifier = new WebhookVerifier(chart, 'verifier');
  expect(() => void Testing.synth(chart)).toThrow(/\[NOTHING_ENFORCED\] enforcement\/verifier: no policy uses this verifier/);
  policyIn(chart, 'payments', verifier);
  expect(() => void Testing.synth(chart)).not.toThrow();
});

describe('exemptions alone', () => {
  const agent = (chart: Chart, verifier?: WebhookVerifier): Exemption => new Exemption(chart, 'agent', {
    image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'not signed yet', owner: 'platform', until: NEXT_MONTH, ...(verifier && { engine: verifier }),
  });

  test('are refused, and taken beside a policy', () => {
    const chart = new Chart(createApp(), 'enforcement');
    agent(chart);
    expect(messageOf(() => void Testing.synth(chart))).toMatch(
      /\[NOTHING_ENFORCED\] enforcement\/proofgate-verifier: only exemptions or deny lists such as enforcement\/agent use this verifier, .*\. Add a SignedImagePolicy to the chart/,
    );
    policyIn(chart, 'payments');
    expect(() => void Testing.synth(chart)).not.toThrow();
  });

  test('beside a policy of an engine that has none, it is said why that one does not help; without it, it is not', () => {
    const said = (withPolicy: boolean): string => {
      const chart = new Chart(createApp(), 'enforcement');
      agent(chart);
      if (withPolicy) {
        const signer = new KeylessAttestor(chart, 'signer', { issuer: 'https://issuer.acme.test', subject: 'https://acme.test/release' });
        new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [signer], engine: new KyvernoEngine(chart, 'kyverno', { version: '1.19.1' }) });
      }
      return messageOf(() => void Testing.synth(chart));
    };
    const why = 'or remove them (the policies of this chart are given to KyvernoEngine, which has neither exemptions nor deny lists).';
    expect(said(true)).toContain(why);
    expect(said(false)).not.toContain('(the policies');
    expect(said(false)).toContain('or remove them.');
  });

  test('are refused of a verifier that was made for them, and taken beside a policy', () => {
    const chart = new Chart(createApp(), 'enforcement');
    const verifier = new WebhookVerifier(chart, 'verifier');
    agent(chart, verifier);
    expect(messageOf(() => void Testing.synth(chart))).toMatch(/\[NOTHING_ENFORCED\] enforcement\/verifier: only exemptions .* Pass it to a SignedImagePolicy/);
    policyIn(chart, 'payments', verifier);
    expect(() => void Testing.synth(chart)).not.toThrow();
  });

  test('are refused also where the validations are skipped', () => {
    const chart = new Chart(createApp(), 'enforcement');
    agent(chart);
    chart.node.root.node.findAll().forEach(({ node }) => Object.assign(node, { _validations: [] }));
    expect(messageOf(() => void Testing.synth(chart))).toMatch(/\[NOTHING_ENFORCED\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: webhooks: It has no entry/);
  });

  test('in a chart of their own are told to take the verifier of the policies', () => {
    const app = createApp();
    policyIn(new Chart(app, 'orders'), 'orders');
    agent(new Chart(app, 'exemptions'));
    expect(messageOf(() => app.synthYaml()).match(/\[[A-Z_]+\] \S+/g)).toEqual(['[VERIFIER_NOT_CHOSEN] exemptions/agent:']);
  });
});

test('the verifier is built in a chart of any depth', () => {
  const chart = new Chart(new Chart(createApp(), 'outer'), 'inner');
  policyIn(chart, 'payments');
  expect(documentsIn(Testing.synth(chart) as Written[])).toHaveLength(1);
});

test('an exemption shares the verifier of its chart', () => {
  const { chart } = createTree();
  new Exemption(chart, 'agent', {
    image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'not signed yet', owner: 'platform', until: new Date(Date.now() + 30 * 86_400_000),
  });
  const objects = Testing.synth(chart) as Written[];
  expect(objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(1);
  expect(documentsIn(objects).map(({ kind }) => kind)).toEqual(['ImagePolicy', 'ImageExemption']);
});

describe('a choice that cannot be right is refused where it is made', () => {
  test('something else as verifier', () => {
    const chart = new Chart(createApp(), 'enforcement');
    expect(messageOf(() => policyIn(chart, 'payments', {} as WebhookVerifier))).toMatch(/^\[INVALID_INPUT\] enforcement\/payments: engine is no PolicyEngine/);
  });

  test('a verifier of another App', () => {
    const verifier = new WebhookVerifier(new Chart(createApp(), 'platform'), 'verifier');
    expect(messageOf(() => policyIn(new Chart(createApp(), 'enforcement'), 'payments', verifier))).toMatch(/`engine` is in another App/);
  });

  test('two verifiers in the chart and none passed', () => {
    const chart = new Chart(createApp(), 'enforcement');
    const [one] = ['one', 'two'].map((id) => new WebhookVerifier(chart, id, { name: id, namespace: id }));
    expect(messageOf(() => policyIn(chart, 'payments'))).toMatch(/several verifiers: enforcement\/one and enforcement\/two\. Pass one of them as `engine`/);
    expect(policyIn(chart, 'orders', one).engine).toBe(one);
  });

  test.each<[string, (chart: Chart, namespaces: NamespaceSelection) => unknown]>([
    ['a policy', (chart, namespaces) => new SignedImagePolicy(chart, 'made', { images: ['ghcr.io/acme/**'], attestors: [createAttestor(chart)], namespaces })],
    ['an exemption', (chart, namespaces) => new Exemption(chart, 'made', {
      image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'not signed yet', owner: 'platform', until: NEXT_MONTH, namespaces,
    })],
  ])('%s for the verifier\'s own namespace', (_, make) => {
    const chartWithVerifier = (): Chart => {
      const chart = new Chart(createApp(), 'enforcement');
      new WebhookVerifier(chart, 'verifier', { namespace: 'image-verifier' });
      return chart;
    };
    expect(messageOf(() => make(chartWithVerifier(), NamespaceSelection.names('shop', 'image-verifier'))))
      .toMatch(/^\[INVALID_INPUT\] enforcement\/made: namespaces names "image-verifier", the verifier's own, where no policy holds/);
    expect(() => make(chartWithVerifier(), NamespaceSelection.names('shop', 'proofgate'))).not.toThrow();
  });

  test('another construct with the id of the verifier', () => {
    const chart = new Chart(createApp(), 'enforcement');
    new Chart(chart, 'proofgate-verifier');
    expect(messageOf(() => policyIn(chart, 'payments'))).toMatch(/^\[INVALID_INPUT\] enforcement: the id "proofgate-verifier" is taken/);
  });
});
