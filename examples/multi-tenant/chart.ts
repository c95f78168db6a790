import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { AuditWindow, Exemption, KeylessAttestor, NamespaceSelection, SignedImagePolicy, WebhookVerifier } from 'proofgate';

/** A team, its repository, and where it runs. */
export interface Team {
  readonly name: string;
  readonly repository: string;
  readonly namespaces: string[];
  /** A date until which violations are only warned of. */
  readonly auditUntil?: string;
}

export interface EnforcementProps {
  readonly teams: Team[];
}

export class Enforcement extends Chart {
  constructor(scope: Construct, id: string, { teams }: EnforcementProps) {
    super(scope, id);

    const engine = new WebhookVerifier(this, 'verifier');

    // Each team's images run in its own namespaces, released by its own workflow; one team's image is nobody's in those of another.
    for (const { name, repository, namespaces, auditUntil } of teams) {
      const release = KeylessAttestor.githubWorkflow(this, `${name}-release`, { repository, workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
      new SignedImagePolicy(this, name, {
        images: [`ghcr.io/acme/${name}/**`],
        namespaces: NamespaceSelection.names(...namespaces),
        attestors: [release],
        ...auditUntil !== undefined && { audit: new AuditWindow({ reason: `${name} is moving to signed images`, owner: `${name}@acme.example`, until: auditUntil }) },
        engine,
      });
    }

    // Namespaces that come and go carry a label that only the platform may set.
    const platform = KeylessAttestor.githubWorkflow(this, 'platform-release', { repository: 'acme/platform', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
    new SignedImagePolicy(this, 'previews', {
      images: ['ghcr.io/acme/previews/**'],
      namespaces: NamespaceSelection.labels({ 'platform.acme.example/preview': 'true' }),
      attestors: [platform],
      engine,
    });

    // What every team runs beside its own, and nobody signs yet: this digest, everywhere that teams run, and not for ever.
    new Exemption(this, 'proxy', {
      image: 'docker.io/vendor/proxy',
      digests: ['sha256:3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b'],
      reason: 'The vendor signs from its next release on, ticket SEC-1234',
      owner: 'platform@acme.example',
      until: '2027-06-30',
      namespaces: NamespaceSelection.names(...teams.flatMap(({ namespaces }) => namespaces)),
      engine,
    });
  }
}
