import { Rule } from '../rule';
import { fieldsOf, isOwn, list } from '../webhook-entries';

export const guard: Rule = {
  code: 'GUARD',
  title: 'The verifier\'s own namespace is open',
  why: 'The webhook has to leave its own namespace out, so an admission policy closes it; without that, anything runs there.',
  remedy: 'Keep the ValidatingAdmissionPolicy and its binding as the synthesis renders them: failurePolicy Fail, validationActions [Deny], no matchResources, no paramRef.',
  check: ({ objects }) => objects.filter((object) => object.kind === 'Deployment' && isOwn(object)).flatMap((deployment) => {
    const policy = objects.find((object) => object.kind === 'ValidatingAdmissionPolicy' && object.name === deployment.name && isOwn(object));
    const binding = objects.find((object) => object.kind === 'ValidatingAdmissionPolicyBinding' && fieldsOf(object.content.spec).policyName === deployment.name);
    if (policy === undefined || binding === undefined) {
      return [{ object: deployment.id, path: '', message: `No ${policy === undefined ? 'ValidatingAdmissionPolicy' : 'ValidatingAdmissionPolicyBinding'} closes the namespace ${deployment.namespace}.` }];
    }
    const spec = fieldsOf(policy.content.spec);
    const { validationActions, matchResources, paramRef } = fieldsOf(binding.content.spec);
    const weak = [
      ...(spec.failurePolicy !== 'Fail' ? [{ object: policy.id, path: 'spec.failurePolicy', message: `failurePolicy is ${String(spec.failurePolicy)}.` }] : []),
      ...(list(spec.matchConditions).length > 0 ? [{ object: policy.id, path: 'spec.matchConditions', message: 'A condition exempts requests.' }] : []),
      ...(list(spec.validations).length < 2 ? [{ object: policy.id, path: 'spec.validations', message: 'A validation is missing.' }] : []),
      ...(!list(validationActions).includes('Deny') ? [{ object: binding.id, path: 'spec.validationActions', message: 'A violation is not refused.' }] : []),
      ...(matchResources !== undefined || paramRef !== undefined ? [{ object: binding.id, path: 'spec', message: 'The binding narrows what the policy says.' }] : []),
    ];
    return weak;
  }),
};
