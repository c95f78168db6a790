import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { DenyList, Exemption, ExemptionProps, NamespaceSelection, NativeEngine, NativeEngineProps, SignedImagePolicy, WebhookVerifier } from '../../lib';
import { VERIFIER_IMAGE } from '../../lib/engines/webhook/verifier-image';
import { createApp, createAttestor, messageOf, NEXT_MONTH, WAYS, Written } from './tree';

const DIGEST = `sha256:${'8'.repeat(64)}`;
const EXEMPTION: ExemptionProps = {
  image: 'docker.io/vendor/agent', digests: [DIGEST], reason: 'the only one here', owner: 'platform', until: NEXT_MONTH, namespaces: NamespaceSelection.names('agents'),
};

interface Made {
  readonly app: App;
  readonly chart: Chart;
  readonly engine: NativeEngine;
}

function make(props: NativeEngineProps = {}, exemption: Partial<ExemptionProps> = {}): Made {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  const engine = new NativeEngine(chart, 'native', props);
  new Exemption(chart, 'agent', { ...EXEMPTION, ...exemption, engine });
  return { app, chart, engine };
}

/** A chart with a verifier that has a floor. */
function floored(floor = true): Pick<Made, 'app' | 'chart'> {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  const engine = new WebhookVerifier(chart, 'verifier', { floor });
  new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [createAttestor(chart)], engine });
  return { app, chart };
}

