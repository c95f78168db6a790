import { ApiObject, ApiObjectProps, Chart, JsonPatch } from 'cdk8s';
import { KeyAttestor, KeylessAttestor, KyvernoEngine, KyvernoEngineProps, NamespaceSelection, SignedImagePolicy, TrustRoot, WebhookVerifier } from '../../lib';
import { kyvernoPolicy } from '../../lib/kubernetes/kyverno/policy';
import { PUBLIC_KEY } from '../policy/documents';
import { createApp, createAttestor, createTree, messageOf, WAYS } from './tree';

interface Made {
  readonly app: ReturnType<typeof createApp>;
  readonly chart: Chart;
  readonly engine: KyvernoEngine;
}

function make(props: Partial<KyvernoEngineProps> = {}): Made {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  const engine = new KyvernoEngine(chart, 'kyverno', { version: '1.19.1', ...props });
  new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [attestor(chart)], engine });
  return { app, chart, engine };
}

const attestor = (chart: Chart, id = 'release', trustRoot = TrustRoot.publicGood()): KeylessAttestor => (
  new KeylessAttestor(chart, id, { issuer: 'https://issuer.acme.test', subject: 'https://acme.test/release', trustRoot })
);
const policyOf = ({ engine }: Made): ApiObject => engine.node.findChild('ImageValidatingPolicy') as ApiObject;
const version = (text: string) => (): unknown => make({ version: text });

test('a version that lets through what it should refuse is refused, and so is what is no version', () => {
  ['1.19.0', 'v1.19.1', '1.20.0', '2.0.0'].forEach((text) => version(text)());
  const refused = ['1.18.9', '0.20.1', '1.9.0', '1.19', 'latest', '>=1.19.0'];
  expect(refused.filter((text) => !messageOf(version(text)).startsWith('[INVALID_INPUT] enforcement/kyverno: version is '))).toEqual([]);
});

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test('writes one policy, its guard and the floor, and nothing of the bundled verifier', () => {
    expect(synth(make()).map(({ kind, metadata: { name } }) => `${kind} ${name}`).sort()).toEqual([
      'ImageValidatingPolicy proofgate', 'ValidatingAdmissionPolicy proofgate-exceptions', 'ValidatingAdmissionPolicy proofgate-kyverno-floor',
      'ValidatingAdmissionPolicyBinding proofgate-exceptions', 'ValidatingAdmissionPolicyBinding proofgate-kyverno-floor-all',
    ]);
  });

  test.each<[string, string, unknown, unknown]>([
    ['KYVERNO_PERMISSIVE', '/spec/failurePolicy', 'Ignore', 'Fail'],
    ['KYVERNO_PERMISSIVE', '/spec/validationActions', ['Audit'], ['Deny']],
    ['KYVERNO_UNASKED', '/spec/matchConstraints/resourceRules/0/resources', ['pods'], ['pods', 'pods/ephemeralcontainers']],
    ['KYVERNO_UNVERIFIED', '/spec/variables', [], undefined],
    ['KYVERNO_IDENTITY', '/spec/attestors/0/cosign/keyless/identities/0/subject', '', 'https://acme.test/release'],
    ['KYVERNO_ALTERED', '/spec/matchConditions/0/expression', 'false', undefined],
    ['KYVERNO_ALTERED', '/spec/webhookConfiguration/timeoutSeconds', 1, 30],
  ])('%s: a patch of %s is refused', (code, path, weak, sound) => {
    const [made, twin] = [make(), make()];
    policyOf(made).addJsonPatch(JsonPatch.replace(path, weak));
    if (sound !== undefined) {
      policyOf(twin).addJsonPatch(JsonPatch.replace(path, sound));
    }
    expect(() => synth(made)).toThrow(`[${code}] enforcement/`);
    expect(() => synth(twin)).not.toThrow();
  });

  test.each<[string, string, string, unknown, unknown]>([
    ['ValidatingAdmissionPolicy', 'proofgate-kyverno-floor', '/spec/failurePolicy', 'Ignore', 'Fail'],
    ['ValidatingAdmissionPolicy', 'proofgate-kyverno-floor', '/spec/variables', [], undefined],
    ['ValidatingAdmissionPolicy', 'proofgate-exceptions', '/spec/matchConstraints/resourceRules/0/operations', ['DELETE', 'CONNECT'], ['CREATE', 'UPDATE']],
    ['ValidatingAdmissionPolicyBinding', 'proofgate-exceptions', '/spec/validationActions', ['Audit'], ['Deny']],
    ['ValidatingAdmissionPolicyBinding', 'proofgate-kyverno-floor-all', '/spec/validationActions', ['Warn'], ['Deny']],
    ['ValidatingAdmissionPolicyBinding', 'proofgate-kyverno-floor-all', '/spec/matchResources/namespaceSelector', { matchLabels: { a: 'b' } }, undefined],
  ])('KYVERNO_ALTERED: a patch of %s %s, %s, is refused', (kind, name, path, weak, sound) => {
    const [made, twin] = [make(), make()];
    const part = ({ engine }: Made): ApiObject => (
      engine.node.findAll().find((object) => ApiObject.isApiObject(object) && object.kind === kind && object.name === name) as ApiObject
    );
    part(made).addJsonPatch(JsonPatch.replace(path, weak));
    if (sound !== undefined) {
      part(twin).addJsonPatch(JsonPatch.replace(path, sound));
    }
    expect(() => synth(made)).toThrow('[KYVERNO_ALTERED] enforcement/');
    expect(() => synth(twin)).not.toThrow();
  });
});

