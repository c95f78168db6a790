/** Labels and annotations on the objects of the webhook engine; the refusals recognise the objects by them. */

/** Recommended label whose value `PART_OF` marks every object of this project. */
export const PART_OF_LABEL = 'app.kubernetes.io/part-of';

/** @see PART_OF_LABEL */
export const PART_OF = 'proofgate';

/** Says what a ConfigMap holds: `policy`, `trust-root` or `registries`. */
export const CONTENT_LABEL = 'proofgate.dev/content';

export type Content = 'policy' | 'trust-root' | 'registries';

/** The data key under which each kind of content is kept. */
export const CONTENT_KEYS: { readonly [content in Content]: string } = {
  'policy': 'policy.json',
  'trust-root': 'trusted_root.json',
  'registries': 'registries.json',
};

/** Name of the trust root that a ConfigMap holds, as documents write it. */
export const TRUST_ROOT_LABEL = 'proofgate.dev/trust-root';

/** Says which engine's objects these are, where they are not the bundled verifier's. */
export const ENGINE_LABEL = 'proofgate.dev/engine';

/** The documents that an engine rendered an object from, as a JSON list, where no ConfigMap holds them. */
export const DOCUMENTS_ANNOTATION = 'proofgate.dev/documents';

/** The settings that `KyvernoEngine` rendered a policy with, as JSON. */
export const KYVERNO_ANNOTATION = 'proofgate.dev/kyverno';

/** The settings that `PolicyControllerEngine` rendered its objects with, as JSON. */
export const POLICY_CONTROLLER_ANNOTATION = 'proofgate.dev/policy-controller';

/** Why something is relaxed, who answers for it, and until when. */
export const ACCOUNTABILITY_ANNOTATIONS = {
  reason: 'proofgate.dev/reason',
  owner: 'proofgate.dev/owner',
  until: 'proofgate.dev/until',
} as const;

/** Attestors of a policy whose signatures nothing trusted dates, each with the reason and the owner. */
export const UNTIMED_ANNOTATION = 'proofgate.dev/untimed';

/** Set by the API server on every namespace, immutable, equal to its name. */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';
