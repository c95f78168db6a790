import { imagePoliciesExcepted } from '../kyverno-policies';
import { Rule } from '../rule';
import { show } from '../show';

export const kyvernoExceptions: Rule = {
  code: 'KYVERNO_EXCEPTIONS',
  title: 'An exception from a policy for Kyverno',
  why: 'A PolicyException that names the policy switches all of it off for what it matches; with the wrong flags of Kyverno, whoever may write one in any namespace can.',
  remedy: 'Write no PolicyException that names the policy: change what the policy says.',
  check: ({ objects }) => objects.flatMap((object) => (
    imagePoliciesExcepted(object, objects).map(({ path, policy }) => ({ object: object.id, path, message: `It exempts from the policy ${show(policy)}.` }))
  )),
};
