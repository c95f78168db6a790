import 'proofgate/testing/jest';
import { Testing } from 'cdk8s';
import { admissionOf, enforcementOf, githubWorkflow, Identity, inNamespace, signedBy, unsigned, Workload } from 'proofgate/testing';
import { Enforcement } from './chart';

/** The dates in the chart are judged against the clock: the tests have one of their own, so that they mean the same every day. */
const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-12-01'));
afterAll(() => clock.mockRestore());

const chart = new Enforcement(Testing.app(), 'enforcement', {
  teams: [
    { name: 'payments', repository: 'acme/payments', namespaces: ['payments', 'payments-jobs'] },
    { name: 'ledger', repository: 'acme/ledger', namespaces: ['ledger'], auditUntil: '2027-03-31' },
  ],
});
/** Previews are selected by a label, so that those of every namespace have to be known. */
const at = (namespace: string, image: string, labels: { readonly [key: string]: string } = {}): Workload => inNamespace(namespace, image, labels);
const releaseOf = (repository: string): Identity => githubWorkflow({ repository, workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
const payments = signedBy(releaseOf('acme/payments'));
const PROXY = 'docker.io/vendor/proxy@sha256:3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b';

test('each team has a policy where it runs', () => {
  expect(enforcementOf(chart)).toMatchSnapshot();
  expect(chart).toEnforce('payments', 'previews');
});

test('a team\'s image runs in its namespaces and in those of nobody else', () => {
  expect(chart).toAdmit(at('payments', 'ghcr.io/acme/payments/api:v1'), payments);
  expect(chart).toAdmit(at('payments-jobs', 'ghcr.io/acme/payments/api:v1'), payments);
  expect(chart).toRefuse(at('payments', 'ghcr.io/acme/ledger/api:v1'), 'UNMATCHED_IMAGE', signedBy(releaseOf('acme/ledger')));
});

test('one team does not release for another', () => {
  expect(chart).toRefuse(at('payments', 'ghcr.io/acme/payments/api:v1'), 'WRONG_IDENTITY', signedBy(releaseOf('acme/ledger')));
});

test('a team in its window is warned, and the others are not in it', () => {
  expect(admissionOf(chart, at('ledger', 'ghcr.io/acme/ledger/api:v1'), unsigned())).toMatchObject({ outcome: 'warned', warnings: [{ policy: 'ledger' }] });
  expect(chart).toRefuse(at('payments', 'ghcr.io/acme/payments/api:v1'), 'NO_SIGNATURE');
});

test('what all run beside it is one digest, and only where teams run', () => {
  expect(chart).toAdmit(at('payments', PROXY));
  expect(chart).toAdmit(at('ledger', PROXY));
  expect(chart).toRefuse(at('payments', 'docker.io/vendor/proxy:v1'), 'UNMATCHED_IMAGE');
});

test('previews run in namespaces with the label, wherever they are', () => {
  const preview = signedBy(releaseOf('acme/platform'));
  expect(chart).toAdmit(at('pr-12', 'ghcr.io/acme/previews/shop:v1', { 'platform.acme.example/preview': 'true' }), preview);
  expect(chart).toRefuse(at('pr-12', 'ghcr.io/acme/previews/shop:v1', { 'platform.acme.example/preview': 'true' }), 'WRONG_IDENTITY', payments);
  expect(admissionOf(chart, at('pr-12', 'ghcr.io/acme/previews/shop:v1'), unsigned())).toMatchObject({ outcome: 'uncovered' });
});
