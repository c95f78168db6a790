import { App, Chart } from 'cdk8s';
import { KeylessAttestor, SignedImagePolicy } from 'proofgate';

function enforcement(ref: string, images: string): [App, Chart] {
  const app = new App();
  const chart = new Chart(app, 'enforcement');
  const release = KeylessAttestor.githubWorkflow(chart, 'release', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref });
  new SignedImagePolicy(chart, 'payments', { images: [images], attestors: [release] });
  return [app, chart];
}

function attempt(act: () => void): void {
  try {
    act();
    console.log('allowed');
  } catch (error) {
    console.log((error as Error).message);
  }
}

// By a factory, by a constructor; and what is sound.
attempt(() => enforcement('main', 'ghcr.io/acme/payments'));
attempt(() => enforcement('refs/heads/main', 'ghcr.io/acme*'));
attempt(() => enforcement('refs/heads/main', 'ghcr.io/acme/payments')[0].synthYaml());
