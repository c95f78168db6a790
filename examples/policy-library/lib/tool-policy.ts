import { Construct } from 'constructs';
import { KeylessAttestor, SlsaProvenanceRequirement } from 'proofgate';
import { HousePolicy, HousePolicyProps } from './house-policy';

/** A tool of Acme. */
export interface ToolPolicyProps extends HousePolicyProps {
  /** Its repository, `acme/NAME`; its image is `ghcr.io/acme/tools/NAME`. */
  readonly repository: string;
}

/**
 * Tools are released by a workflow of their own repository, at a tag of a version.
 *
 * @example
 *
 * new ToolPolicy(this, 'migrate', { repository: 'acme/migrate', namespaces: ['payments'], verifier });
 */
export class ToolPolicy extends HousePolicy {
  constructor(scope: Construct, id: string, props: ToolPolicyProps) {
    const release = KeylessAttestor.githubWorkflow(scope, `${id}-release`, {
      repository: props.repository, workflow: '.github/workflows/release.yml', ref: 'refs/tags/v*',
    });
    super(scope, id, props, [`ghcr.io/acme/tools/${props.repository.split('/')[1] ?? ''}`], [release], [
      new SlsaProvenanceRequirement(scope, `${id}-provenance`, { attestors: [release], source: `https://github.com/${props.repository}` }),
    ]);
  }
}
