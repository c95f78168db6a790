import { Chart, ChartProps } from 'cdk8s';
import { Cpu, Deployment, Namespace } from 'cdk8s-plus-34';
import { Construct } from 'constructs';
import { KeylessAttestor, NamespaceSelection, SignedImagePolicy, SlsaProvenanceRequirement } from 'proofgate';

/** Where this team's pipeline pushes to: what runs and what is demanded of it both come from here. */
const REPOSITORY = 'ghcr.io/acme/payments';

/** What runs, in cdk8s-plus as ever: nothing in it knows of the policy. */
export class Payments extends Chart {
  readonly home: Namespace;
  readonly api: Deployment;

  constructor(scope: Construct, id: string, props: ChartProps = {}) {
    super(scope, id, { ...props, disableResourceNameHashes: true });

    this.home = new Namespace(this, 'namespace', { metadata: { name: 'payments' } });
    this.api = new Deployment(this, 'api', { metadata: { namespace: this.home.name }, replicas: 2 });
    this.api.addContainer({
      image: `${REPOSITORY}/api:v1`,
      portNumber: 8080,
      resources: { cpu: { request: Cpu.millis(100) } },
    });
    this.api.exposeViaService({ ports: [{ port: 80, targetPort: 8080 }] });
  }
}

export interface EnforcementProps {
  /** Where the policy holds. */
  readonly namespace: Namespace;
}

/** What may run there. */
export class Enforcement extends Chart {
  constructor(scope: Construct, id: string, { namespace }: EnforcementProps) {
    super(scope, id);

    const release = KeylessAttestor.githubWorkflow(this, 'release', {
      repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
    });

    new SignedImagePolicy(this, 'payments', {
      images: [`${REPOSITORY}/**`],
      namespaces: NamespaceSelection.names(namespace.name),
      attestors: [release],
      requirements: [
        new SlsaProvenanceRequirement(this, 'provenance', { attestors: [release], source: 'https://github.com/acme/payments' }),
      ],
    });
  }
}
