import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DenyList, Exemption, KeylessAttestor, NamespaceSelection, NativeEngine, SignedImagePolicy, WebhookVerifier } from 'proofgate';

/** One namespace where the API server decides alone, and one where it stands behind the verifier. */
export class Enforcement extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const native = new NativeEngine(this, 'native');

    new Exemption(this, 'node-agent', {
      image: 'docker.io/vendor/node-agent',
      digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
      reason: 'The only image of this namespace, reviewed in SEC-1234',
      owner: 'platform@acme.example',
      until: '2027-06-30',
      namespaces: NamespaceSelection.names('agents'),
      engine: native,
    });

    new DenyList(this, 'withdrawn', {
      digests: ['sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef'],
      reason: 'Withdrawn by its vendor, SEC-1301',
      owner: 'security@acme.example',
      namespaces: NamespaceSelection.names('agents'),
      engine: native,
    });

    const verifier = new WebhookVerifier(this, 'verifier', { floor: true });

    const release = KeylessAttestor.githubWorkflow(this, 'release', {
      repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
    });

    new SignedImagePolicy(this, 'payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
      engine: verifier,
    });
  }
}
