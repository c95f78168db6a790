import * as pulumi from '@pulumi/pulumi';
import { KeylessAttestor, NamespaceSelection, SignedImagePolicy, SlsaProvenanceRequirement, WebhookVerifier } from 'proofgate/pulumi';

/** What may run in this cluster. */
export function enforcement(opts: pulumi.ComponentResourceOptions = {}): SignedImagePolicy {
  const verifier = new WebhookVerifier('verifier', {}, opts);

  const release = KeylessAttestor.githubWorkflow('release', {
    repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
  });

  return new SignedImagePolicy('payments', {
    images: ['ghcr.io/acme/payments/**'],
    namespaces: NamespaceSelection.names('payments'),
    attestors: [release],
    requirements: [
      new SlsaProvenanceRequirement('provenance', { attestors: [release], source: 'https://github.com/acme/payments' }),
    ],
    engine: verifier,
  });
}
