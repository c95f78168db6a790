export { defaultSettings } from './default-settings';
export { readBundle } from './read-bundle';
export type { ManifestBundle } from './read-bundle';
export { renderWebhook } from './render';
export type { CertManagerTls, RegistrySettings, SelfManagedTls, TlsMode, TrustRootFile, VerifierResources, WebhookInput, WebhookSettings } from './settings';
