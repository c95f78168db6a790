import 'proofgate/testing/jest';
import { Testing } from 'cdk8s';
import { enforcementOf, gitlabPipeline, inNamespace, signedBy, stranger } from 'proofgate/testing';
import { Enforcement } from './chart';

const chart = new Enforcement(Testing.app(), 'enforcement');
const api = inNamespace('payments', 'registry.gitlab.com/acme/backend/payments/api:v1');
const RELEASE = { project: 'acme/backend/payments', ref: 'refs/tags/v1.4.0', projectId: '48127713' };

test('an image needs a signature by the pipeline of a release tag', () => {
  expect(enforcementOf(chart)).toMatchSnapshot();
  expect(chart).toEnforce();
  expect(chart).toAdmit(api, signedBy(gitlabPipeline(RELEASE)));
  expect(chart).toRefuse(api, 'NO_SIGNATURE');
  expect(chart).toRefuse(api, 'WRONG_IDENTITY', signedBy(stranger()));
});

test.each([
  ['a branch', { ref: 'refs/heads/main' }, 'WRONG_IDENTITY'],
  ['another project', { project: 'acme/backend/ledger' }, 'WRONG_IDENTITY'],
  ['another file of the same project', { configuration: 'ci/experiment.yml' }, 'WRONG_IDENTITY'],
  ['another server', { server: 'https://gitlab.mallory.example' }, 'WRONG_IDENTITY'],
  ['a project that was made anew under the path', { projectId: '999' }, 'WRONG_CLAIM'],
] as const)('%s does not release', (_what, change, code) => {
  expect(chart).toRefuse(api, code, signedBy(gitlabPipeline({ ...RELEASE, ...change })));
});
