import { Construct } from 'constructs';
import { KeyAttestor, KeylessAttestor } from 'proofgate';
import { HousePolicy, HousePolicyProps } from './house-policy';

/** Images of somebody else. */
export interface VendorPolicyProps extends HousePolicyProps {
  /** Patterns over their fully qualified repositories, for example `registry.vendor.example/agent`. */
  readonly images: string[];

  /** The vendor's public key, PEM. */
  readonly publicKey: string;
}

/**
 * What others build is signed by its vendor, and once more by the platform team, which has looked at it.
 *
 * @example
 *
 * new VendorPolicy(this, 'agent', { images: ['registry.vendor.example/agent'], publicKey, namespaces: ['payments'], verifier });
 */
export class VendorPolicy extends HousePolicy {
  constructor(scope: Construct, id: string, props: VendorPolicyProps) {
    super(scope, id, props, props.images, [
      new KeyAttestor(scope, `${id}-vendor`, { publicKey: props.publicKey }),
      KeylessAttestor.githubWorkflow(scope, `${id}-review`, {
        repository: 'acme/vendor-images', workflow: '.github/workflows/countersign.yml', ref: 'refs/heads/main',
      }),
    ], []);
  }
}
