import { PulledRegistry } from '../../kubernetes/pull-rights';
import { compare } from '../../policy/canonical-order';
import { IdentitySettings, ProxySettings, RegistrySettings, WebhookSettings } from './settings';

/** Where the tokens of the service account for clouds are mounted. */
const TOKENS = '/etc/proofgate/registry-tokens';

/** A volume of the verifier's Pod and where it is mounted. */
export interface Volume {
  readonly name: string;
  readonly folder: string;
  readonly [source: string]: unknown;
}

/** The registry configuration, as `--registry-config` reads it; `undefined` where nothing is said about registries. */
export function registryConfig(settings: WebhookSettings): { readonly [host: string]: object } | undefined {
  const { registries, proxy } = settings;
  if (registries.length === 0 && proxy === undefined) {
    return undefined;
  }
  return {
    ...(proxy === undefined ? {} : { '*': { proxy: proxyConfig(proxy) } }),
    ...Object.fromEntries([...registries].sort((a, b) => compare(a.host, b.host)).map((registry) => [registry.host, hostConfig(registry, settings)])),
  };
}

/** Secrets, authorities and tokens that the registry configuration names. */
export function registryVolumes(settings: WebhookSettings): Volume[] {
  const { registries, proxy } = settings;
  const named = [...registries.flatMap(({ credentialsSecret, identity }) => [credentialsSecret, keysSecretOf(identity)]), proxy?.credentialsSecret];
  const secrets = distinct(named);
  const authorities = distinct([...registries.map(({ caConfigMap }) => caConfigMap), proxy?.caConfigMap]);
  const sources = audiences(settings).map((audience) => ({ serviceAccountToken: { audience, expirationSeconds: 3600, path: tokenName(audience, settings) } }));
  return [
    // Numbered: a name of an object may hold dots and be longer than that of a volume.
    ...secrets.map((name, index) => ({ name: `credentials-${index + 1}`, folder: folderOf('credentials', name), secret: { secretName: name } })),
    ...authorities.map((name, index) => ({ name: `ca-${index + 1}`, folder: folderOf('ca', name), configMap: { name } })),
    ...(sources.length === 0 ? [] : [{ name: 'registry-tokens', folder: TOKENS, projected: { sources } }]),
  ];
}

/** `host[:port]` of everything that the registry configuration makes the verifier speak to. */
export function registryHosts({ registries, proxy }: WebhookSettings): string[] {
  const mirrors = registries.flatMap(({ mirrors: places = [] }) => places.map((place) => place.split('/')[0] ?? place));
  const proxies = proxy === undefined ? [] : [/^http:/.test(proxy.url) && !/:\d+$/.test(proxy.url) ? `${proxy.url}:80` : proxy.url];
  return [...registries.flatMap(({ host, tokenHost }) => [host, tokenHost ?? host]), ...mirrors, ...proxies];
}

/** The registries that are read with the pull Secrets of workloads. */
export function pulledRegistries({ registries }: WebhookSettings): PulledRegistry[] {
  return registries.flatMap(({ host, pullSecrets }) => (pullSecrets === undefined ? [] : [{ host, pullSecrets }]));
}

/** What the service account is called in a cloud. */
export function identityAnnotations({ registries }: WebhookSettings): { readonly [annotation: string]: string } {
  const [email] = registries.flatMap(({ identity }) => (identity?.type === 'google-metadata' ? identity.serviceAccount ?? [] : []));
  return email === undefined ? {} : { 'iam.gke.io/gcp-service-account': email };
}

/** The metadata server, which GKE has at two addresses. */
export function metadataEgress({ registries }: WebhookSettings): object[] {
  const to = (cidr: string, port: number): object => ({ ports: [{ port, protocol: 'TCP' }], to: [{ ipBlock: { cidr } }] });
  return registries.some(({ identity }) => identity?.type === 'google-metadata') ? [to('169.254.169.254/32', 80), to('169.254.169.252/32', 988)] : [];
}

function hostConfig({ credentialsSecret, caConfigMap, tokenHost, mirrors, identity, pullSecrets }: RegistrySettings, settings: WebhookSettings): object {
  return {
    ...(caConfigMap === undefined ? {} : { caFile: `${folderOf('ca', caConfigMap)}/ca.crt` }),
    ...(credentialsSecret === undefined ? {} : { dockerConfigFile: `${folderOf('credentials', credentialsSecret)}/.dockerconfigjson` }),
    ...(identity === undefined ? {} : identityConfig(identity, settings)),
    ...(tokenHost === undefined ? {} : { tokenHost }),
    ...(mirrors === undefined ? {} : { mirrors }),
    ...(pullSecrets === undefined ? {} : { pullSecrets }),
  };
}

function identityConfig(identity: IdentitySettings, settings: WebhookSettings): object {
  const tokenFile = `${TOKENS}/${tokenName(audienceOf(identity) ?? '', settings)}`;
  switch (identity.type) {
    case 'aws-role': return { aws: { region: identity.region, roleArn: identity.roleArn, tokenFile } };
    case 'aws-keys': return { aws: { region: identity.region, keysFolder: folderOf('credentials', identity.secret) } };
    case 'google-metadata': return { google: { metadata: true } };
    case 'google-federation': return { google: { audience: identity.audience, tokenFile, ...(identity.serviceAccount === undefined ? {} : { serviceAccount: identity.serviceAccount }) } };
    case 'azure': return { azure: { tenantId: identity.tenantId, clientId: identity.clientId, tokenFile } };
  }
}

function proxyConfig({ url, except, credentialsSecret, caConfigMap }: ProxySettings): object {
  return {
    url,
    ...(except === undefined ? {} : { except }),
    ...(caConfigMap === undefined ? {} : { caFile: `${folderOf('ca', caConfigMap)}/ca.crt` }),
    ...(credentialsSecret === undefined ? {} : { credentialsFolder: folderOf('credentials', credentialsSecret) }),
  };
}

function keysSecretOf(identity: IdentitySettings | undefined): string | undefined {
  return identity?.type === 'aws-keys' ? identity.secret : undefined;
}

/** For whom the token of the service account is, where one is shown. */
function audienceOf(identity: IdentitySettings): string | undefined {
  switch (identity.type) {
    case 'aws-role': return 'sts.amazonaws.com';
    case 'azure': return 'api://AzureADTokenExchange';
    // What a pool takes unless it was told otherwise: its own address.
    case 'google-federation': return `https:${identity.audience}`;
    case 'aws-keys':
    case 'google-metadata': return undefined;
  }
}

function audiences({ registries }: WebhookSettings): string[] {
  return distinct(registries.map(({ identity }) => identity && audienceOf(identity)));
}

function tokenName(audience: string, settings: WebhookSettings): string {
  return `token-${audiences(settings).indexOf(audience) + 1}`;
}

/** Folder of a Secret or ConfigMap that a registry names. */
function folderOf(kind: 'credentials' | 'ca', name: string): string {
  return `/etc/proofgate/registry-${kind}/${name}`;
}

function distinct(names: ReadonlyArray<string | undefined>): string[] {
  return [...new Set(names.flatMap((name) => name ?? []))].sort();
}
