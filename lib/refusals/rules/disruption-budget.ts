import { Rule } from '../rule';
import { isOwn } from '../webhook-entries';

export const disruptionBudget: Rule = {
  code: 'DISRUPTION_BUDGET',
  title: 'The verifier has no disruption budget',
  why: 'Draining nodes could evict all replicas at once, and nothing could be deployed until they are back.',
  remedy: 'Keep the PodDisruptionBudget that the synthesis renders.',
  check: ({ objects }) => objects.filter((object) => object.kind === 'Deployment' && isOwn(object))
    .filter(({ namespace }) => !objects.some((object) => object.kind === 'PodDisruptionBudget' && object.namespace === namespace && isOwn(object)))
    .map((object) => ({ object: object.id, path: '', message: `No PodDisruptionBudget stands beside it in ${object.namespace}.` })),
};
