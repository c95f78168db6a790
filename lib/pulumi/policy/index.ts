export { enforcementPolicies } from './enforcement-policies';
