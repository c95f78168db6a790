import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { Enforcement } from './chart';

interface Manifest {
  readonly kind: string;
  readonly data?: { readonly [file: string]: string };
}

interface Document {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly attestors: { readonly [name: string]: { readonly trustRoot: string } } };
}

const trustedRoot = join(__dirname, 'sigstore', 'trusted_root.json');
const synthesize = (file: string): Manifest[] => Testing.synth(
  new Enforcement(Testing.app(), 'enforcement', { registry: 'registry.corp.example', trustedRoot: file })) as Manifest[];

const manifests = synthesize(trustedRoot);
const filesCalled = (name: string): unknown[] => manifests.flatMap(({ data }) => data?.[name] ?? []).map((text) => JSON.parse(text) as unknown);
const policies = filesCalled('policy.json') as Document[];

test('who has to prove what', () => {
  expect(policies.map(({ metadata, spec }) => ({ name: metadata.name, ...spec }))).toMatchSnapshot();
});

test('every attestor counts by the company\'s own trust root, which is written beside the policies', () => {
  expect(policies.flatMap(({ spec }) => Object.values(spec.attestors)).map(({ trustRoot }) => trustRoot)).toEqual(['corp', 'corp', 'corp', 'corp']);
  expect(filesCalled('trusted_root.json')).toHaveLength(1);
});

test('the registry is reached with the authority that the cluster holds', () => {
  expect(filesCalled('registries.json')).toEqual([{ 'registry.corp.example': { caFile: '/etc/proofgate/registry-ca/registry-ca/ca.crt' } }]);
});

test('without the trust root it does not synthesize', () => {
  expect(() => void synthesize('nowhere/trusted_root.json')).toThrow('[INVALID_INPUT] enforcement/corp: the trust root cannot be read');
});
