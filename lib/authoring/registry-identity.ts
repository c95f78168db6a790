import { IdentitySettings } from '../engines/webhook';
import { Check, instance, objectName, optional, Properties, required, requireProperties, text } from './properties';

/**
 * A role of AWS that trusts the cluster's issuer of tokens (IAM roles for service accounts).
 *
 * @example
 *
 * RegistryIdentity.awsRole({ region: 'eu-west-1', roleArn: 'arn:aws:iam::123456789012:role/verifier' });
 */
export interface AwsRoleProps {
  /** Region of the registry, such as `eu-west-1`. */
  readonly region: string;

  /** The role, which trusts `sts.amazonaws.com` as audience and the verifier's service account as subject. */
  readonly roleArn: string;
}

/**
 * Keys of a user of AWS.
 *
 * @example
 *
 * RegistryIdentity.awsKeys({ region: 'eu-west-1', secret: 'ecr-keys' });
 */
export interface AwsKeysProps {
  /** Region of the registry, such as `eu-west-1`. */
  readonly region: string;

  /** Name of a Secret in the verifier's namespace with the keys `accessKeyId` and `secretAccessKey`. */
  readonly secret: string;
}

/**
 * Workload identity federation with Google Cloud, from any cluster.
 *
 * @example
 *
 * RegistryIdentity.googleFederation({
 *   provider: '//iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/clusters/providers/east',
 *   serviceAccount: 'reader@acme.iam.gserviceaccount.com',
 * });
 */
export interface GoogleFederationProps {
  /** `//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly provider: string;

  /**
   * E-mail of a service account of Google that the pool's identity may speak for.
   *
   * @default - the pool's identity itself may read
   */
  readonly serviceAccount?: string;
}

/**
 * An application or managed identity of Azure that trusts the verifier's service account.
 *
 * @example
 *
 * RegistryIdentity.azure({ tenantId: '5f0c…', clientId: '9a41…' });
 */
export interface AzureApplicationProps {
  /** Directory of the application. */
  readonly tenantId: string;

  /** The application, or the managed identity. */
  readonly clientId: string;
}

const matching = (pattern: RegExp, remedy: string): Check => (field) => {
  const found = field.text();
  if (found !== undefined && !pattern.test(found)) {
    field.problem(`is ${JSON.stringify(found)}: ${remedy}`);
  }
};

const region = matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'write the name of a region, such as eu-west-1');
const email = matching(/^[a-z0-9.-]+@[a-z0-9.-]+$/, 'write the e-mail of a service account, such as reader@acme.iam.gserviceaccount.com');
const AWS_ROLE: Properties<AwsRoleProps> = { region: required(region), roleArn: required(matching(/^arn:aws[a-z-]*:iam::\d+:role\/\S+$/, 'write the ARN of a role, such as arn:aws:iam::1234:role/verifier')) };
const AWS_KEYS: Properties<AwsKeysProps> = { region: required(region), secret: required(objectName) };
const GOOGLE_METADATA: Properties<{ readonly serviceAccount?: string }> = { serviceAccount: optional(email) };
const GOOGLE_FEDERATION: Properties<GoogleFederationProps> = {
  provider: required(matching(/^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]+\/providers\/[a-z0-9-]+$/,
    'write //iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER')),
  serviceAccount: optional(email),
};
const AZURE: Properties<AzureApplicationProps> = { tenantId: required(text), clientId: required(text) };

/**
 * Who the verifier is for the cloud that a registry belongs to: it shows a token of its service account and is given short-lived credentials.
 *
 * @example
 *
 * new WebhookVerifier(this, 'verifier', {
 *   registries: [{ host: 'acme.azurecr.io', identity: RegistryIdentity.azure({ tenantId: '…', clientId: '…' }) }],
 * });
 */
export class RegistryIdentity {
  /** For ECR: a role that trusts the verifier's service account. */
  public static awsRole(props: AwsRoleProps): RegistryIdentity {
    requireProperties('RegistryIdentity', props, AWS_ROLE);
    return new RegistryIdentity({ type: 'aws-role', region: props.region, roleArn: props.roleArn });
  }

  /** For ECR, where nothing trusts the cluster: keys of a user. */
  public static awsKeys(props: AwsKeysProps): RegistryIdentity {
    requireProperties('RegistryIdentity', props, AWS_KEYS);
    return new RegistryIdentity({ type: 'aws-keys', region: props.region, secret: props.secret });
  }

  /**
   * For Artifact Registry and Container Registry, on GKE: whom the metadata server says the Pod is.
   *
   * @param serviceAccount - e-mail of a service account of Google that the verifier's speaks for; left out, the verifier's itself may read
   */
  public static googleMetadata(serviceAccount?: string): RegistryIdentity {
    const named = serviceAccount === undefined ? {} : { serviceAccount };
    requireProperties('RegistryIdentity', named, GOOGLE_METADATA);
    return new RegistryIdentity({ type: 'google-metadata', ...named });
  }

  /** For Artifact Registry and Container Registry, from any cluster: a workload identity pool that trusts the cluster's issuer of tokens. */
  public static googleFederation(props: GoogleFederationProps): RegistryIdentity {
    requireProperties('RegistryIdentity', props, GOOGLE_FEDERATION);
    return new RegistryIdentity({ type: 'google-federation', audience: props.provider, ...(props.serviceAccount === undefined ? {} : { serviceAccount: props.serviceAccount }) });
  }

  /** For Azure Container Registry: an application or managed identity with a federated credential for the verifier's service account. */
  public static azure(props: AzureApplicationProps): RegistryIdentity {
    requireProperties('RegistryIdentity', props, AZURE);
    return new RegistryIdentity({ type: 'azure', tenantId: props.tenantId, clientId: props.clientId });
  }

  /** @internal */
  public readonly _settings: IdentitySettings;

  /** @internal */
  public get _googleAccount(): string | undefined {
    return this._settings.type === 'google-metadata' ? this._settings.serviceAccount : undefined;
  }

  private constructor(settings: IdentitySettings) {
    this._settings = settings;
  }
}

export const aRegistryIdentity: Check = instance(RegistryIdentity, 'RegistryIdentity',
  'write RegistryIdentity.azure({ … }), awsRole, awsKeys, googleFederation or googleMetadata');
