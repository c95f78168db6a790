import { CONTENT_KEYS, ENGINE_LABEL } from '../../kubernetes/labels';
import { isNamedByContent } from '../../kubernetes/content-name';
import { CONFIGURATION } from '../../kubernetes/policy-controller/guards';
import { fieldsOf } from '../fields';
import { KubernetesObject, Rule } from '../rule';

export const policyContent: Rule = {
  code: 'POLICY_CONTENT',
  title: 'A policy can change under the verifier',
  why: 'Policies and trust roots are immutable and named by their content, so that a change is a rollout that everybody sees; an edited one is neither.',
  remedy: 'Synthesize the manifests again instead of editing them.',
  check: ({ objects }) => objects.filter(({ kind, own }) => own && kind === 'ConfigMap').filter((object) => !isConfiguration(object)).flatMap(({ id, name, content }) => {
    const [entry, ...more] = Object.entries(fieldsOf(content.data));
    const isNamed = entry !== undefined && more.length === 0 && Object.values(CONTENT_KEYS).includes(entry[0]) && typeof entry[1] === 'string' && isNamedByContent(name, entry[1]);
    return [
      ...(content.immutable === true ? [] : [{ object: id, path: 'immutable', message: 'The ConfigMap can be changed.' }]),
      ...(isNamed && content.binaryData === undefined ? [] : [{ object: id, path: 'data', message: 'The name is not that of the content.' }]),
    ];
  }),
};

/** What policy-controller reads under a name of its own is compared by another rule. */
function isConfiguration({ name, labels }: KubernetesObject): boolean {
  return name === CONFIGURATION && labels[ENGINE_LABEL] === 'policy-controller';
}
