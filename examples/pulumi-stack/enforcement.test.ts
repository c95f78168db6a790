import 'proofgate/testing/jest';
import * as pulumi from '@pulumi/pulumi';
import { enforcementOf, githubWorkflow, inNamespace, signedBy } from 'proofgate/testing';
import { enforcement } from './enforcement';

/** The Kubernetes objects that the program registers. */
const objects: object[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      objects.push(...(type.startsWith('kubernetes:') ? [inputs as object] : []));
      return { id: name, state: inputs as object };
    },
    call: ({ inputs }) => inputs as object,
  });
  await new Promise<string>((resolve) => {
    enforcement().policyDigest.apply(resolve);
  });
});

test('an image needs a signature and a provenance by the release workflow at main', () => {
  const release = githubWorkflow({ repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
  const api = inNamespace('payments', 'ghcr.io/acme/payments/api:v1');
  expect(enforcementOf(objects)).toMatchSnapshot();
  expect(objects).toEnforce();
  expect(objects).toAdmit(api, signedBy(release).withProvenance());
  expect(objects).toRefuse(api, 'NO_ATTESTATION', signedBy(release));
  expect(objects).toRefuse(api, 'NO_SIGNATURE');
});
