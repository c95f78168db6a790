import { inClusterImagePolicies, isOfPolicyController } from '../cluster-image-policies';
import { clusterImagePolicyProblems } from '../cluster-image-policy-problems';
import { fieldsOf } from '../fields';
import { Rule } from '../rule';
import { trustRootProblems } from '../trust-root-problems';

export const policyControllerInvalid: Rule = {
  code: 'POLICY_CONTROLLER_INVALID',
  title: 'An object that policy-controller refuses, or can never verify anything by',
  why: 'Its schema has types only; what else has to be true its webhook says when the object is applied, so that the rest of what was to be enforced is applied without it.',
  remedy: 'Write what is missing, and one of what excludes each other; several attestors are several authorities, each with one identity.',
  check: (subject) => [
    ...inClusterImagePolicies(subject, clusterImagePolicyProblems),
    ...subject.objects.filter((object) => isOfPolicyController(object, 'TrustRoot'))
      .flatMap(({ id, content }) => trustRootProblems(fieldsOf(content.spec)).map((found) => ({ object: id, ...found }))),
  ],
};
