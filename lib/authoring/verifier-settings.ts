import { defaultSettings, ProxySettings, RegistrySettings, VerifierResources as Resources, WebhookSettings } from '../engines/webhook';
import { parseRepositoryName } from '../policy/repository-name';
import { defined } from './defined';
import { refuseInput } from './input';
import { VerifierResources, WebhookVerifierProps } from './webhook-verifier-props';

/** What the deadline leaves to the API server for the way there and back. */
const MARGIN_SECONDS = 2;

/** The engine's settings: the defaults and what was said otherwise. Whether they are safe is for the refusals to judge. */
export function verifierSettings(path: string, props: WebhookVerifierProps): WebhookSettings {
  return {
    ...defaultSettings,
    ...defined<Partial<WebhookSettings>>({
      namespace: props.namespace,
      name: props.name,
      replicas: props.replicas,
      refreshTrustRoots: props.refreshTrustRoots,
      operatorGroups: props.operatorGroups,
      apiServers: props.apiServers,
      priorityClassName: props.priorityClassName,
      floor: props.floor,
      tls: props.tls?._mode,
      proxy: props.proxy && defined<ProxySettings>({
        url: props.proxy.url, except: props.proxy.except, credentialsSecret: props.proxy.credentialsSecret, caConfigMap: props.proxy.caConfigMap,
      }),
    }),
    image: mirrored(props.imageRepository),
    resources: resources(props.resources),
    ...seconds(path, props),
    registries: (props.registries ?? []).map((registry) => defined<RegistrySettings>({
      host: registry.host, credentialsSecret: registry.credentialsSecret, caConfigMap: registry.caConfigMap, tokenHost: registry.tokenHost,
      mirrors: registry.mirrors, identity: registry.identity?._settings, pullSecrets: registry.pullSecrets,
    })),
  };
}

/** The same digest from another repository. */
function mirrored(repository: string | undefined): string {
  const { image } = defaultSettings;
  return repository === undefined ? image : `${parseRepositoryName(repository).name}${image.slice(image.indexOf('@'))}`;
}

function resources(props: VerifierResources = {}): Resources {
  const { requests, limits } = defaultSettings.resources;
  return {
    requests: { cpu: props.cpuRequest ?? requests.cpu, memory: props.memoryRequest ?? requests.memory },
    limits: { ...limits, ...defined<Resources['limits']>({ cpu: props.cpuLimit ?? limits.cpu, memory: props.memoryLimit ?? limits.memory }) },
  };
}

/** The API server waits longer than the verifier takes, so that a refusal says why. */
function seconds(path: string, { timeoutSeconds = defaultSettings.timeoutSeconds, deadlineSeconds }: WebhookVerifierProps): Pick<WebhookSettings, 'timeoutSeconds' | 'deadlineSeconds'> {
  if (deadlineSeconds !== undefined && deadlineSeconds >= timeoutSeconds) {
    refuseInput(path, `deadlineSeconds is ${deadlineSeconds}, and timeoutSeconds, after which the API server no longer waits, is ${timeoutSeconds}`,
      'Write less, or raise timeoutSeconds.');
  }
  return { timeoutSeconds, deadlineSeconds: deadlineSeconds ?? Math.max(1, timeoutSeconds - MARGIN_SECONDS) };
}
