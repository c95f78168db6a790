export { policyControllerEngine } from './engine';
