import { Testing } from 'cdk8s';
import { SignedImagePolicy } from 'proofgate';
import { Enforcement } from './chart';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly variables: ReadonlyArray<{ readonly name: string; readonly expression: string }> };
}

const createChart = (): Enforcement => new Enforcement(Testing.app(), 'enforcement');
const manifests = Testing.synth(createChart()) as Manifest[];
const listsOf = (name: string): object => Object.fromEntries(manifests
  .filter(({ kind, metadata }) => kind === 'ValidatingAdmissionPolicy' && metadata.name === name)
  .flatMap(({ spec }) => spec.variables.filter((variable) => /\d|^holding$/.test(variable.name)).map((variable) => [variable.name, variable.expression])));

test('the API server knows the digests that may run in agents, and those that may not', () => {
  expect(listsOf('proofgate-native')).toMatchSnapshot();
});

test('under the verifier it knows the repositories that the policy names', () => {
  expect(listsOf('proofgate-verifier-floor')).toMatchSnapshot();
});

test('each is bound where its documents hold', () => {
  expect(manifests.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding').map(({ metadata, spec }) => [metadata.name, spec])).toMatchSnapshot();
});

test('a policy that asks for a signature is not for the API server', () => {
  const chart = createChart();
  const policy = chart.node.findChild('payments') as SignedImagePolicy;
  expect(policy.engine.node.id).toBe('verifier');
  expect(() => new SignedImagePolicy(chart, 'ledger', { images: ['ghcr.io/acme/ledger/**'], attestors: [chart.node.findChild('release') as never], engine: chart.node.findChild('native') }))
    .toThrow('[ENGINE_CANNOT] enforcement/ledger: attestors');
});
