export { defaultSettings } from './default-settings';
export { webhookDrift } from './drift';
export type { FoundConfigurations } from './drift';
export { webhookEngine } from './engine';
export { renderWebhook } from './render';
export type { CertManagerTls, IdentitySettings, ProxySettings, RegistrySettings, SelfManagedTls, TlsMode, VerifierResources, WebhookInput, WebhookSettings } from './settings';
