import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { KeyAttestor, KeylessAttestor, NamespaceSelection, PolicyControllerEngine, PolicyControllerEngineProps, SignedImagePolicy, TrustRoot, WebhookVerifier } from '../../lib';
import { PUBLIC_KEY } from '../policy/documents';
import { createApp, createAttestor, messageOf, WAYS } from './tree';

interface Made {
  readonly app: ReturnType<typeof createApp>;
  readonly chart: Chart;
  readonly engine: PolicyControllerEngine;
}

function make(props: Partial<PolicyControllerEngineProps> = {}): Made {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  const engine = new PolicyControllerEngine(chart, 'policy-controller', { version: '0.15.1', ...props });
  new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [attestor(chart)], engine });
  return { app, chart, engine };
}

const attestor = (chart: Chart, id = 'release', trustRoot = TrustRoot.publicGood()): KeylessAttestor => (
  new KeylessAttestor(chart, id, { issuer: 'https://issuer.acme.test', subject: 'https://acme.test/release', trustRoot })
);
const objectOf = ({ engine }: Made, kind: string, name: string): ApiObject => (
  engine.node.findAll().find((object): object is ApiObject => ApiObject.isApiObject(object) && object.kind === kind && object.name === name) as ApiObject
);
const version = (text: string) => (): unknown => make({ version: text });

test('a version that does not verify what is asked of it is refused, and so is what is no version', () => {
  ['0.15.1', 'v0.15.1', '0.15.2', '0.16.0', '1.0.0'].forEach((text) => version(text)());
  const refused = ['0.15.0', '0.14.9', '0.9.0', '0.15', 'latest', '>=0.15.0'];
  expect(refused.filter((text) => !messageOf(version(text)).startsWith('[INVALID_INPUT] enforcement/policy-controller: version is '))).toEqual([]);
});

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test('writes the policies, the configuration, what guards them and the floor, and nothing of the bundled verifier', () => {
    expect(synth(make()).map(({ kind, metadata: { name } }) => `${kind} ${name}`).sort()).toEqual([
      'ClusterImagePolicy proofgate.payments.signature', 'ConfigMap config-policy-controller',
      'ValidatingAdmissionPolicy proofgate-configuration', 'ValidatingAdmissionPolicy proofgate-floor', 'ValidatingAdmissionPolicy proofgate-namespaces',
      'ValidatingAdmissionPolicyBinding proofgate-configuration', 'ValidatingAdmissionPolicyBinding proofgate-floor-all', 'ValidatingAdmissionPolicyBinding proofgate-namespaces',
    ]);
  });

  test.each<[string, string, string, string, unknown, unknown]>([
    ['POLICY_CONTROLLER_ALTERED', 'ClusterImagePolicy', 'proofgate.payments.signature', '/spec/mode', 'warn', 'enforce'],
    ['POLICY_CONTROLLER_ALTERED', 'ClusterImagePolicy', 'proofgate.payments.signature', '/spec/authorities/0/keyless/identities/0/subject', '', 'https://acme.test/release'],
    ['POLICY_CONTROLLER_ALTERED', 'ClusterImagePolicy', 'proofgate.payments.signature', '/spec/authorities/0/signatureFormat', 'legacy', 'bundle'],
    ['POLICY_CONTROLLER_ALTERED', 'ConfigMap', 'config-policy-controller', '/data/no-match-policy', 'allow', 'deny'],
    ['POLICY_CONTROLLER_ALTERED', 'ValidatingAdmissionPolicy', 'proofgate-floor', '/spec/failurePolicy', 'Ignore', 'Fail'],
    ['POLICY_CONTROLLER_ALTERED', 'ValidatingAdmissionPolicy', 'proofgate-namespaces', '/spec/validations/0/expression', 'true', undefined],
    ['POLICY_CONTROLLER_ALTERED', 'ValidatingAdmissionPolicyBinding', 'proofgate-floor-all', '/spec/validationActions', ['Warn'], ['Deny']],
    ['POLICY_CONTROLLER_ALTERED', 'ValidatingAdmissionPolicyBinding', 'proofgate-configuration', '/spec/validationActions', ['Audit'], ['Deny']],
  ])('%s: a patch of %s %s, %s, is refused', (code, kind, name, path, weak, sound) => {
    const [made, twin] = [make(), make()];
    objectOf(made, kind, name).addJsonPatch(JsonPatch.replace(path, weak));
    if (sound !== undefined) {
      objectOf(twin, kind, name).addJsonPatch(JsonPatch.replace(path, sound));
    }
    expect(() => synth(made)).toThrow(`[${code}] enforcement/`);
    expect(() => synth(twin)).not.toThrow();
  });
});

test('an attestor of the trust root that it was started with is rendered, and one of any other is refused by name', () => {
  const { chart, engine } = make({ trustRoot: 'sigstore' });
  const github = attestor(chart, 'github-release', TrustRoot.github());
  expect(messageOf(() => new SignedImagePolicy(chart, 'github-policy', { images: ['ghcr.io/acme/x'], attestors: [github], engine }))).toMatch(/^\[ENGINE_CANNOT\] .*by the one that it was started with, "sigstore"/);
  const other = new PolicyControllerEngine(chart, 'started-with-github', { version: '0.15.1', name: 'github', trustRoot: 'github' });
  new SignedImagePolicy(chart, 'github-again', { images: ['ghcr.io/acme/x'], attestors: [github], engine: other });
});

test('a key, and the namespace of policy-controller, are refused', () => {
  const { chart, engine } = make();
  const key = new KeyAttestor(chart, 'key', { publicKey: PUBLIC_KEY });
  expect(messageOf(() => new SignedImagePolicy(chart, 'keyed', { images: ['ghcr.io/acme/keyed'], attestors: [key], engine }))).toMatch(/^\[ENGINE_CANNOT\] .*WebhookVerifier, KyvernoEngine can\./);
  expect(messageOf(() => new SignedImagePolicy(chart, 'own', { images: ['ghcr.io/acme/own'], attestors: [attestor(chart, 'own-release')], engine, namespaces: NamespaceSelection.names('cosign-system') })))
    .toMatch(/^\[ENGINE_CANNOT\] .*where policy-controller itself runs/);
});

test('the identity of a workflow takes the bundled verifier, which is named', () => {
  const { app, engine } = make();
  const chart = new Chart(app, 'workflows');
  const release = createAttestor(chart);
  expect(messageOf(() => new SignedImagePolicy(chart, 'workflow', { images: ['ghcr.io/acme/x'], attestors: [release], engine }))).toMatch(/^\[ENGINE_CANNOT\] .*WebhookVerifier can\./);
  new SignedImagePolicy(chart, 'sound', { images: ['ghcr.io/acme/x'], attestors: [createAttestor(new Chart(app, 'others'))], engine: new WebhookVerifier(chart, 'verifier') });
});
