import { defaultSettings, RegistrySettings, VerifierResources as Resources, WebhookSettings } from '../engines/webhook';
import { isDnsLabel, isDnsSubdomain } from '../policy/dns-label';
import { NameError } from '../policy/name-error';
import { parseRepositoryName } from '../policy/repository-name';
import { defined } from './defined';
import { refuseInput, requireInstance } from './input';
import { VerifierTls } from './verifier-tls';
import { VerifierResources, WebhookVerifierProps } from './webhook-verifier-props';

/** What the deadline leaves to the API server for the way there and back. */
const MARGIN_SECONDS = 2;

/** The engine's settings: the defaults and what was said otherwise. Whether they are safe is for the refusals to judge. */
export function verifierSettings(path: string, props: WebhookVerifierProps): WebhookSettings {
  requireInstance(path, 'tls', props.tls, VerifierTls);
  for (const property of ['namespace', 'name'] as const) {
    requireName(path, property, props[property], isDnsLabel);
  }
  requireName(path, 'priorityClassName', props.priorityClassName, isDnsSubdomain);
  for (const property of ['replicas', 'timeoutSeconds', 'deadlineSeconds'] as const) {
    requireCount(path, property, props[property]);
  }
  const timeoutSeconds = props.timeoutSeconds ?? defaultSettings.timeoutSeconds;
  return {
    ...defaultSettings,
    ...defined<Partial<WebhookSettings>>({
      namespace: props.namespace,
      name: props.name,
      replicas: props.replicas,
      operatorGroups: props.operatorGroups,
      priorityClassName: props.priorityClassName,
      tls: props.tls?._mode,
    }),
    image: mirrored(path, props.imageRepository),
    resources: resources(props.resources),
    timeoutSeconds,
    deadlineSeconds: props.deadlineSeconds ?? Math.max(1, timeoutSeconds - MARGIN_SECONDS),
    registries: (props.registries ?? []).map((registry) => defined<RegistrySettings>({
      host: registry.host, credentialsSecret: registry.credentialsSecret, caConfigMap: registry.caConfigMap,
    })),
  };
}

/** The same digest from another repository. */
function mirrored(path: string, repository: string | undefined): string {
  if (repository === undefined) {
    return defaultSettings.image;
  }
  const digest = defaultSettings.image.slice(defaultSettings.image.indexOf('@'));
  try {
    return `${parseRepositoryName(repository).name}${digest}`;
  } catch (error) {
    if (error instanceof NameError) {
      refuseInput(path, `imageRepository: ${error.message}`, 'Write a repository without tag and digest: the digest is that of this version.');
    }
    throw error;
  }
}

function resources(props: VerifierResources = {}): Resources {
  const { requests, limits } = defaultSettings.resources;
  return {
    requests: { cpu: props.cpuRequest ?? requests.cpu, memory: props.memoryRequest ?? requests.memory },
    limits: { ...limits, ...defined<Resources['limits']>({ cpu: props.cpuLimit ?? limits.cpu, memory: props.memoryLimit ?? limits.memory }) },
  };
}

function requireName(path: string, property: string, name: string | undefined, isName: (text: string) => boolean): void {
  if (name !== undefined && !isName(name)) {
    refuseInput(path, `${property} is ${JSON.stringify(name)}, which Kubernetes would reject`, 'Use lower-case letters, digits and inner hyphens.');
  }
}

function requireCount(path: string, property: string, count: number | undefined): void {
  if (count !== undefined && !(Number.isSafeInteger(count) && count > 0)) {
    refuseInput(path, `${property} is ${count}`, 'Write a whole number above zero.');
  }
}
