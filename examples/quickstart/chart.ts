import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { KeylessAttestor, NamespaceSelection, SignedImagePolicy, SlsaProvenanceRequirement } from 'proofgate';

export class Enforcement extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const release = KeylessAttestor.githubWorkflow(this, 'release', {
      repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
    });

    new SignedImagePolicy(this, 'payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
      requirements: [
        new SlsaProvenanceRequirement(this, 'provenance', { attestors: [release], source: 'https://github.com/acme/payments' }),
      ],
    });
  }
}
