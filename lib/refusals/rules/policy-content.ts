import { CONTENT_KEYS, CONTENT_LABEL } from '../../kubernetes/labels';
import { isNamedByContent } from '../../kubernetes/content-name';
import { Rule } from '../rule';
import { fieldsOf } from '../webhook-entries';

export const policyContent: Rule = {
  code: 'POLICY_CONTENT',
  title: 'A policy can change under the verifier',
  why: 'Policies are immutable and named by their content, so that a change is a rollout that everybody sees; an edited one is neither.',
  remedy: 'Synthesize the manifests again instead of editing them.',
  check: ({ objects }) => objects.filter(({ kind, labels }) => kind === 'ConfigMap' && labels[CONTENT_LABEL] === 'policy').flatMap((object) => {
    const text = fieldsOf(object.content.data)[CONTENT_KEYS.policy];
    return [
      ...(object.content.immutable === true ? [] : [{ object: object.id, path: 'immutable', message: 'The ConfigMap can be changed.' }]),
      ...(typeof text === 'string' && isNamedByContent(object.name, text) ? [] : [{ object: object.id, path: 'data', message: 'The name is not that of the content.' }]),
    ];
  }),
};
