import 'proofgate/testing/jest';
import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import { enforcementOf, githubWorkflow, inNamespace, signedBy, stranger } from 'proofgate/testing';
import { Enforcement } from './chart';

const createChart = (): Enforcement => new Enforcement(Testing.app(), 'enforcement');
const chart = createChart();
const api = inNamespace('payments', 'ghcr.io/acme/payments/api:v1');
const release = githubWorkflow({ repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });

test('an image needs a signature and a provenance by the release workflow at main', () => {
  expect(enforcementOf(chart)).toMatchSnapshot();
  expect(chart).toEnforce();
  expect(chart).toAdmit(api, signedBy(release).withProvenance());
  expect(chart).toRefuse(api, 'NO_SIGNATURE');
  expect(chart).toRefuse(api, 'NO_ATTESTATION', signedBy(release));
  expect(chart).toRefuse(api, 'WRONG_IDENTITY', signedBy(stranger()));
});

test('a branch, or another repository, does not release', () => {
  const branch = githubWorkflow({ repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/feature' });
  expect(chart).toRefuse(api, 'WRONG_IDENTITY', signedBy(branch).withProvenance());
  expect(chart).toRefuse(api, 'WRONG_PROVENANCE', signedBy(release).withProvenance({ source: 'https://github.com/mallory/payments' }));
});

test('what no policy names does not run in payments, not even as a sidecar', () => {
  expect(chart).toRefuse(inNamespace('payments', 'docker.io/library/nginx:1.29'), 'UNMATCHED_IMAGE');
  const pod = { containers: [{ name: 'api', image: 'ghcr.io/acme/payments/api:v1' }, { name: 'proxy', image: 'docker.io/library/nginx:1.29' }] };
  expect(chart).toRefuse(inNamespace('payments', pod), 'UNMATCHED_IMAGE', { 'ghcr.io/acme/payments/api': signedBy(release).withProvenance() });
});

test('a patch that would let everything pass when nobody answers does not synthesize', () => {
  expect(() => {
    const patched = createChart();
    const webhook = patched.node.findAll().find((object) => ApiObject.isApiObject(object) && object.kind === 'ValidatingWebhookConfiguration') as ApiObject;
    webhook.addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore'));
    return patched;
  }).toRefuseSynthesis('FAILURE_POLICY');
});