const child = (scope: NativeEngine | Chart, id: string): ApiObject => scope.node.findAll().find((construct) => construct.node.id === id) as ApiObject;
const titles = (objects: readonly Written[]): string[] => objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`);

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test('one policy and its binding are written, and they hold the documents that they are made of', () => {
    const written = synth(make());
    expect(titles(written).sort()).toEqual(['ValidatingAdmissionPolicy proofgate-native', 'ValidatingAdmissionPolicyBinding proofgate-native-named']);
    const documents = JSON.parse(written.map(({ metadata }) => metadata.annotations?.['proofgate.dev/documents']).find((text) => text !== undefined) ?? '') as Array<{ metadata: { name: string } }>;
    expect(documents.map(({ metadata: { name } }) => name)).toEqual(['agent']);
  });

  test.each<[string, RegExp, (made: Made) => void, (made: Made) => void]>([
    ['fails open', /\[NATIVE_POLICY\] enforcement\/native\/ValidatingAdmissionPolicy: spec\.failurePolicy/,
      ({ engine }) => child(engine, 'ValidatingAdmissionPolicy').addJsonPatch(JsonPatch.replace('/spec/failurePolicy', 'Ignore')),
      ({ engine }) => child(engine, 'ValidatingAdmissionPolicy').addJsonPatch(JsonPatch.replace('/spec/failurePolicy', 'Fail'))],
    ['only warns', /\[NATIVE_POLICY\] enforcement\/native\/ValidatingAdmissionPolicyBinding: spec\.validationActions/,
      ({ engine }) => ApiObject.of(engine).addJsonPatch(JsonPatch.replace('/spec/validationActions', ['Warn'])),
      ({ engine }) => ApiObject.of(engine).addJsonPatch(JsonPatch.replace('/spec/validationActions', ['Deny']))],
    ['says other documents', /\[\w+\] enforcement\/native\/ValidatingAdmissionPolicy/,
      ({ engine }) => child(engine, 'ValidatingAdmissionPolicy').addJsonPatch(JsonPatch.replace('/metadata/annotations/proofgate.dev~1documents', '[]')),
      ({ engine }) => child(engine, 'ValidatingAdmissionPolicy').metadata.addAnnotation('team', 'platform')],
    ['is gone', /\[REMOVED\] enforcement\/native/, ({ chart }) => chart.node.tryRemoveChild('native'), ({ chart }) => chart.node.tryRemoveChild('natives')],
  ])('refuses a policy of the API server that %s', (_what, refused, attack, harmless) => {
    const [made, twin] = [make(), make()];
    attack(made);
    harmless(twin);
    expect(() => synth(made)).toThrow(refused);
    expect(() => synth(twin)).not.toThrow();
  });

  test('a floor is written where it is asked for, before everything that has to run, and nowhere else', () => {
    const floor = ['ValidatingAdmissionPolicy proofgate-verifier-floor', 'ValidatingAdmissionPolicyBinding proofgate-verifier-floor-all'];
    expect(titles(synth(floored())).filter((title) => title.includes('floor')).sort()).toEqual(floor);
    expect(titles(synth(floored(false))).filter((title) => title.includes('floor'))).toEqual([]);
  });

  test('a floor that only warns is refused', () => {
    const made = floored();
    child(made.chart, 'ValidatingAdmissionPolicyBinding-proofgate-verifier-floor-all').addJsonPatch(JsonPatch.replace('/spec/validationActions', ['Audit']));
    expect(() => synth(made)).toThrow(/\[NATIVE_POLICY\] enforcement\/verifier\/ValidatingAdmissionPolicyBinding-proofgate-verifier-floor-all.*validationActions/);
  });
});

test('an exemption that is over is refused by the construct that says it', () => {
  expect(messageOf(() => make({}, { until: '2020-01-01' }).app.synthYaml())).toMatch(/^(?:Validation failed[^]*)?[^]*\[EXPIRED\] enforcement\/agent: until: It was over on 2020-01-01/);
});

test('what it cannot see it refuses where it is said: signatures of a policy, signers of a deny list', () => {
  const { chart, engine } = make();
  expect(messageOf(() => new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [createAttestor(chart)], engine })))
    .toMatch(/^\[ENGINE_CANNOT\] enforcement\/payments: attestors: The signature requirement "signature" cannot be expressed by NativeEngine: [^.]*\. WebhookVerifier can\./);
  expect(messageOf(() => new DenyList(chart, 'eve', { reason: 'r', owner: 'o', signers: [{ subject: 'eve@acme.example' }], engine })))
    .toMatch(/^\[ENGINE_CANNOT\] enforcement\/eve: signers\[0\]: "signers" .* WebhookVerifier can\./);
  const sound = make();
  new DenyList(sound.chart, 'leaked', { reason: 'r', owner: 'o', digests: [DIGEST], namespaces: NamespaceSelection.names('agents'), engine: sound.engine });
  expect(() => sound.app.synthYaml()).not.toThrow();
});

test('an exemption that says no namespaces, and so would close all of them, is refused where it is made; one that says them is not', () => {
  const { image, digests, reason, owner, until } = EXEMPTION;
  const { chart, engine } = make();
  const said = messageOf(() => new Exemption(chart, 'second', { image, digests, reason, owner, until, engine }));
  expect(said).toMatch(/^\[ENGINE_CANNOT\] enforcement\/second: An Exemption cannot be expressed by NativeEngine: nothing but its digests runs where it holds, which/);
  expect(said).toMatch(/ is every namespace but kube-system: say which, as NamespaceSelection\.names\('agents'\)\. WebhookVerifier can\./);
  expect(() => make({}, { namespaces: NamespaceSelection.except('shop') }).app.synthYaml()).not.toThrow();
});

test('a deny list may lie where a verifier runs, which is named by digest, unless it names that digest; an exemption may not', () => {
  const beside = (...digests: string[]): App => {
    const { app, chart } = floored(false);
    new DenyList(chart, 'leaked', { reason: 'r', owner: 'o', digests, engine: new NativeEngine(chart, 'native') });
    return app;
  };
  const lockedOut = /\[VERIFIER_LOCKED_OUT\] enforcement\/(?:leaked|agent): it holds in the namespace "proofgate", where it would refuse the verifier/;
  expect(() => beside(DIGEST).synthYaml()).not.toThrow();
  expect(messageOf(() => beside(DIGEST, VERIFIER_IMAGE.split('@')[1] ?? '').synthYaml())).toMatch(lockedOut);
  const { app, chart } = floored(false);
  new Exemption(chart, 'agent', { ...EXEMPTION, namespaces: NamespaceSelection.names('proofgate'), engine: new NativeEngine(chart, 'native') });
  expect(messageOf(() => app.synthYaml())).toMatch(lockedOut);
});

test('a name is that of its objects', () => {
  expect(titles(WAYS['synthYaml']?.(make({ name: 'agents' })) ?? []).sort()).toEqual(['ValidatingAdmissionPolicy agents', 'ValidatingAdmissionPolicyBinding agents-named']);
});
