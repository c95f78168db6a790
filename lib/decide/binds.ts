import { isOver } from '../policy/instant';
import { coversNamespace } from '../policy/namespaces';
import { NamespaceContext, NormalPolicy, PolicySet } from '../policy/normal';

/**
 * Whether a refusal by the entry that serves audit windows counts in a namespace: where a policy that refuses covers it, or one
 * whose window is over may cover it.
 *
 * A policy that never had a window has an entry of its own that fails closed; here it counts only where it covers for certain, so
 * that not knowing a namespace's labels blocks nobody during somebody else's window.
 */
export function refusalBinds({ policies }: PolicySet, namespace: NamespaceContext, now: number): boolean {
  return policies.some(({ action, namespaces }: NormalPolicy) => {
    const covers = coversNamespace(namespaces, namespace);
    return action.type === 'Audit' ? isOver(action.until, now) && covers !== false : covers === true;
  });
}

/**
 * Whether a policy that refuses covers a namespace, or may cover it: the API server calls the entries that fail closed for no other.
 *
 * Asked there about one that nothing covers, a verifier knows less than the API server: labels from before, or another policy set.
 */
export function enforcedIn({ policies }: PolicySet, namespace: NamespaceContext, now: number): boolean {
  return policies.some(({ action, namespaces }: NormalPolicy) => (action.type === 'Deny' || isOver(action.until, now)) && coversNamespace(namespaces, namespace) !== false);
}
