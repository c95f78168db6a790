import { Fields, fieldsOf } from '../fields';
import { selects } from '../label-selector';
import { Rule } from '../rule';
import { verifiers } from '../verifiers';

export const disruptionBudget: Rule = {
  code: 'DISRUPTION_BUDGET',
  title: 'The verifier has no disruption budget',
  why: 'Draining nodes could evict all replicas at once, and nothing could be deployed until they are back.',
  remedy: 'Keep the PodDisruptionBudget that the synthesis renders.',
  check: (subject) => verifiers(subject).flatMap(({ object: deployment, podLabels }) => {
    const budgets = subject.objects.filter(({ kind, namespace, content }) => {
      const { selector } = fieldsOf(content.spec);
      // Without a selector it selects nothing, with an empty one everything.
      return kind === 'PodDisruptionBudget' && namespace === deployment.namespace && selector !== undefined && selector !== null && selects(selector, podLabels);
    });
    if (budgets.length === 0) {
      return [{ object: deployment.id, path: '', message: `No PodDisruptionBudget in ${deployment.namespace} selects its Pods.` }];
    }
    const { replicas } = fieldsOf(deployment.content.spec);
    // Of a single replica, another rule speaks.
    return typeof replicas !== 'number' || replicas < 2 ? [] : budgets.filter(({ content }) => keeps(fieldsOf(content.spec), replicas) < 1)
      .map(({ id }) => ({ object: id, path: 'spec', message: 'It allows every replica to be evicted at once.' }));
  }),
};

/** How many Pods an eviction must leave; what Kubernetes would not take keeps none. */
function keeps({ maxUnavailable, minAvailable }: Fields, replicas: number): number {
  return maxUnavailable === undefined ? scaled(minAvailable, replicas) ?? 0 : replicas - (scaled(maxUnavailable, replicas) ?? replicas);
}

/** A number, or a percentage rounded up, as the disruption controller does. */
function scaled(value: unknown, replicas: number): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  const percent = typeof value === 'string' ? /^(\d{1,3})%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? undefined : Math.ceil(Number(percent) * replicas / 100);
}
