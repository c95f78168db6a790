import { App, Chart, Testing } from 'cdk8s';
import {
  Exemption, KeylessAttestor, KyvernoEngine, NamespaceSelection, NativeEngine, PolicyControllerEngine, PolicyEngine, SignedImagePolicy, TrustRoot, VerifierTls, WebhookVerifier,
} from '../../lib';
import { createApp, createAttestor, NEXT_MONTH, Tree, WAYS, Written } from './tree';

const json = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","certificateAuthorities":[{}],"tlogs":[{}]}';

const inOrder = <T>(items: T[]): T[] => items;
const reversed = <T>(items: T[]): T[] => [...items].reverse();

type Make = (chart: Chart, order: typeof inOrder) => void;

const ORDERS: readonly (readonly [string, Make])[] = [
  ['policies', (chart, order) => order(['a', 'b', 'c', 'd']).forEach((id) => {
    new SignedImagePolicy(chart, id, { images: [`ghcr.io/acme/${id}`], attestors: [createAttestor(chart, `${id}-release`)] });
  })],
  ['policies and exemptions', (chart, order) => order(['a', 'b', 'c']).forEach((id) => {
    const until = NEXT_MONTH;
    new SignedImagePolicy(chart, id, { images: [`ghcr.io/acme/${id}`], attestors: [createAttestor(chart, `${id}-release`)] });
    new Exemption(chart, `${id}-old`, { image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'not signed yet', owner: 'platform', until });
  })],
  ['policies of which one brings permissions, with cert-manager', (chart, order) => {
    const verifier = new WebhookVerifier(chart, 'verifier', { tls: VerifierTls.certManager({ name: 'ca' }) });
    order([NamespaceSelection.names('team'), NamespaceSelection.labels({ team: 'a' })]).forEach((namespaces) => {
      const id = 'names' in namespaces._document ? 'by-name' : 'by-label';
      new SignedImagePolicy(chart, id, { images: ['ghcr.io/acme/app'], attestors: [createAttestor(chart, `${id}-release`)], namespaces, engine: verifier });
    });
  }],
  ['trust roots', (chart, order) => {
    const roots = order(['company', 'backup']).map((name) => TrustRoot.pinned(chart, name, { json }));
    roots.forEach((trustRoot) => {
      const attestor = new KeylessAttestor(chart, `${trustRoot.name}-signer`, { issuer: 'https://id.acme.example', subject: 'release@acme.example', trustRoot });
      new SignedImagePolicy(chart, trustRoot.name, { images: [`ghcr.io/acme/${trustRoot.name}`], attestors: [attestor] });
    });
  }],
  ['attestors and images of a policy', (chart, order) => {
    const attestors = ['a', 'b'].map((id) => createAttestor(chart, id));
    new SignedImagePolicy(chart, 'policy', { images: order(['ghcr.io/acme/a', 'ghcr.io/acme/b']), attestors: order(attestors) });
  }],
  ['namespaces of a policy', (chart, order) => {
    new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/a'], attestors: [createAttestor(chart)], namespaces: NamespaceSelection.except(...order(['a', 'b'])) });
  }],
];

function written(synth: (tree: Pick<Tree, 'app' | 'chart'>) => Written[], make: Make, order: typeof inOrder): string {
  const app = createApp();
  const chart = new Chart(app, 'enforcement');
  make(chart, order);
  return JSON.stringify(synth({ app, chart }));
}

describe.each(Object.entries(WAYS))('%s', (_, synth) => {
  test.each(ORDERS)('%s in another order are the same objects in the same order', (_name, make) => {
    expect(written(synth, make, reversed)).toBe(written(synth, make, inOrder));
  });
});

const SELECTIONS: { readonly [name: string]: NamespaceSelection | undefined } = {
  default: undefined,
  names: NamespaceSelection.names('payments'),
  'other names': NamespaceSelection.names('orders'),
  labels: NamespaceSelection.labels({ team: 'b' }),
  'other labels': NamespaceSelection.labels({ team: 'a' }),
  except: NamespaceSelection.except('kube-system', 'payments'),
};

