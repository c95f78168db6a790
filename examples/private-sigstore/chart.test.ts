import 'proofgate/testing/jest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { enforcementOf, githubWorkflow, publicKey, Signer, signedBy } from 'proofgate/testing';
import { TrustRoot } from 'proofgate';
import { Enforcement } from './chart';

interface Manifest {
  readonly data?: { readonly [file: string]: string };
}

const trustedRoot = join(__dirname, 'sigstore', 'trusted_root.json');
const create = (file: string): Enforcement => new Enforcement(Testing.app(), 'enforcement', { registry: 'registry.corp.example', trustedRoot: file });
const chart = create(trustedRoot);
const filesCalled = (name: string): unknown[] => (Testing.synth(chart) as Manifest[]).flatMap(({ data }) => data?.[name] ?? []).map((text) => JSON.parse(text) as unknown);

// The company's own instance, under the name that the chart gives it.
const trustRoot = TrustRoot.pinned(Testing.chart(), 'corp', { file: trustedRoot });
const RELEASE = { repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/tags/v2.1.0' };
const release = githubWorkflow({ ...RELEASE, trustRoot });
const person = (name: string): Signer => publicKey({ publicKey: readFileSync(join(__dirname, 'keys', `${name}.pub`), 'utf8'), trustRoot });

test('who has to prove what', () => {
  expect(enforcementOf(chart)).toMatchSnapshot();
  expect(chart).toEnforce();
});

test('applications need signature and provenance of their release, tools the signature', () => {
  expect(chart).toAdmit('registry.corp.example/apps/web:v2', signedBy(release).withProvenance());
  expect(chart).toRefuse('registry.corp.example/apps/web:v2', 'NO_ATTESTATION', signedBy(release));
  expect(chart).toAdmit('registry.corp.example/tools/migrate:v2', signedBy(release));
  expect(chart).toRefuse('registry.corp.example/tools/migrate:v2', 'WRONG_IDENTITY', signedBy(githubWorkflow({ ...RELEASE, ref: 'refs/heads/main', trustRoot })));
});

test('base images need both people', () => {
  expect(chart).toAdmit('registry.corp.example/base/debian:13', signedBy(person('ada')).and(signedBy(person('grace'))));
  expect(chart).toRefuse('registry.corp.example/base/debian:13', 'BELOW_THRESHOLD', signedBy(person('ada')));
});

test('only the company\'s own instance counts, whose trust root is written beside the policies', () => {
  expect(chart).toRefuse('registry.corp.example/tools/migrate:v2', 'UNTRUSTED_CERTIFICATE', signedBy(githubWorkflow(RELEASE)));
  expect(filesCalled('trusted_root.json')).toHaveLength(1);
});

test('the registry is reached with the authority that the cluster holds', () => {
  expect(filesCalled('registries.json')).toEqual([{ 'registry.corp.example': { caFile: '/etc/proofgate/registry-ca/registry-ca/ca.crt' } }]);
});

test('without the trust root it does not synthesize', () => {
  expect(() => create('nowhere/trusted_root.json')).toRefuseSynthesis('INVALID_INPUT');
});
