import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { KeylessAttestor, NamespaceSelection, PolicyControllerEngine, SbomFormat, SbomRequirement, SignedImagePolicy } from 'proofgate';

export class Enforcement extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const controller = new PolicyControllerEngine(this, 'policy-controller', { version: '0.15.1' });

    const release = new KeylessAttestor(this, 'release', {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
    });

    new SignedImagePolicy(this, 'payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
      requirements: [new SbomRequirement(this, 'sbom', { attestors: [release], format: SbomFormat.CYCLONE_DX })],
      engine: controller,
    });
  }
}
