import { Rule } from '../rule';
import { fieldsOf, isOwn } from '../webhook-entries';

export const disruptionBudget: Rule = {
  code: 'DISRUPTION_BUDGET',
  title: 'The verifier has no disruption budget',
  why: 'Draining nodes could evict all replicas at once, and nothing could be deployed until they are back.',
  remedy: 'Keep the PodDisruptionBudget that the synthesis renders.',
  check: ({ objects }) => objects.filter((object) => object.kind === 'Deployment' && isOwn(object)).flatMap((deployment) => {
    const budget = objects.find((object) => object.kind === 'PodDisruptionBudget' && object.namespace === deployment.namespace && isOwn(object));
    if (budget === undefined) {
      return [{ object: deployment.id, path: '', message: `No PodDisruptionBudget stands beside it in ${deployment.namespace}.` }];
    }
    const { maxUnavailable, minAvailable } = fieldsOf(budget.content.spec);
    const { replicas } = fieldsOf(deployment.content.spec);
    const allowsAll = maxUnavailable === undefined
      ? minAvailable === undefined || minAvailable === 0 || minAvailable === '0%'
      : maxUnavailable === '100%' || Number(maxUnavailable) >= Number(replicas);
    // Of a single replica, another rule speaks.
    return allowsAll && Number(replicas) > 1 ? [{ object: budget.id, path: 'spec', message: 'It allows every replica to be evicted at once.' }] : [];
  }),
};
