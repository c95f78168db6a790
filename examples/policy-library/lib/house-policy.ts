import { Construct } from 'constructs';
import { Attestor, AuditWindow, NamespaceSelection, Requirement, SignedImagePolicy, TagRule, WebhookVerifier } from 'proofgate';

/** What every team says. */
export interface HousePolicyProps {
  /** Namespaces of the team. What no policy names does not run there. */
  readonly namespaces: string[];

  /** The verifier of the cluster, which all policies share. */
  readonly verifier: WebhookVerifier;

  /**
   * Until when violations are only warned of.
   *
   * @default - they are refused from the start
   */
  readonly rollout?: AuditWindow;
}

/**
 * What all policies of the house have in common: they hold in the namespaces of a team, by digest only, and are enforced by the one verifier of
 * the cluster.
 *
 * A kind of image is a subclass: it says which images it is about, who signs them, and what else must be proven. Its attestors and requirements stand
 * beside the policy, under ids that begin with its own.
 */
export abstract class HousePolicy extends Construct {
  /** The policy that is enforced. */
  public readonly policy: SignedImagePolicy;

  /**
   * @param images patterns over fully qualified repositories
   * @param signers who must have signed, all of them
   * @param requirements what else must be proven
   */
  protected constructor(scope: Construct, id: string, props: HousePolicyProps, images: string[], signers: Attestor[], requirements: Requirement[]) {
    super(scope, id);
    this.policy = new SignedImagePolicy(this, 'images', {
      name: id,
      images,
      namespaces: NamespaceSelection.names(...props.namespaces),
      tags: TagRule.DENY,
      attestors: signers,
      threshold: signers.length,
      requirements,
      ...(props.rollout === undefined ? {} : { audit: props.rollout }),
      engine: props.verifier,
    });
  }
}
