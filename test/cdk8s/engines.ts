import { App, Chart } from 'cdk8s';
import { Exemption, KeylessAttestor, KyvernoEngine, NamespaceSelection, NativeEngine, PolicyControllerEngine, PolicyEngine, SignedImagePolicy, TrustRoot, VerifierTls, WebhookVerifier } from '../../lib';
import { createApp, NEXT_MONTH } from './tree';

/** Every engine, set up so that between them they render all kinds of objects that there are. */
export const ENGINES: { readonly [title: string]: (chart: Chart) => PolicyEngine } = {
  'KyvernoEngine': (chart) => new KyvernoEngine(chart, 'engine', { version: '1.19.1' }),
  'NativeEngine': (chart) => new NativeEngine(chart, 'engine'),
  'PolicyControllerEngine': (chart) => new PolicyControllerEngine(chart, 'engine', { version: '0.15.1' }),
  'WebhookVerifier': (chart) => new WebhookVerifier(chart, 'engine'),
  'WebhookVerifier with cert-manager and a floor': (chart) => new WebhookVerifier(chart, 'engine', { floor: true, tls: VerifierTls.certManager({ name: 'acme' }) }),
};

/** An App in which an engine has one policy or, where it sees no signatures, one exemption. */
export function enforcedBy(make: (chart: Chart) => PolicyEngine): { readonly app: App; readonly chart: Chart } {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  const engine = make(chart);
  if (engine instanceof NativeEngine) {
    new Exemption(chart, 'agent', { engine, image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'the only one here', owner: 'platform', until: NEXT_MONTH, namespaces: NamespaceSelection.except() });
  } else {
    const release = new KeylessAttestor(chart, 'release', { issuer: 'https://issuer.acme.test', subject: 'https://acme.test/release', trustRoot: TrustRoot.publicGood() });
    new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], namespaces: NamespaceSelection.except('cert-manager'), engine });
  }
  return { app, chart };
}
