export { isDnsLabel, isDnsSubdomain } from '../policy/dns-label';
export { isLabelKey, isLabelValue } from '../policy/label';
