export { defaultSettings } from './defaults';
export { readBundle } from './read-bundle';
export type { ManifestBundle } from './read-bundle';
export { renderWebhook } from './render';
export type { CertManagerTls, RegistrySettings, SelfManagedTls, TlsMode, TrustRootFile, VerifierResources, WebhookInput, WebhookSettings } from './settings';
