import { NormalAttestor, NormalPolicy, NormalRequirement } from '../../policy/normal';
import { predicateTypeOf } from '../predicate-type';
import { workflowExpression } from '../re2';
import { imageGlob } from './image-glob';
import { statementModule, thresholdModule } from './statement';

/** A module that policy-controller evaluates. */
interface RegoPolicy {
  readonly type: 'rego';
  readonly data: string;
}

/** One attestor: exactly one identity, and what it has to have said. */
export interface Authority {
  readonly name: string;
  readonly keyless: {
    readonly url: string;
    readonly identities: readonly [{ readonly issuer: string; readonly subject?: string; readonly subjectRegExp?: string }];
    readonly insecureIgnoreSCT?: true;
  };
  readonly signatureFormat: 'bundle';
  /** There where a timestamp takes the place of the log. */
  readonly rfc3161timestamp?: { readonly [field: string]: never };
  readonly attestations: readonly [{ readonly name: string; readonly predicateType: string; readonly policy: RegoPolicy }];
}

/** `spec` of a ClusterImagePolicy (policy.sigstore.dev/v1alpha1). */
export interface ClusterImagePolicySpec {
  readonly images: ReadonlyArray<{ readonly glob: string }>;
  readonly mode: 'enforce';
  readonly authorities: readonly Authority[];
  readonly policy?: RegoPolicy;
}

/** With bundles it is only looked at whether it is there; certificates are those of the trust root. */
const FULCIO = 'https://fulcio.sigstore.dev';

/**
 * What one requirement demands of the images of its policy.
 *
 * Every ClusterImagePolicy that matches an image has to hold, and of the authorities of one any is enough: so there is one for each requirement, and more than one
 * attestor is counted by a module of its own. A signature is an attestation that says "signed": of bundles policy-controller knows no other.
 *
 * @throws RangeError for what the capabilities of the engine refuse
 */
export function clusterImagePolicy({ attestors, images }: NormalPolicy, requirement: NormalRequirement): ClusterImagePolicySpec {
  return {
    images: images.map((pattern) => ({ glob: imageGlob(pattern) })),
    mode: 'enforce',
    authorities: requirement.attestors.map((name) => authority(name, attestors[name], requirement)),
    ...requirement.threshold > 1 ? { policy: { type: 'rego', data: thresholdModule(requirement.threshold) } } : {},
  };
}

function authority(name: string, attestor: NormalAttestor | undefined, requirement: NormalRequirement): Authority {
  if (attestor?.type !== 'keyless') {
    throw new RangeError(`the attestor ${name} is no identity, and policy-controller verifies no other bundles`);
  }
  const { issuer, subject, transparency: { log, sct } } = attestor;
  return {
    name,
    keyless: {
      url: FULCIO,
      identities: [{ issuer, ...typeof subject === 'string' ? { subject } : { subjectRegExp: workflowExpression(subject) } }],
      ...sct === 'notRequired' ? { insecureIgnoreSCT: true } : {},
    },
    signatureFormat: 'bundle',
    ...log === 'notRequired' ? { rfc3161timestamp: {} } : {},
    attestations: [{ name: requirement.name, predicateType: predicateTypeOf(requirement), policy: { type: 'rego', data: statementModule(requirement) } }],
  };
}
