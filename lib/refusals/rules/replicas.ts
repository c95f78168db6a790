import { fieldsOf } from '../fields';
import { Rule } from '../rule';
import { show } from '../show';

export const replicas: Rule = {
  code: 'REPLICAS',
  title: 'The verifier has a single replica',
  why: 'With failurePolicy Fail, one replica that restarts or moves means that nothing can be deployed meanwhile.',
  remedy: 'Run at least 2 replicas; 3 is the default.',
  check: ({ objects }) => objects.filter((object) => object.kind === 'Deployment' && object.own)
    .map((object) => ({ object, count: fieldsOf(object.content.spec).replicas }))
    .filter(({ count }) => !Number.isInteger(count) || Number(count) < 2)
    .map(({ object, count }) => ({ object: object.id, path: 'spec.replicas', message: `replicas is ${typeof count === 'string' ? `the text ${JSON.stringify(count)}` : show(count)}.` })),
};
