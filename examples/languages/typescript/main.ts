import { App, Chart } from 'cdk8s';
import { KeylessAttestor, NamespaceSelection, SignedImagePolicy, SlsaProvenanceRequirement } from 'proofgate';

const app = new App();
const chart = new Chart(app, 'enforcement');

const release = KeylessAttestor.githubWorkflow(chart, 'release', {
  repository: 'acme/payments',
  workflow: '.github/workflows/release.yml',
  ref: 'refs/heads/main',
});

new SignedImagePolicy(chart, 'payments', {
  images: ['ghcr.io/acme/payments/**'],
  namespaces: NamespaceSelection.names('payments'),
  attestors: [release],
  requirements: [
    new SlsaProvenanceRequirement(chart, 'provenance', { attestors: [release], source: 'https://github.com/acme/payments' }),
  ],
});

app.synth();
