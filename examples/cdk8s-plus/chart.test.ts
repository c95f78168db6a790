import 'proofgate/testing/jest';
import { ApiObject, Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-34';
import { admissionOf, enforcementOf, githubWorkflow, signedBy, stranger } from 'proofgate/testing';
import { Enforcement, Payments } from './chart';

const app = Testing.app();
const payments = new Payments(app, 'payments');
const chart = new Enforcement(app, 'enforcement', { namespace: payments.home });

/** The Deployment as it is written, with its namespace. */
const api = ApiObject.of(payments.api);
const release = githubWorkflow({ repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });

test('the policy holds where the team runs', () => {
  expect(enforcementOf(chart)).toMatchSnapshot();
  expect(chart).toEnforce();
});

test('the Deployment of the team runs with its proof, and with nothing less', () => {
  expect(chart).toAdmit(api, signedBy(release).withProvenance());
  expect(chart).toRefuse(api, 'NO_SIGNATURE');
  expect(chart).toRefuse(api, 'NO_ATTESTATION', signedBy(release));
  expect(chart).toRefuse(api, 'WRONG_IDENTITY', signedBy(stranger()).withProvenance());
});

test('a container that somebody adds is judged as well', () => {
  const scope = new Payments(Testing.app(), 'payments');
  scope.api.addContainer({ name: 'proxy', image: 'docker.io/library/nginx:1.29' });
  expect(chart).toRefuse(ApiObject.of(scope.api), 'UNMATCHED_IMAGE', { 'ghcr.io/acme/payments/api': signedBy(release).withProvenance() });
});

test('a Deployment in another namespace is none of this policy\'s', () => {
  const scope = new Payments(Testing.app(), 'payments');
  const elsewhere = new Deployment(scope, 'elsewhere', { metadata: { namespace: 'ledger' }, containers: [{ image: 'ghcr.io/acme/payments/api:v1' }] });
  expect(admissionOf(chart, ApiObject.of(elsewhere)).outcome).toBe('uncovered');
});
