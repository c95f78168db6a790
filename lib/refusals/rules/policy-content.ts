import { CONTENT_KEYS } from '../../kubernetes/labels';
import { isNamedByContent } from '../../kubernetes/content-name';
import { fieldsOf } from '../fields';
import { Rule } from '../rule';

export const policyContent: Rule = {
  code: 'POLICY_CONTENT',
  title: 'A policy can change under the verifier',
  why: 'Policies and trust roots are immutable and named by their content, so that a change is a rollout that everybody sees; an edited one is neither.',
  remedy: 'Synthesize the manifests again instead of editing them.',
  check: ({ objects }) => objects.filter(({ kind, own }) => own && kind === 'ConfigMap').flatMap(({ id, name, content }) => {
    const [entry, ...more] = Object.entries(fieldsOf(content.data));
    const isNamed = entry !== undefined && more.length === 0 && Object.values(CONTENT_KEYS).includes(entry[0]) && typeof entry[1] === 'string' && isNamedByContent(name, entry[1]);
    return [
      ...(content.immutable === true ? [] : [{ object: id, path: 'immutable', message: 'The ConfigMap can be changed.' }]),
      ...(isNamed && content.binaryData === undefined ? [] : [{ object: id, path: 'data', message: 'The name is not that of the content.' }]),
    ];
  }),
};
