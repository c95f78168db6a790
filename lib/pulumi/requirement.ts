import * as pulumi from '@pulumi/pulumi';
import { refuseRequirement } from '../authoring/document-part';
import { Properties, required, requireProperties } from '../authoring/properties';
import { Requirement as RequirementDocument } from '../policy/document';
import { anyAttestors, Attestor, namedAttestors } from './attestor';
import { Declarations } from './declarations';

/** Whose word a requirement takes. */
export interface VouchedFor {
  /** Whose attestation counts. */
  readonly attestors: Attestor[];
}

/** A kind of requirement: what its arguments take, and the document they become. */
export interface RequirementKind<A extends VouchedFor> {
  /** Name of the class. */
  readonly what: string;
  readonly properties: Properties<Omit<A, 'attestors'>>;
  readonly document: (name: string, attestors: readonly string[], args: A) => RequirementDocument;
}

/**
 * One thing that must be proven beside the signature: an `SlsaProvenanceRequirement`, `SbomRequirement`, `VulnerabilityScanRequirement`,
 * `VerificationSummaryRequirement` or `AttestationRequirement`.
 *
 * It takes effect through the policies that name it; one that nothing names is refused.
 *
 * @example
 *
 * const requirements: Requirement[] = [
 *   new SlsaProvenanceRequirement('provenance', { attestors: [release], source: 'https://github.com/acme/payments' }),
 *   new SbomRequirement('sbom', { attestors: [release], format: SbomFormat.SPDX_2_3 }),
 * ];
 *
 * new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], requirements });
 */
export abstract class Requirement extends pulumi.ComponentResource {
  /** Its name in policies, verdicts and messages: the name of the resource. */
  public readonly requirementName: string;

  /** @internal */
  public readonly _attestors: readonly Attestor[];

  /** @internal */
  public readonly _document: RequirementDocument;

  /** @internal */
  constructor(name: string, args: VouchedFor, opts: pulumi.ComponentResourceOptions | undefined, kind: RequirementKind<VouchedFor>) {
    super(`proofgate:index:${kind.what}`, name, {}, opts);
    const declarations = Declarations.current();
    const declared = { path: name, what: kind.what };
    const { attestors, document } = declarations.declare(this, declared, () => {
      requireProperties(name, args, { attestors: required(anyAttestors), ...kind.properties });
      const named = namedAttestors(name, args.attestors);
      const made = kind.document(name, args.attestors.map(({ attestorName }) => attestorName), args);
      refuseRequirement(name, new Map([...named].map(([key, { _document }]) => [key, _document])), made);
      return { attestors: named, document: made };
    });
    this.requirementName = name;
    this._attestors = [...attestors.values()];
    this._document = document;
    declarations.expectUse(this, declared);
    this.registerOutputs({ document: this._document });
  }
}
