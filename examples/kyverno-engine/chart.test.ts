import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { KeylessAttestor, KyvernoEngine, SignedImagePolicy } from 'proofgate';
import { Enforcement } from './chart';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly [field: string]: unknown };
}

const createChart = (): Enforcement => new Enforcement(Testing.app(), 'enforcement');
const manifests = Testing.synth(createChart()) as Manifest[];
const policyIn = (chart: Chart): ApiObject => chart.node.findAll().find((object) => ApiObject.isApiObject(object) && object.kind === 'ImageValidatingPolicy') as ApiObject;

test('an image needs a signature and a bill of materials by the release workflow at main', () => {
  const policies = manifests.filter(({ kind }) => kind === 'ImageValidatingPolicy');
  expect(policies.map(({ spec: { attestors, attestations, validations } }) => ({ attestors, attestations, validations }))).toMatchSnapshot();
});

test('nobody can be exempted from it', () => {
  expect(manifests.filter(({ metadata: { name } }) => name === 'proofgate-exceptions').map(({ kind, spec }) => [kind, spec])).toMatchSnapshot();
});

test('the API server itself refuses in the namespace what no policy names', () => {
  const [binding] = manifests.filter(({ kind, spec: { policyName } }) => kind === 'ValidatingAdmissionPolicyBinding' && policyName === 'proofgate-kyverno-floor');
  expect(binding?.spec).toMatchObject({ validationActions: ['Deny'], matchResources: { namespaceSelector: { matchExpressions: [{ operator: 'In', values: ['payments'] }] } } });
});

test('a patch that would let everything pass when Kyverno is away does not synthesize', () => {
  const chart = createChart();
  policyIn(chart).addJsonPatch(JsonPatch.replace('/spec/failurePolicy', 'Ignore'));
  expect(() => void Testing.synth(chart)).toThrow('[KYVERNO_PERMISSIVE] enforcement/kyverno');
});

test('claims of the certificate, which Kyverno does not read, are refused rather than dropped', () => {
  const chart = new Chart(Testing.app(), 'enforcement');
  const engine = new KyvernoEngine(chart, 'kyverno', { version: '1.19.1' });
  const release = KeylessAttestor.githubWorkflow(chart, 'release', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
  expect(() => new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine })).toThrow('[ENGINE_CANNOT] enforcement/release');
});
