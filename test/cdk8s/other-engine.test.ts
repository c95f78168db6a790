import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { Exemption, ExemptionProps, KeylessAttestor, KyvernoEngine, NamespaceSelection, PolicyEngine, SignedImagePolicy, WebhookVerifier } from '../../lib';
import { enforceBy } from '../../lib/cdk8s/enforcement';
import { Engine } from '../../lib/engines/engine';
import { createApp, createAttestor, messageOf, NEXT_MONTH, WAYS } from './tree';

/** An engine that renders one object of each kind for all its documents: what every engine has to be, and nothing else. */
class OtherEngine extends PolicyEngine {
  constructor(scope: Construct, id: string, name = 'other') {
    super(scope, id);
    const engine: Engine = {
      id: 'native',
      name,
      keystone: 'ImageGateBinding',
      enforces: () => true,
      render: ({ documents }) => ['ImageGate', 'ImageGateBinding'].map((kind) => ({
        apiVersion: 'gates.example/v1',
        kind,
        metadata: { name, labels: { 'app.kubernetes.io/part-of': 'proofgate', 'proofgate.dev/engine': 'native' } },
        spec: { policyName: name, validationActions: ['Deny'], names: documents.map(({ metadata }) => metadata.name).sort() },
      })),
    };
    enforceBy(this, engine);
  }
}

const EXEMPTION: ExemptionProps = { image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'not signed yet', owner: 'platform', until: NEXT_MONTH, namespaces: NamespaceSelection.except() };

interface Made {
  readonly app: ReturnType<typeof createApp>;
  readonly chart: Chart;
  readonly engine: OtherEngine;
}

function make(ids: readonly string[] = ['agent']): Made {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  const engine = new OtherEngine(chart, 'other');
  ids.forEach((id) => new Exemption(chart, id, { ...EXEMPTION, engine }));
  return { app, chart, engine };
}

const binding = ({ engine }: Made): ApiObject => engine.node.findChild('ImageGateBinding') as ApiObject;

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test('writes what the engine renders from all its documents, and nothing of the bundled verifier', () => {
    const written = synth(make(['b', 'a']));
    expect(written.map(({ kind, spec }) => [kind, (spec as { names: string[] }).names])).toEqual([
      ['ImageGate', ['a', 'b']], ['ImageGateBinding', ['a', 'b']],
    ]);
  });

  test.each<[string, RegExp, (made: Made) => void, (made: Made) => void]>([
    ['weakened by a patch', /\[ALTERED\] enforcement\/other\/ImageGateBinding: spec\.validationActions/,
      (made) => binding(made).addJsonPatch(JsonPatch.replace('/spec/validationActions', ['Warn'])), (made) => binding(made).addJsonPatch(JsonPatch.replace('/spec/validationActions', ['Deny']))],
    ['taken out of the tree', /\[REMOVED\] enforcement\/other\/ImageGateBinding/,
      ({ engine }) => engine.node.tryRemoveChild('ImageGateBinding'), ({ engine }) => engine.node.tryRemoveChild('ImageGateBindings')],
    ['replaced by a second one', /\[DUPLICATE_OBJECT\] enforcement\/mine: a second ImageGateBinding/,
      ({ chart }) => void new ApiObject(chart, 'mine', { apiVersion: 'gates.example/v1', kind: 'ImageGateBinding', metadata: { name: 'other' } }),
      ({ chart }) => void new ApiObject(chart, 'mine', { apiVersion: 'gates.example/v1', kind: 'ImageGateBinding', metadata: { name: 'mine' } })],
  ])('refuses an object of the engine that is %s', (_what, refused, attack, harmless) => {
    const [made, twin] = [make(), make()];
    attack(made);
    harmless(twin);
    expect(() => synth(made)).toThrow(refused);
    expect(() => synth(twin)).not.toThrow();
  });
});

test('a policy whose requirement the engine cannot express is refused where it is made, and enforced by one that can', () => {
  const { chart, engine } = make();
  const attestors = [createAttestor(chart)];
  expect(messageOf(() => new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors, engine }))).toBe(
    '[ENGINE_CANNOT] enforcement/payments: attestors: The signature requirement "signature" cannot be expressed by NativeEngine: an admission policy of the API server asks no'
    + ' registry, so that it sees neither signatures nor attestations. WebhookVerifier can. Pass an engine that can, or leave it out.',
  );
  const sound = make();
  const engineThatCan = new WebhookVerifier(sound.chart, 'verifier', { name: 'verifier' });
  new SignedImagePolicy(sound.chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [createAttestor(sound.chart)], engine: engineThatCan });
});

