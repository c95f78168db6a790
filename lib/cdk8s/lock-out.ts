import { WebhookSettings } from '../engines/webhook';
import { namespace } from '../engines/webhook/access';
import { NAMESPACE_NAME_LABEL } from '../kubernetes/labels';
import { coversNamespace, DEFAULT_NAMESPACES } from '../policy/namespaces';
import type { Enforcement } from './enforcement';
import { Refusal } from '../authoring/refusal';

/**
 * Policies that hold in the namespace of another verifier: its Pods would have to be admitted by this one, which knows no policy for their image
 * and may itself be waiting for the other one.
 *
 * To leave such a namespace out is for whoever writes the policy: only they know that both verifiers are in one cluster, where the guard of
 * the other closes it.
 */
export function lockedOut(verifier: Enforcement, all: readonly Enforcement[]): Refusal[] {
  const others = all.filter(({ settings }) => settings.namespace !== verifier.settings.namespace);
  return others.flatMap((other) => verifier.policies
    .filter(({ document: { spec } }) => coversNamespace(spec.namespaces ?? DEFAULT_NAMESPACES, contextOf(other.settings)) !== false)
    .map(({ origin }) => ({
      code: 'VERIFIER_LOCKED_OUT',
      path: origin.node.path,
      problem: `it holds in the namespace "${other.settings.namespace}", where it would refuse the verifier ${other.path}`,
      remedy: `Pass one verifier to all policies; or make an App for each cluster; or, where both are in one, leave that namespace out, NamespaceSelection.except('kube-system', '${other.settings.namespace}').`,
    })));
}

function contextOf(settings: WebhookSettings): Parameters<typeof coversNamespace>[1] {
  return { name: settings.namespace, labels: { ...namespace(settings).metadata.labels, [NAMESPACE_NAME_LABEL]: settings.namespace } };
}
