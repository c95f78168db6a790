import 'proofgate/testing/jest';
import { Testing } from 'cdk8s';
import { SbomFormat } from 'proofgate';
import { admissionOf, enforcementOf, githubReusableWorkflow, githubWorkflow, inNamespace, signedBy, unsigned } from 'proofgate/testing';
import { Enforcement } from './chart';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly annotations?: { readonly [key: string]: string } };
  readonly data: { readonly [file: string]: string };
  readonly webhooks: ReadonlyArray<{ readonly name: string; readonly failurePolicy: string; readonly clientConfig: { readonly service: { readonly path: string } } }>;
}

const END = Date.parse('2027-06-30');
const create = (): Enforcement => new Enforcement(Testing.app(), 'enforcement');

/** The dates in the chart are judged against the clock: the tests have one of their own, so that they mean the same every day. */
const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-12-01'));
afterAll(() => clock.mockRestore());

const chart = create();
const manifests = Testing.synth(chart) as Manifest[];
const api = inNamespace('payments', 'ghcr.io/acme/payments/api:v1');
const BUILDER = {
  workflowRepository: 'acme/build-workflows', workflow: '.github/workflows/container.yml', ref: 'refs/tags/v2.1.0',
  callerRepository: 'acme/payments', callerRepositoryId: '501773211', callerRef: 'refs/heads/main', trigger: 'push',
};

test('who has to prove what, and what is relaxed until when', () => {
  expect(enforcementOf(chart)).toMatchSnapshot();
  expect(chart).toEnforce('payments');
  expect(manifests.map(({ metadata }) => metadata.annotations).filter((annotations) => annotations !== undefined)).toMatchSnapshot();
});

test('payments needs a signature, level 3 provenance and an SBOM of the pinned builder, called by acme/payments at main', () => {
  const built = signedBy(githubReusableWorkflow(BUILDER)).withProvenance();
  expect(chart).toAdmit(api, built.withSbom(SbomFormat.SPDX_2_3));
  expect(chart).toRefuse(api, 'NO_ATTESTATION', signedBy(githubReusableWorkflow(BUILDER)));
  expect(chart).toRefuse(api, 'WRONG_PREDICATE', built.withSbom(SbomFormat.CYCLONE_DX));
});

test.each([
  ['another caller', { callerRepository: 'mallory/payments' }, 'WRONG_CLAIM'],
  ['a repository that was made anew under the name', { callerRepositoryId: '999' }, 'WRONG_CLAIM'],
  ['another branch', { callerRef: 'refs/heads/feature' }, 'WRONG_CLAIM'],
  ['another event', { trigger: 'workflow_dispatch' }, 'WRONG_CLAIM'],
  ['another version of the builder', { ref: 'refs/tags/v2.2.0' }, 'WRONG_IDENTITY'],
] as const)('%s does not build payments', (_what, change, code) => {
  expect(chart).toRefuse(api, code, signedBy(githubReusableWorkflow({ ...BUILDER, ...change })).withProvenance().withSbom(SbomFormat.SPDX_2_3));
});

test('ledger is only warned of, and one digest of a vendor runs without proof', () => {
  const ledger = inNamespace('ledger', 'ghcr.io/acme/ledger/api:v1');
  expect(admissionOf(chart, ledger, unsigned())).toMatchObject({ outcome: 'warned', warnings: [{ code: 'NO_SIGNATURE', policy: 'ledger', until: '2027-06-30' }] });
  const release = githubWorkflow({ repository: 'acme/ledger', workflow: '.github/workflows/release.yml', ref: 'refs/tags/v3' });
  expect(admissionOf(chart, ledger, signedBy(release))).toMatchObject({ outcome: 'admitted', warnings: [] });
  expect(chart).toAdmit(inNamespace('payments', 'docker.io/vendor/metrics-agent@sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'));
  expect(chart).toRefuse(inNamespace('payments', 'docker.io/vendor/metrics-agent:v1'), 'UNMATCHED_IMAGE');
});

test('only the entry of the audit window may be ignored', () => {
  const entries = manifests.filter(({ kind }) => kind === 'ValidatingWebhookConfiguration').flatMap(({ webhooks }) => webhooks);
  expect(entries.map(({ name, failurePolicy, clientConfig }) => `${name}: ${clientConfig.service.path}, ${failurePolicy}`)).toMatchInlineSnapshot(`
[
  "validate-named.proofgate-verifier.proofgate.dev: /validate, Fail",
  "audit-named.proofgate-verifier.proofgate.dev: /audit, Ignore",
]
`);
});

test('credentials are named, never written', () => {
  expect(manifests.flatMap(({ data }) => data?.['registries.json'] ?? []).map((text) => JSON.parse(text) as unknown)).toEqual([
    { 'ghcr.io': { dockerConfigFile: '/etc/proofgate/registry-credentials/ghcr-read/.dockerconfigjson' } },
  ]);
});

test('from the end of the window and the exemption on, it does not synthesize', () => {
  clock.mockReturnValue(END - 1);
  expect(create()).toEnforce('payments');
  clock.mockReturnValue(END);
  expect(() => create()).toRefuseSynthesis('EXPIRED');
});