const exceptionFrom = (spec: object, apiVersion = 'policies.kyverno.io/v1'): ApiObjectProps => (
  { apiVersion, kind: 'PolicyException', metadata: { name: 'night-shift', namespace: 'team' }, spec }
);
const list = (...items: ApiObjectProps[]): ApiObjectProps => ({ apiVersion: 'v1', kind: 'List', items });

test.each<[string, ApiObjectProps, ApiObjectProps]>([
  ['an exception that names the policy', exceptionFrom({ policyRefs: [{ kind: 'ImageValidatingPolicy', name: 'proofgate' }] }), exceptionFrom({ policyRefs: [{ kind: 'ValidatingPolicy', name: 'labels' }] })],
  ['one of an earlier version', exceptionFrom({ policyRefs: [{ kind: 'ImageValidatingPolicy', name: 'proofgate' }] }, 'policies.kyverno.io/v1alpha1'),
    exceptionFrom({ policyRefs: [{ kind: 'ValidatingPolicy', name: 'labels' }] }, 'policies.kyverno.io/v1alpha1')],
  ['one that does not say of which kind the policy is', exceptionFrom({ policyRefs: [{ name: 'proofgate' }] }), exceptionFrom({ policyRefs: [{ name: 'labels' }] })],
  ['one of the older kind', exceptionFrom({ exceptions: [{ policyName: 'proofgate', ruleNames: ['*'] }] }, 'kyverno.io/v2'),
    exceptionFrom({ exceptions: [{ policyName: 'labels', ruleNames: ['*'] }] }, 'kyverno.io/v2')],
  ['one in a list', list(exceptionFrom({ policyRefs: [{ kind: 'ImageValidatingPolicy', name: 'proofgate' }] })),
    list(exceptionFrom({ policyRefs: [{ kind: 'ValidatingPolicy', name: 'labels' }] }))],
])('%s is refused wherever it is in the App, and one from another policy is not', (_what, exception, harmless) => {
  const beside = (content: ApiObjectProps): ReturnType<typeof createApp> => {
    const { app } = make();
    new ApiObject(new Chart(app, 'team'), 'exception', content);
    return app;
  };
  expect(messageOf(() => beside(exception).synthYaml()))
    .toMatch(/\[KYVERNO_EXCEPTIONS\] team\/exception: PolicyException "night-shift" spec\.\w+: It exempts from the policy "?proofgate/);
  expect(() => beside(harmless).synthYaml()).not.toThrow();
});

test('an exception in an App without Kyverno is not this library\'s business', () => {
  const { app } = createTree();
  new ApiObject(new Chart(app, 'team'), 'exception', exceptionFrom({ policyRefs: [{ kind: 'ImageValidatingPolicy', name: 'proofgate' }] }));
  expect(() => app.synthYaml()).not.toThrow();
});

test('a trust root that is fetched is taken from its mirror, and one that is pinned is refused by name', () => {
  const { chart, engine } = make();
  const roles = Object.fromEntries(['root', 'timestamp', 'snapshot', 'targets'].map((role) => [role, { keyids: [], threshold: 1 }]));
  const corp = TrustRoot.tuf(chart, 'corp', { mirror: 'https://tuf.acme.test', json: JSON.stringify({ signatures: [], signed: { _type: 'root', roles } }) });
  new SignedImagePolicy(chart, 'corp-policy', { images: ['ghcr.io/acme/corp'], attestors: [attestor(chart, 'corp-release', corp)], engine });
  const { attestors } = (policyOf({ app: createApp(), chart, engine }).toJson() as { spec: ReturnType<typeof kyvernoPolicy> }).spec;
  expect(attestors.map(({ cosign: { tuf } }) => tuf && [tuf.mirror, JSON.parse(Buffer.from(tuf.root.data, 'base64').toString())])).toEqual([
    ['https://tuf.acme.test', { signatures: [], signed: { _type: 'root', roles } }], undefined,
  ]);
  const github = attestor(chart, 'github-release', TrustRoot.github());
  expect(messageOf(() => new SignedImagePolicy(chart, 'github-policy', { images: ['ghcr.io/acme/x'], attestors: [github], engine }))).toMatch(/^\[ENGINE_CANNOT\] .*GitHub runs no mirror/);
});

test('a key without a log is rendered, and the namespace of Kyverno is refused', () => {
  const { chart, engine } = make();
  const key = new KeyAttestor(chart, 'key', { publicKey: PUBLIC_KEY });
  new SignedImagePolicy(chart, 'keyed', { images: ['ghcr.io/acme/keyed'], attestors: [key], engine });
  expect(messageOf(() => new SignedImagePolicy(chart, 'own', { images: ['ghcr.io/acme/own'], attestors: [key], engine, namespaces: NamespaceSelection.names('kyverno') })))
    .toMatch(/^\[ENGINE_CANNOT\] .*where Kyverno itself runs/);
});

test('the identity of a workflow takes the bundled verifier, which is named', () => {
  const { app, engine } = make();
  const chart = new Chart(app, 'workflows');
  const release = createAttestor(chart);
  expect(messageOf(() => new SignedImagePolicy(chart, 'workflow', { images: ['ghcr.io/acme/x'], attestors: [release], engine }))).toMatch(/^\[ENGINE_CANNOT\] .*WebhookVerifier can\./);
  new SignedImagePolicy(chart, 'sound', { images: ['ghcr.io/acme/x'], attestors: [createAttestor(new Chart(app, 'others'))], engine: new WebhookVerifier(chart, 'verifier') });
});
