import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { KeyAttestor, KeylessAttestor, SignedImagePolicy, SlsaProvenanceRequirement, TrustRoot, WebhookVerifier } from 'proofgate';

export interface EnforcementProps {
  /** Host of the company's registry. */
  readonly registry: string;

  /** Path of the `trusted_root.json` of the company's Sigstore instance. */
  readonly trustedRoot: string;
}

export class Enforcement extends Chart {
  constructor(scope: Construct, id: string, { registry, trustedRoot }: EnforcementProps) {
    super(scope, id);

    const verifier = new WebhookVerifier(this, 'verifier', {
      registries: [{ host: registry, caConfigMap: 'registry-ca' }],
    });
    const trustRoot = TrustRoot.pinned(this, 'corp', { file: trustedRoot });

    // Applications: released by their workflow, with a provenance that says so.
    const release = KeylessAttestor.githubWorkflow(this, 'release', {
      repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/tags/v*', trustRoot,
    });
    new SignedImagePolicy(this, 'apps', {
      images: [`${registry}/apps/**`],
      attestors: [release],
      requirements: [
        new SlsaProvenanceRequirement(this, 'provenance', { attestors: [release], source: 'https://github.com/acme/app' }),
      ],
      engine: verifier,
    });

    // Tools of the same release: the signature is enough.
    new SignedImagePolicy(this, 'tools', { images: [`${registry}/tools/**`], attestors: [release], engine: verifier });

    // Base images: two people sign, each with a key of their own.
    const [ada, grace] = ['ada', 'grace'].map((name) => (
      KeyAttestor.fromFile(this, name, { file: join(__dirname, 'keys', `${name}.pub`), trustRoot })
    )) as [KeyAttestor, KeyAttestor];
    new SignedImagePolicy(this, 'base', {
      images: [`${registry}/base/**`],
      attestors: [ada, grace],
      threshold: 2,
      engine: verifier,
    });
  }
}
