import 'proofgate/testing/jest';
import { Chart, Testing } from 'cdk8s';
import { AuditWindow, SbomFormat, WebhookVerifier } from 'proofgate';
import { admissionOf, attestedBy, enforcementOf, githubReusableWorkflow, githubWorkflow, inNamespace, publicKey, signedBy, stranger } from 'proofgate/testing';
import { HousePolicyProps, ServicePolicy, ToolPolicy, VendorPolicy } from '../lib';

// Somebody's public key; nothing is signed with it.
const KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEH9QPOVlKPNhpX81aYv+FMcaSIXWz
wb4yXs1jqRg+WiAf/v4gEM86P6REVhSMGWOoHibOWN4lVXBakBGfeYIW5A==
-----END PUBLIC KEY-----
`;

const DIGEST = `sha256:${'a1'.repeat(32)}`;
const payments = (image: string): object => inNamespace('payments', `${image}@${DIGEST}`) as object;

/** A chart of a team with one policy. */
function chartWith(make: (chart: Chart, common: HousePolicyProps) => void, common: Partial<HousePolicyProps> = {}): Chart {
  const chart = new Chart(Testing.app(), 'payments');
  make(chart, { namespaces: ['payments'], verifier: new WebhookVerifier(chart, 'verifier'), ...common });
  return chart;
}

test('every policy of the house, in full', () => {
  const chart = chartWith((scope, common) => {
    new ServicePolicy(scope, 'payments', { repository: 'acme/payments', repositoryId: '501773211', ...common });
    new ToolPolicy(scope, 'migrate', { repository: 'acme/migrate', ...common });
    new VendorPolicy(scope, 'agent', { images: ['registry.vendor.example/agent'], publicKey: KEY, ...common });
  });
  expect(chart).toEnforce();
  expect(enforcementOf(chart)).toMatchSnapshot();
});

describe('a service', () => {
  const chart = chartWith((scope, common) => void new ServicePolicy(scope, 'payments', { repository: 'acme/payments', repositoryId: '501773211', ...common }));
  const BUILDER = {
    workflowRepository: 'acme/build-workflows', workflow: '.github/workflows/container.yml', ref: 'refs/tags/v2.1.0',
    callerRepository: 'acme/payments', callerRepositoryId: '501773211', callerRef: 'refs/heads/main',
  };
  const api = payments('ghcr.io/acme/payments/api');

  test('runs when the builder of the house built it from main', () => {
    const built = signedBy(githubReusableWorkflow(BUILDER));
    expect(chart).toAdmit(api, built.withProvenance().withSbom(SbomFormat.SPDX_2_3));
    expect(chart).toRefuse(api, 'WRONG_PREDICATE', built.withProvenance());
    expect(chart).toRefuse(api, 'NO_ATTESTATION', built);
    expect(chart).toRefuse(api, 'NO_SIGNATURE', attestedBy(githubReusableWorkflow(BUILDER)).withProvenance().withSbom(SbomFormat.SPDX_2_3));
  });

  test('does not run when it was built elsewhere', () => {
    const own = githubWorkflow({ repository: 'acme/payments', workflow: '.github/workflows/container.yml', ref: 'refs/heads/main' });
    expect(chart).toRefuse(api, 'WRONG_IDENTITY', signedBy(own).withProvenance().withSbom(SbomFormat.SPDX_2_3));
    const branch = githubReusableWorkflow({ ...BUILDER, callerRef: 'refs/heads/feature' });
    expect(chart).toRefuse(api, 'WRONG_CLAIM', signedBy(branch).withProvenance().withSbom(SbomFormat.SPDX_2_3));
  });

  test('does not run by a tag', () => {
    const evidence = signedBy(githubReusableWorkflow(BUILDER)).withProvenance().withSbom(SbomFormat.SPDX_2_3);
    expect(chart).toRefuse(inNamespace('payments', 'ghcr.io/acme/payments/api:v1'), 'TAG_NOT_PINNED', evidence);
  });
});

test('a tool runs when its release workflow built it at a version', () => {
  const chart = chartWith((scope, common) => void new ToolPolicy(scope, 'migrate', { repository: 'acme/migrate', ...common }));
  const at = (ref: string) => signedBy(githubWorkflow({ repository: 'acme/migrate', workflow: '.github/workflows/release.yml', ref })).withProvenance();
  expect(chart).toAdmit(payments('ghcr.io/acme/tools/migrate'), at('refs/tags/v3.0.0'));
  expect(chart).toRefuse(payments('ghcr.io/acme/tools/migrate'), 'WRONG_IDENTITY', at('refs/heads/main'));
  expect(chart).toRefuse(payments('ghcr.io/acme/tools/migrate-next'), 'UNMATCHED_IMAGE', at('refs/tags/v3.0.0'));
});

test('an image of a vendor runs when the vendor and the platform team have signed it', () => {
  const chart = chartWith((scope, common) => void new VendorPolicy(scope, 'agent', { images: ['registry.vendor.example/agent'], publicKey: KEY, ...common }));
  const agent = payments('registry.vendor.example/agent');
  const vendor = signedBy(publicKey({ publicKey: KEY }));
  const review = signedBy(githubWorkflow({ repository: 'acme/vendor-images', workflow: '.github/workflows/countersign.yml', ref: 'refs/heads/main' }));
  expect(chart).toAdmit(agent, vendor.and(review));
  expect(chart).toRefuse(agent, 'BELOW_THRESHOLD', vendor);
  expect(chart).toRefuse(agent, 'BELOW_THRESHOLD', review.and(signedBy(stranger())));
});

test('a rollout warns first, and has an end', () => {
  const rollout = (until: Date): AuditWindow => new AuditWindow({ reason: 'Moving to the builder', owner: 'payments@acme.example', until });
  const watched = (until: Date): Chart => chartWith((scope, common) => void new ToolPolicy(scope, 'migrate', { repository: 'acme/migrate', ...common }), { rollout: rollout(until) });
  const soon = new Date(Date.now() + 86_400_000);
  expect(admissionOf(watched(soon), payments('ghcr.io/acme/tools/migrate')).warnings.map(({ code }) => code)).toEqual(['NO_ATTESTATION', 'NO_SIGNATURE']);
  expect(() => watched(new Date(Date.now() - 86_400_000))).toRefuseSynthesis('EXPIRED');
});
