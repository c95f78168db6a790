import { EngineInput } from '../engine';

/** Everything the webhook engine renders from; every field is decided by the caller or by `defaultSettings`. */
export interface WebhookInput extends EngineInput {
  readonly settings: WebhookSettings;
}

/** How the verifier is deployed. */
export interface WebhookSettings {
  /** Namespace of the verifier, made by the engine. @default proofgate */
  readonly namespace: string;
  /** Name of every namespaced object, of the webhook configurations and the guard. @default proofgate-verifier */
  readonly name: string;
  /** Image of the verifier by digest. */
  readonly image: string;
  /** At least 2. @default 3 */
  readonly replicas: number;
  readonly resources: VerifierResources;
  /** What the API server waits for an answer, 1–30 seconds. @default 10 */
  readonly timeoutSeconds: number;
  /** What the verifier gives itself, below `timeoutSeconds`. @default 8 */
  readonly deadlineSeconds: number;
  readonly tls: TlsMode;
  /** Registries with settings of their own, by host. */
  readonly registries: readonly RegistrySettings[];
  /** Proxy through which registries are reached. @default - they are reached directly */
  readonly proxy?: ProxySettings;
  /** Whether the roots that ship, sigstore and github, are refreshed over TUF. @default true */
  readonly refreshTrustRoots: boolean;
  /** Groups whose members may change what runs in the verifier's namespace. @default system:masters */
  readonly operatorGroups: readonly string[];
  /** Networks in CIDR notation from which API servers ask. @default - everybody may reach the port */
  readonly apiServers?: readonly string[];
  readonly priorityClassName: string;
  /** Whether an admission policy of the API server lies under the webhook. @default false */
  readonly floor: boolean;
}

export interface VerifierResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** Who makes the serving certificate. */
export type TlsMode = SelfManagedTls | CertManagerTls;

/** The verifier keeps a CA of its own in a Secret and writes `caBundle` itself. */
export interface SelfManagedTls {
  readonly mode: 'self-managed';
}

/** cert-manager issues the certificate and injects `caBundle`. */
export interface CertManagerTls {
  readonly mode: 'cert-manager';
  readonly issuer: { readonly kind: 'Issuer' | 'ClusterIssuer'; readonly name: string };
  /** In which cert-manager runs. */
  readonly namespace: string;
}

/** One registry host. */
export interface RegistrySettings {
  /** `host[:port]` in canonical form. */
  readonly host: string;
  /** Name of a `kubernetes.io/dockerconfigjson` Secret in the verifier's namespace. */
  readonly credentialsSecret?: string;
  /** Name of a ConfigMap in the verifier's namespace with the CA in `ca.crt`. */
  readonly caConfigMap?: string;
  /** `host[:port]` in canonical form that gives out the registry's tokens, where it is another. */
  readonly tokenHost?: string;
  /** `host[:port][/path]` of its mirrors, in order. */
  readonly mirrors?: readonly string[];
  /** Who the verifier is for the cloud that the registry belongs to. */
  readonly identity?: IdentitySettings;
  /** Names of the pull Secrets of workloads with which it is read, in place of a credential of the verifier's own. */
  readonly pullSecrets?: readonly string[];
}

export type IdentitySettings = AwsRole | AwsKeys | GoogleMetadata | GoogleFederation | AzureApplication;

export interface AwsRole {
  readonly type: 'aws-role';
  readonly region: string;
  readonly roleArn: string;
}

export interface AwsKeys {
  readonly type: 'aws-keys';
  readonly region: string;
  /** Name of a Secret in the verifier's namespace with `accessKeyId` and `secretAccessKey`. */
  readonly secret: string;
}

export interface GoogleMetadata {
  readonly type: 'google-metadata';
  /** E-mail of the service account of Google that the verifier's speaks for. */
  readonly serviceAccount?: string;
}

export interface GoogleFederation {
  readonly type: 'google-federation';
  /** `//iam.googleapis.com/…/providers/…` */
  readonly audience: string;
  readonly serviceAccount?: string;
}

export interface AzureApplication {
  readonly type: 'azure';
  readonly tenantId: string;
  readonly clientId: string;
}

export interface ProxySettings {
  /** `http://host:port` or `https://host:port`. */
  readonly url: string;
  readonly except?: readonly string[];
  /** Name of a `kubernetes.io/basic-auth` Secret in the verifier's namespace. */
  readonly credentialsSecret?: string;
  /** Name of a ConfigMap in the verifier's namespace with the CA in `ca.crt`. */
  readonly caConfigMap?: string;
}
