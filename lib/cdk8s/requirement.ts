import { Construct } from 'constructs';
import { Requirement as RequirementDocument } from '../policy/document';
import { Attestor } from './attestor';
import { namedAttestors } from './attestor-names';
import { refuseRequirement } from '../authoring/document-part';
import { EnforcementRoll } from './roll';

/**
 * One thing that must be proven beside the signature: an `SlsaProvenanceRequirement`, `SbomRequirement`, `VulnerabilityScanRequirement`,
 * `VerificationSummaryRequirement` or `AttestationRequirement`.
 *
 * It takes effect through the policies that name it; one that nothing names is refused at synthesis.
 *
 * @example
 *
 * const requirements: Requirement[] = [
 *   new SlsaProvenanceRequirement(this, 'provenance', { attestors: [release], source: 'https://github.com/acme/payments' }),
 *   new SbomRequirement(this, 'sbom', { attestors: [release], format: SbomFormat.SPDX_2_3 }),
 * ];
 *
 * new SignedImagePolicy(this, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], requirements });
 */
export abstract class Requirement extends Construct {
  /** Its name in policies, verdicts and messages: the construct's id. */
  public readonly name: string;

  /** @internal */
  public abstract readonly _attestors: Attestor[];

  /** @internal */
  public abstract readonly _document: RequirementDocument;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    EnforcementRoll.of(this).begin(this);
    this.name = id;
  }
}

/** Judges a requirement as soon as it is made, and expects it to be used. */
export function register(requirement: Requirement): void {
  const attestors = namedAttestors(requirement.node.path, requirement._attestors);
  refuseRequirement(requirement.node.path, new Map([...attestors].map(([name, attestor]) => [name, attestor._document])), requirement._document);
  EnforcementRoll.of(requirement).expectUse(requirement);
}
