import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import {
  AuditWindow, DenyList, Exemption, KeyAttestor, KeylessAttestor, KyvernoEngine, NamespaceSelection, NativeEngine, PolicyControllerEngine, SbomFormat, SbomRequirement,
  SignedImagePolicy, SlsaProvenanceRequirement, TrustRoot, WebhookVerifier,
} from '../../lib/pulumi';

/** The examples' charts, as programs for Pulumi. */
export const STACKS: { readonly [example: string]: () => void } = {
  'quickstart': () => {
    const release = KeylessAttestor.githubWorkflow('release', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
    new SignedImagePolicy('payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
      requirements: [new SlsaProvenanceRequirement('provenance', { attestors: [release], source: 'https://github.com/acme/payments' })],
    });
  },

  'github-slsa3': () => {
    const verifier = new WebhookVerifier('verifier', { registries: [{ host: 'ghcr.io', credentialsSecret: 'ghcr-read' }] });
    const builder = KeylessAttestor.githubReusableWorkflow('builder', {
      workflowRepository: 'acme/build-workflows',
      workflow: '.github/workflows/container.yml',
      ref: 'refs/tags/v2.1.0',
      callerRepository: 'acme/payments',
      callerRepositoryId: '501773211',
      callerRef: 'refs/heads/main',
      trigger: 'push',
    });
    const provenance = new SlsaProvenanceRequirement('provenance', { attestors: [builder], level: 3, source: 'https://github.com/acme/payments' });
    const sbom = new SbomRequirement('sbom', { attestors: [builder], format: SbomFormat.SPDX_2_3 });
    new SignedImagePolicy('payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [builder],
      requirements: [provenance, sbom],
      engine: verifier,
    });
    const release = KeylessAttestor.githubWorkflow('ledger-release', {
      repository: 'acme/ledger', workflow: '.github/workflows/release.yml', refs: ['refs/heads/main', 'refs/tags/v*'],
    });
    new SignedImagePolicy('ledger', {
      images: ['ghcr.io/acme/ledger/**'],
      namespaces: NamespaceSelection.names('ledger'),
      attestors: [release],
      audit: new AuditWindow({ reason: 'Signing is being rolled out, ticket PLAT-431', owner: 'ledger@acme.example', until: '2027-06-30' }),
      engine: verifier,
    });
    new Exemption('metrics-agent', {
      image: 'docker.io/vendor/metrics-agent',
      digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
      reason: 'The vendor signs from its next release on, ticket SEC-1234',
      owner: 'platform@acme.example',
      until: '2027-06-30',
      namespaces: NamespaceSelection.names('ledger', 'payments'),
      engine: verifier,
    });
  },

  'native-engine': () => {
    const native = new NativeEngine('native');
    new Exemption('node-agent', {
      image: 'docker.io/vendor/node-agent',
      digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
      reason: 'The only image of this namespace, reviewed in SEC-1234',
      owner: 'platform@acme.example',
      until: '2027-06-30',
      namespaces: NamespaceSelection.names('agents'),
      engine: native,
    });
    new DenyList('withdrawn', {
      digests: ['sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef'],
      reason: 'Withdrawn by its vendor, SEC-1301',
      owner: 'security@acme.example',
      namespaces: NamespaceSelection.names('agents'),
      engine: native,
    });
    const verifier = new WebhookVerifier('verifier', { floor: true });
    const release = KeylessAttestor.githubWorkflow('release', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
    new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], namespaces: NamespaceSelection.names('payments'), attestors: [release], engine: verifier });
  },

  'cdk8s-plus': () => {
    const release = KeylessAttestor.githubWorkflow('release', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
    new SignedImagePolicy('payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
      requirements: [new SlsaProvenanceRequirement('provenance', { attestors: [release], source: 'https://github.com/acme/payments' })],
    });
  },

  'private-sigstore': () => void privateSigstore(),

  'kyverno-engine': () => {
    const kyverno = new KyvernoEngine('kyverno', { version: '1.19.1' });
    const release = new KeylessAttestor('release', {
      issuer: 'https://token.actions.githubusercontent.com', subject: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
    });
    new SignedImagePolicy('payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
      requirements: [new SbomRequirement('sbom', { attestors: [release], format: SbomFormat.CYCLONE_DX })],
      engine: kyverno,
    });
  },

  'policy-controller-engine': () => {
    const controller = new PolicyControllerEngine('policy-controller', { version: '0.15.1' });
    const release = new KeylessAttestor('release', {
      issuer: 'https://token.actions.githubusercontent.com', subject: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
    });
    new SignedImagePolicy('payments', {
      images: ['ghcr.io/acme/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [release],
      requirements: [new SbomRequirement('sbom', { attestors: [release], format: SbomFormat.CYCLONE_DX })],
      engine: controller,
    });
  },

  'gitlab': () => {
    const pipeline = KeylessAttestor.gitlabPipeline('pipeline', { project: 'acme/backend/payments', ref: 'refs/tags/v*', projectId: '48127713' });
    new SignedImagePolicy('payments', { images: ['registry.gitlab.com/acme/backend/payments/**'], namespaces: NamespaceSelection.names('payments'), attestors: [pipeline] });
  },

  'key-rotation': () => {
    const key = (name: string): string => join(__dirname, '../../examples/key-rotation/keys', name);
    const release = new KeyAttestor('release', {
      keys: [{ file: key('release-2026.pub'), validUntil: '2027-01-01' }, { file: key('release-2027.pub'), validFrom: '2026-12-01' }],
    });
    new SignedImagePolicy('payments', { images: ['registry.acme.example/payments/**'], namespaces: NamespaceSelection.names('payments'), attestors: [release] });
  },

  'multi-tenant': () => {
    const engine = new WebhookVerifier('verifier', {});
    const releaseOf = (name: string): KeylessAttestor => (
      KeylessAttestor.githubWorkflow(`${name}-release`, { repository: `acme/${name}`, workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' })
    );
    new SignedImagePolicy('payments', {
      images: ['ghcr.io/acme/payments/**'], namespaces: NamespaceSelection.names('payments', 'payments-jobs'), attestors: [releaseOf('payments')], engine,
    });
    new SignedImagePolicy('ledger', {
      images: ['ghcr.io/acme/ledger/**'],
      namespaces: NamespaceSelection.names('ledger'),
      attestors: [releaseOf('ledger')],
      audit: new AuditWindow({ reason: 'ledger is moving to signed images', owner: 'ledger@acme.example', until: '2027-03-31' }),
      engine,
    });
    new SignedImagePolicy('previews', {
      images: ['ghcr.io/acme/previews/**'], namespaces: NamespaceSelection.labels({ 'platform.acme.example/preview': 'true' }), attestors: [releaseOf('platform')], engine,
    });
    new Exemption('proxy', {
      image: 'docker.io/vendor/proxy',
      digests: ['sha256:3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b'],
      reason: 'The vendor signs from its next release on, ticket SEC-1234',
      owner: 'platform@acme.example',
      until: '2027-06-30',
      namespaces: NamespaceSelection.names('payments', 'payments-jobs', 'ledger'),
      engine,
    });
  },
};

/** What a company's own instance differs in. */
export interface PrivateSigstore {
  /** Path of its `trusted_root.json`. */
  readonly trustedRoot?: string;
  /** Of the verifier. */
  readonly opts?: pulumi.ComponentResourceOptions;
  /** Further images of the policy for tools. */
  readonly moreTools?: string[];
}

const PRIVATE_SIGSTORE = join(__dirname, '../../examples/private-sigstore');

/** The example of that name, with its registry. */
export function privateSigstore({ trustedRoot = join(PRIVATE_SIGSTORE, 'sigstore/trusted_root.json'), opts = {}, moreTools = [] }: PrivateSigstore = {}): WebhookVerifier {
  const registry = 'registry.corp.example';
  const verifier = new WebhookVerifier('verifier', { registries: [{ host: registry, caConfigMap: 'registry-ca' }] }, opts);
  const trustRoot = TrustRoot.pinned('corp', { file: trustedRoot });
  const release = KeylessAttestor.githubWorkflow('release', { repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/tags/v*', trustRoot });
  new SignedImagePolicy('apps', {
    images: [`${registry}/apps/**`],
    attestors: [release],
    requirements: [new SlsaProvenanceRequirement('provenance', { attestors: [release], source: 'https://github.com/acme/app' })],
    engine: verifier,
  });
  new SignedImagePolicy('tools', { images: [`${registry}/tools/**`, ...moreTools], attestors: [release], engine: verifier });
  const [ada, grace] = ['ada', 'grace'].map((name) => KeyAttestor.fromFile(name, { file: join(PRIVATE_SIGSTORE, 'keys', `${name}.pub`), trustRoot })) as [KeyAttestor, KeyAttestor];
  new SignedImagePolicy('base', { images: [`${registry}/base/**`], attestors: [ada, grace], threshold: 2, engine: verifier });
  return verifier;
}
