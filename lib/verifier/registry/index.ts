export { OciRegistry } from './client';
export { parseRegistryConfig, readRegistryConfig, RegistryConfigError, registryConfigOf, settingsOf } from './config';
export type { RegistryConfig } from './config';
export type { HostSettings } from './host-settings';
