import { Construct } from 'constructs';
import { KeylessAttestor, SbomFormat, SbomRequirement, SlsaProvenanceRequirement } from 'proofgate';
import { HousePolicy, HousePolicyProps } from './house-policy';

/** A service of Acme. */
export interface ServicePolicyProps extends HousePolicyProps {
  /** Its repository, `acme/NAME`; its images are `ghcr.io/acme/NAME/**`. */
  readonly repository: string;

  /** Numeric id of the repository, which a repository that is made anew under the name does not have. */
  readonly repositoryId: string;
}

/**
 * Services are built by the builder of the house, from the main branch of their repository, with provenance of level 3 and a bill of materials.
 *
 * @example
 *
 * new ServicePolicy(this, 'payments', { repository: 'acme/payments', repositoryId: '501773211', namespaces: ['payments'], verifier });
 */
export class ServicePolicy extends HousePolicy {
  constructor(scope: Construct, id: string, props: ServicePolicyProps) {
    const builder = KeylessAttestor.githubReusableWorkflow(scope, `${id}-builder`, {
      workflowRepository: 'acme/build-workflows',
      workflow: '.github/workflows/container.yml',
      ref: 'refs/tags/v2.1.0',
      callerRepository: props.repository,
      callerRepositoryId: props.repositoryId,
      callerRef: 'refs/heads/main',
    });
    super(scope, id, props, [`ghcr.io/${props.repository}/**`], [builder], [
      new SlsaProvenanceRequirement(scope, `${id}-provenance`, { attestors: [builder], level: 3, source: `https://github.com/${props.repository}` }),
      new SbomRequirement(scope, `${id}-sbom`, { attestors: [builder], format: SbomFormat.SPDX_2_3 }),
    ]);
  }
}
