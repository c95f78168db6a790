import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  AuditWindow, Exemption, KeylessAttestor, NamespaceSelection, SbomFormat, SbomRequirement, SignedImagePolicy, SlsaProvenanceRequirement, WebhookVerifier,
} from 'proofgate';

export class Enforcement extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const verifier = new WebhookVerifier(this, 'verifier', {
      registries: [{ host: 'ghcr.io', credentialsSecret: 'ghcr-read' }],
    });

    // The builder: a workflow that the teams call and cannot change, pinned to a tag. The identity binds who called it, too.
    const builder = KeylessAttestor.githubReusableWorkflow(this, 'builder', {
      workflowRepository: 'acme/build-workflows',
      workflow: '.github/workflows/container.yml',
      ref: 'refs/tags/v2.1.0',
      callerRepository: 'acme/payments',
      callerRepositoryId: '501773211',
      callerRef: 'refs/heads/main',
      trigger: 'push',
    });

    const provenance = new SlsaProvenanceRequirement(this, 'provenance', {
      attestors: [builder],
      level: 3,
      source: 'https://github.com/acme/payments',
    });
    const sbom = new SbomRequirement(this, 'sbom', {
      attestors: [builder],
      format: SbomFormat.SPDX_2_3,
    });

    new SignedImagePolicy(this, 'payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [builder],
      requirements: [provenance, sbom],
      engine: verifier,
    });

    // On its way there: violations are admitted with a warning until the window ends, from then on they are refused.
    const release = KeylessAttestor.githubWorkflow(this, 'ledger-release', {
      repository: 'acme/ledger', workflow: '.github/workflows/release.yml', refs: ['refs/heads/main', 'refs/tags/v*'],
    });
    new SignedImagePolicy(this, 'ledger', {
      images: ['ghcr.io/acme/ledger/**'],
      namespaces: NamespaceSelection.names('ledger'),
      attestors: [release],
      audit: new AuditWindow({ reason: 'Signing is being rolled out, ticket PLAT-431', owner: 'ledger@acme.example', until: '2027-06-30' }),
      engine: verifier,
    });

    // Somebody else's image, not signed yet: this digest and no other, and not for ever.
    new Exemption(this, 'metrics-agent', {
      image: 'docker.io/vendor/metrics-agent',
      digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
      reason: 'The vendor signs from its next release on, ticket SEC-1234',
      owner: 'platform@acme.example',
      until: '2027-06-30',
      namespaces: NamespaceSelection.names('ledger', 'payments'),
      engine: verifier,
    });
  }
}
