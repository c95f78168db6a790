import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { KeylessAttestor, PolicyControllerEngine, SignedImagePolicy } from 'proofgate';
import { Enforcement } from './chart';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly [field: string]: unknown };
  readonly data?: object;
}

const createChart = (): Enforcement => new Enforcement(Testing.app(), 'enforcement');
const manifests = Testing.synth(createChart()) as Manifest[];
const policyIn = (chart: Chart): ApiObject => chart.node.findAll().find((object) => ApiObject.isApiObject(object) && object.kind === 'ClusterImagePolicy') as ApiObject;

test('an image needs a signature and a bill of materials by the release workflow at main', () => {
  expect(manifests.filter(({ kind }) => kind === 'ClusterImagePolicy').map(({ metadata: { name }, spec }) => [name, spec])).toMatchSnapshot();
});

test('what no policy matches is denied', () => {
  expect(manifests.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata: { name }, data }) => [name, data])).toMatchSnapshot();
});

test('nobody takes the label from the namespace, and without it nothing runs there', () => {
  const guards = manifests.filter(({ kind, metadata: { name } }) => kind === 'ValidatingAdmissionPolicy' && name !== 'proofgate-configuration');
  const aboutLabel = guards.flatMap(({ spec }) => spec['validations'] as Array<{ message: string }>).map(({ message }) => message).filter((message) => message.includes('label'));
  expect(aboutLabel).toMatchSnapshot();
});

test('a patch by which a violation is only a warning does not synthesize', () => {
  const chart = createChart();
  policyIn(chart).addJsonPatch(JsonPatch.replace('/spec/mode', 'warn'));
  expect(() => void Testing.synth(chart)).toThrow('[POLICY_CONTROLLER_PERMISSIVE] enforcement/policy-controller');
});

test('claims of the certificate, which policy-controller does not compare, are refused rather than dropped', () => {
  const chart = new Chart(Testing.app(), 'enforcement');
  const engine = new PolicyControllerEngine(chart, 'policy-controller', { version: '0.15.1' });
  const release = KeylessAttestor.githubWorkflow(chart, 'release', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
  expect(() => new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], engine })).toThrow('[ENGINE_CANNOT] enforcement/release');
});
