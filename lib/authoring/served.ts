import { WebhookSettings } from '../engines/webhook';
import { namespace } from '../engines/webhook/access';
import { scopesOf } from '../engines/webhook/scopes';
import { NAMESPACE_NAME_LABEL } from '../kubernetes/labels';
import { ImagePolicy, PolicyDocument } from '../policy/document';
import { coversNamespace, DEFAULT_NAMESPACES } from '../policy/namespaces';
import { refuseInput } from './input';
import { Refusal } from './refusal';

/** A verifier, as others see it. */
export interface Verifier {
  readonly path: string;
  readonly settings: WebhookSettings;
  readonly policies: readonly Policy[];
}

/** A policy and the path of what wrote it. */
export interface Policy {
  readonly path: string;
  readonly document: ImagePolicy;
}

/** The webhook leaves the verifier's own namespace out, so that a dead verifier can restart; what names it would hold nowhere. */
export function refuseOwnNamespace(path: string, { spec: { namespaces } }: PolicyDocument, { namespace: own }: WebhookSettings): void {
  if (namespaces !== undefined && 'names' in namespaces && namespaces.names.includes(own)) {
    refuseInput(path, `namespaces names "${own}", the verifier's own, where no policy holds: its guard lets nothing but the verifier run there`,
      'Name other namespaces, or give the WebhookVerifier another `namespace`.');
  }
}

/** Policies that hold nowhere but where the webhook is not called. */
export function unserved({ settings: { namespace: own }, policies }: Verifier): Refusal[] {
  return policies.filter(({ document }) => scopesOf([document], own).length === 0).map(({ path }) => ({
    code: 'NOTHING_ENFORCED',
    path,
    problem: `it holds only in "${own}", the verifier's own namespace, which the webhook leaves out and the verifier's guard closes`,
    remedy: 'Say another namespace, or remove it.',
  }));
}

/**
 * A verifier that nobody asks.
 *
 * @param first - path of its first document, which is then no policy
 */
export function nothingEnforced(path: string, first: string | undefined, remedy: string): Refusal {
  return {
    code: 'NOTHING_ENFORCED',
    path,
    problem: first === undefined
      ? 'no policy uses this verifier, so it would refuse nothing'
      : `only exemptions or deny lists such as ${first} use this verifier, and without a policy nobody asks it`,
    remedy,
  };
}

/**
 * Policies that hold in the namespace of another verifier: its Pods would have to be admitted by this one, which knows no policy for their image
 * and may itself be waiting for the other one.
 *
 * To leave such a namespace out is for whoever writes the policy: only they know that both verifiers are in one cluster, where the guard of
 * the other closes it.
 *
 * @param remedy - what to do instead of leaving the other's namespace out
 */
export function lockedOut(verifier: Verifier, all: readonly Verifier[], remedy: string): Refusal[] {
  const others = all.filter(({ settings }) => settings.namespace !== verifier.settings.namespace);
  return others.flatMap((other) => verifier.policies
    .filter(({ document: { spec } }) => coversNamespace(spec.namespaces ?? DEFAULT_NAMESPACES, contextOf(other.settings)) !== false)
    .map(({ path }) => ({
      code: 'VERIFIER_LOCKED_OUT',
      path,
      problem: `it holds in the namespace "${other.settings.namespace}", where it would refuse the verifier ${other.path}`,
      remedy: `${remedy}; or, where both are in one cluster, leave that namespace out, NamespaceSelection.except('${other.settings.namespace}').`,
    })));
}

function contextOf(settings: WebhookSettings): Parameters<typeof coversNamespace>[1] {
  return { name: settings.namespace, labels: { ...namespace(settings).metadata.labels, [NAMESPACE_NAME_LABEL]: settings.namespace } };
}