const PAIRS = Object.keys(SELECTIONS).flatMap((one, index, all) => all.slice(index + 1).map((other) => [one, other] as const));

const byPolicies = (create: (chart: Chart) => PolicyEngine, attestor: (chart: Chart) => KeylessAttestor) => (pair: readonly string[]): Make => (chart, order) => {
  const [engine, release] = [create(chart), attestor(chart)];
  order([...pair]).forEach((name) => {
    const namespaces = SELECTIONS[name];
    new SignedImagePolicy(chart, name, { name: name.replace(' ', '-'), images: ['ghcr.io/acme/app'], attestors: [release], engine, ...namespaces && { namespaces } });
  });
};

const signer = (chart: Chart): KeylessAttestor => (
  new KeylessAttestor(chart, 'release', { issuer: 'https://id.acme.example', subject: 'release@acme.example', trustRoot: TrustRoot.publicGood() })
);

const ENGINES: { readonly [engine: string]: (pair: readonly string[]) => Make } = {
  verifier: byPolicies((chart) => new WebhookVerifier(chart, 'engine'), signer),
  'verifier with a floor': byPolicies((chart) => new WebhookVerifier(chart, 'engine', { floor: true }), signer),
  Kyverno: byPolicies((chart) => new KyvernoEngine(chart, 'engine', { version: '1.19.1' }), signer),
  'policy-controller': byPolicies((chart) => new PolicyControllerEngine(chart, 'engine', { version: '0.15.1' }), signer),
  'API server': (pair) => (chart, order) => {
    const engine = new NativeEngine(chart, 'engine');
    order([...pair]).forEach((name) => {
      const namespaces = SELECTIONS[name] ?? NamespaceSelection.except();
      new Exemption(chart, name, {
        name: name.replace(' ', '-'), image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'not signed yet', owner: 'platform', until: NEXT_MONTH, engine, namespaces,
      });
    });
  },
};

describe.each(Object.entries(ENGINES))('%s', (_, make) => {
  test.each(PAIRS)('%s and %s in either order are the same objects in the same order', (...pair) => {
    const synth = WAYS['app.synth'] as (typeof WAYS)[string];
    expect(written(synth, make(pair), reversed)).toBe(written(synth, make(pair), inOrder));
  });
});

test('what was written before another policy came is written the same with it as if it had come at once', () => {
  const lookedAt = (look: (chart: Chart) => void): Make => (chart) => {
    const [engine, release] = [new KyvernoEngine(chart, 'engine', { version: '1.19.1' }), signer(chart)];
    ['labels', 'names', 'default', 'other labels'].forEach((name) => {
      const namespaces = SELECTIONS[name];
      new SignedImagePolicy(chart, name, { name: name.replace(' ', '-'), images: ['ghcr.io/acme/app'], attestors: [release], engine, ...namespaces && { namespaces } });
      look(chart);
    });
  };
  const synth = WAYS['app.synth'] as (typeof WAYS)[string];
  expect(written(synth, lookedAt((chart) => {
    Testing.synth(chart);
  }), inOrder)).toBe(written(synth, lookedAt(() => undefined), inOrder));
});

test('each policy is written after one other, however many came in between: cdk8s follows every path of dependencies', () => {
  const app = new App();
  const chart = new Chart(app, 'enforcement');
  const release = KeylessAttestor.githubWorkflow(chart, 'release', { repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
  const policies = Array.from({ length: 20 }, (_, index) => (
    new SignedImagePolicy(chart, `app-${index}`, { images: [`ghcr.io/acme/app-${index}`], attestors: [release] })
  ));
  app.synthYaml();
  const dependencies = policies.map(({ node }) => node.defaultChild?.node.dependencies.length ?? NaN);
  expect(dependencies.sort((a, b) => a - b)).toEqual([0, ...Array.from({ length: 19 }, () => 1)]);
});
