import { Chart, Testing } from 'cdk8s';
import { KeylessAttestor, NamespaceSelection, PolicyEngine, SignedImagePolicy, SignedImagePolicyProps, SlsaProvenanceRequirement } from '../../lib';
import { githubWorkflow, Identity } from '../../lib/testing';

export const RELEASE = { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' };
export const API = 'ghcr.io/acme/payments/api:v1';
export const PINNED = `ghcr.io/acme/payments/api@sha256:${'a1'.repeat(32)}`;

/** The workflow that the policies here name, as a test spells it out. */
export function release(changes: Partial<Parameters<typeof githubWorkflow>[0]> = {}): Identity {
  return githubWorkflow({ ...RELEASE, ...changes });
}

/** A chart with one policy, in every namespace: images of `ghcr.io/acme/payments/**` need a signature of `release`. */
export function chartWith(props: Partial<SignedImagePolicyProps> = {}, more: (chart: Chart, attestor: KeylessAttestor) => void = () => undefined): Chart {
  const chart = new Chart(Testing.app(), 'enforcement');
  const attestor = KeylessAttestor.githubWorkflow(chart, 'release', RELEASE);
  new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [attestor], ...props });
  more(chart, attestor);
  return chart;
}

/** A chart whose one policy, in one namespace, another engine than the bundled verifier enforces. */
export function foreignChart(makeEngine: (chart: Chart) => PolicyEngine, namespace: string, chart = new Chart(Testing.app(), 'enforcement')): Chart {
  const attestor = KeylessAttestor.email(chart, 'ada', { email: 'ada@acme.example', issuer: 'https://accounts.google.com' });
  new SignedImagePolicy(chart, 'foreign', { images: ['ghcr.io/acme/payments/**'], namespaces: NamespaceSelection.names(namespace), attestors: [attestor], engine: makeEngine(chart) });
  return chart;
}

/** The same with a provenance of the release workflow. */
export function provenChart(): Chart {
  const chart = new Chart(Testing.app(), 'enforcement');
  const attestor = KeylessAttestor.githubWorkflow(chart, 'release', RELEASE);
  const provenance = new SlsaProvenanceRequirement(chart, 'provenance', { attestors: [attestor], source: 'https://github.com/acme/payments' });
  new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [attestor], requirements: [provenance] });
  return chart;
}
