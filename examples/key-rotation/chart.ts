import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { KeyAttestor, NamespaceSelection, SignedImagePolicy } from 'proofgate';

export class Enforcement extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // One party with two keys: what the old one signed in its time stays good, and for a month both sign.
    const release = new KeyAttestor(this, 'release', {
      keys: [
        { file: join(__dirname, 'keys/release-2026.pub'), validUntil: '2027-01-01' },
        { file: join(__dirname, 'keys/release-2027.pub'), validFrom: '2026-12-01' },
      ],
    });

    new SignedImagePolicy(this, 'payments', {
      images: ['registry.acme.example/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
    });
  }
}
