export { defaultSettings } from './default-settings';
export { renderWebhook } from './render';
export type { CertManagerTls, IdentitySettings, ProxySettings, RegistrySettings, SelfManagedTls, TlsMode, TrustRootFile, VerifierResources, WebhookInput, WebhookSettings } from './settings';
