import { App, Chart } from 'cdk8s';
import { KeylessAttestor, NamespaceSelection, SignedImagePolicy, SlsaProvenanceRequirement } from 'proofgate';

const app = new App();
const chart = new Chart(app, 'enforcement');

const release = KeylessAttestor.githubWorkflow(chart, 'release', {
  repository: 'acme/payments',
  workflow: '.github/workflows/release.yml',
  refs: ['refs/heads/main', 'refs/tags/v*'],
});

new SignedImagePolicy(chart, 'payments', {
  images: ['ghcr.io/acme/payments/**'],
  namespaces: NamespaceSelection.except('sandbox'),
  attestors: [release],
  requirements: [
    new SlsaProvenanceRequirement(chart, 'provenance', { attestors: [release], source: 'https://github.com/acme/payments' }),
  ],
});

app.synth();
