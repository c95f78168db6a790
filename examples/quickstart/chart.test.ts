import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import { Enforcement } from './chart';

interface Manifest {
  readonly kind: string;
  readonly data: { readonly [file: string]: string };
  readonly webhooks: ReadonlyArray<{ readonly failurePolicy: string; readonly namespaceSelector: object; readonly rules: ReadonlyArray<{ readonly resources: string[] }> }>;
}

const createChart = (): Enforcement => new Enforcement(Testing.app(), 'enforcement');
const manifests = Testing.synth(createChart()) as Manifest[];
const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);

test('an image needs a signature and a provenance by the release workflow at main', () => {
  expect(ofKind('ConfigMap').map(({ data }) => JSON.parse(data['policy.json'] ?? '') as unknown)).toMatchSnapshot();
});

test('everything that can start a container is refused when nobody answers, in the one namespace that the policy names', () => {
  const [{ webhooks } = { webhooks: [] }] = ofKind('ValidatingWebhookConfiguration');
  expect(webhooks.map(({ failurePolicy, namespaceSelector, rules }) => (
    { failurePolicy, namespaceSelector, resources: rules.flatMap(({ resources }) => resources) }
  ))).toMatchSnapshot();
});

test('a patch that would let everything pass when nobody answers does not synthesize', () => {
  const chart = createChart();
  const webhook = chart.node.findAll().find((object) => ApiObject.isApiObject(object) && object.kind === 'ValidatingWebhookConfiguration') as ApiObject;
  webhook.addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore'));
  expect(() => void Testing.synth(chart)).toThrow('[FAILURE_POLICY] enforcement/proofgate-verifier');
});
