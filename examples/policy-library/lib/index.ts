export { HousePolicy } from './house-policy';
export type { HousePolicyProps } from './house-policy';
export { ServicePolicy } from './service-policy';
export type { ServicePolicyProps } from './service-policy';
export { ToolPolicy } from './tool-policy';
export type { ToolPolicyProps } from './tool-policy';
export { VendorPolicy } from './vendor-policy';
export type { VendorPolicyProps } from './vendor-policy';
