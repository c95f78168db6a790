export { defaultSettings } from './default-settings';
export { webhookEngine } from './engine';
export { renderWebhook } from './render';
export type { CertManagerTls, IdentitySettings, ProxySettings, RegistrySettings, SelfManagedTls, TlsMode, VerifierResources, WebhookInput, WebhookSettings } from './settings';
