export { OciRegistry } from './client';
export { parseRegistryConfig, readRegistryConfig, RegistryConfigError } from './config';
export type { HostSettings, RegistryConfig } from './config';