test('an engine that holds where a verifier runs would refuse the verifier', () => {
  const { app, chart } = make();
  new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [createAttestor(chart)] });
  expect(messageOf(() => app.synthYaml())).toMatch(/\[VERIFIER_LOCKED_OUT\] enforcement\/agent: it holds in the namespace "proofgate"/);
});

test('an engine that holds where another one does, for other images, would have every image refused', () => {
  const beside = (name: string): ReturnType<typeof createApp> => {
    const { app, chart, engine: other } = make([]);
    new Exemption(chart, 'agent', { ...EXEMPTION, engine: other, namespaces: NamespaceSelection.names('shop', 'bank') });
    const engine = new KyvernoEngine(chart, 'kyverno', { version: '1.19.1' });
    const signer = new KeylessAttestor(chart, 'signer', { issuer: 'https://issuer.acme.test', subject: 'https://acme.test/release' });
    new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [signer], engine, namespaces: NamespaceSelection.names(name) });
    return app;
  };
  expect(messageOf(() => beside('shop').synthYaml()).split('\n').slice(1)).toEqual([
    expect.stringMatching(/\[NAMESPACE_DIVIDED\] enforcement\/agent: It lets docker.io\/vendor\/agent run in shop, where the ImagePolicy payments of KyvernoEngine enforcement/),
    expect.stringMatching(/\[NAMESPACE_DIVIDED\] enforcement\/payments: .* the ImageExemption agent of NativeEngine enforcement\/other .* Give these documents to one engine, or/),
  ]);
  expect(() => beside('lab').synthYaml()).not.toThrow();
});

test('two engines of one name would replace each other\'s objects', () => {
  const { app, chart } = make();
  new Exemption(chart, 'second', { ...EXEMPTION, engine: new OtherEngine(chart, 'second-engine') });
  const said = messageOf(() => app.synthYaml());
  expect(said).toMatch(/\[VERIFIER_NAME_TAKEN\] enforcement\/second-engine: it shares the name "other" with enforcement\/other/);
  expect(said).toContain('Pass one engine to all policies, give this one a `name` of its own, or');
});

test('two engines of different kinds that share a name are called what they are, and may both stay', () => {
  const named = (name: string): App => {
    const chart = new Chart(createApp(), 'enforcement');
    const release = new KeylessAttestor(chart, 'release', { issuer: 'https://id.acme.example', subject: 'release@acme.example' });
    const policy = (id: string, engine: PolicyEngine): SignedImagePolicy => (
      new SignedImagePolicy(chart, id, { images: [`ghcr.io/acme/${id}`], attestors: [release], namespaces: NamespaceSelection.names(id), engine })
    );
    policy('payments', new WebhookVerifier(chart, 'verifier', { name: 'images' }));
    policy('shop', new KyvernoEngine(chart, 'kyverno', { version: '1.19.1', name }));
    return chart.node.root as App;
  };
  expect(messageOf(() => named('images').synthYaml())).toContain(
    '[VERIFIER_NAME_TAKEN] enforcement/kyverno: it shares the name "images" with the WebhookVerifier enforcement/verifier, whose objects it would replace. '
    + 'Give this KyvernoEngine, or the WebhookVerifier, a `name` of its own, or make an App for each cluster.',
  );
  expect(() => named('shop').synthYaml()).not.toThrow();
});

test('one that nothing uses is called an engine', () => {
  expect(messageOf(() => make([]).app.synthYaml())).toMatch(/\[NOTHING_ENFORCED\] enforcement\/other: no policy uses this engine, so it would refuse nothing/);
  expect(() => make().app.synthYaml()).not.toThrow();
});

test('what a workflow brings of a certificate is told how to leave out, which nobody wrote', () => {
  const { chart } = make();
  const engine = new KyvernoEngine(chart, 'kyverno', { version: '1.19.1' });
  const policyOf = (id: string, signer: KeylessAttestor): unknown => new SignedImagePolicy(chart, id, { images: ['ghcr.io/acme/payments/**'], attestors: [signer], engine });
  const said = messageOf(() => policyOf('payments', createAttestor(chart)));
  expect(said).toMatch(/"certificate" .* WebhookVerifier can\. Pass an engine that can, or write a KeylessAttestor of `issuer` and `subject` alone/);
  expect(() => policyOf('plain', new KeylessAttestor(chart, 'plain-signer', { issuer: 'https://issuer.acme.test', subject: 'https://acme.test/release' }))).not.toThrow();
});
