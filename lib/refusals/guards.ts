import { labelGuardName } from '../kubernetes/guard-labels';
import { objectGuardName } from '../kubernetes/guard-objects';
import { Fields, fieldsOf, list } from './fields';

/** Names of the admission policies that guard a verifier of this name. */
export function guardNames(name: string): string[] {
  return [name, objectGuardName(name), labelGuardName(name)];
}

/** Whether an admission policy is one of them, by the variables that no other one has. */
export function isGuard(content: Fields): boolean {
  const names = list(fieldsOf(content.spec).variables).map((variable) => fieldsOf(variable).name);
  return names.includes('operatorGroups') && ['ownDeployment', 'ofVerifier', 'selecting'].some((name) => names.includes(name));
}
