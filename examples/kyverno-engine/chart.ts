import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { KeylessAttestor, KyvernoEngine, NamespaceSelection, SbomFormat, SbomRequirement, SignedImagePolicy } from 'proofgate';

export class Enforcement extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const kyverno = new KyvernoEngine(this, 'kyverno', { version: '1.19.1' });

    const release = new KeylessAttestor(this, 'release', {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
    });

    new SignedImagePolicy(this, 'payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
      requirements: [new SbomRequirement(this, 'sbom', { attestors: [release], format: SbomFormat.CYCLONE_DX })],
      engine: kyverno,
    });
  }
}
