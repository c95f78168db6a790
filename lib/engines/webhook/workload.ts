import { registriesOf } from '../../kubernetes/registries';
import { compare } from '../../policy/canonical-order';
import { policySet } from '../../policy/policy-set';
import { Manifest } from '../manifest';
import { tlsSecretName } from './access';
import { MountedContent } from './content';
import { commonLabels, namespacedMetadata, podLabels } from './metadata';
import { metadataEgress, registryHosts, registryVolumes, Volume } from './registries';
import { WebhookInput, WebhookSettings } from './settings';

const PORT = 8443;
const TLS_FOLDER = '/etc/proofgate/tls';
const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What the Deployment mounts beside its image. */
export interface Mounts {
  readonly policies: readonly MountedContent[];
  readonly trustRoots: ReadonlyArray<MountedContent & { readonly name: string }>;
  readonly registries: MountedContent | undefined;
}

/** The verifier's Pods: spread, restricted, replaced one by one without ever being fewer. */
export function deployment({ settings, documents }: WebhookInput, mounts: Mounts): Manifest {
  const labels = podLabels(settings);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespacedMetadata(settings),
    spec: {
      replicas: settings.replicas,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels: commonLabels(settings) },
        spec: {
          automountServiceAccountToken: false,
          containers: [container(settings, mounts, policySet(documents).digest)],
          enableServiceLinks: false,
          priorityClassName: settings.priorityClassName,
          securityContext: { fsGroup: 65532, runAsGroup: 65532, runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
          serviceAccountName: settings.name,
          terminationGracePeriodSeconds: STEP_ASIDE_SECONDS + settings.deadlineSeconds + 10,
          topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) =>
            ({ labelSelector: { matchLabels: labels }, maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway' })),
          volumes: volumes(settings, mounts).map(({ folder: _folder, ...volume }) => volume),
        },
      },
    },
  };
}

export function service(settings: WebhookSettings): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespacedMetadata(settings),
    spec: { ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }], selector: podLabels(settings) },
  };
}

/** An eviction takes one replica at a time. */
export function disruptionBudget(settings: WebhookSettings): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: namespacedMetadata(settings),
    spec: { maxUnavailable: 1, selector: { matchLabels: podLabels(settings) }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  };
}

/**
 * In: HTTPS, from where API servers are said to ask, or else from anywhere, since no selector names an API server. Out: names, HTTPS (by which also
 * the mirrors of the roots that ship are reached), the API server's usual port, those of the registries that policies, exemptions and settings name
 * and of mirrors of trust roots, and Google's metadata server where an identity comes from it; an API server or token service on another port
 * needs a policy of its own beside this one.
 */
export function networkPolicy({ settings, documents, trustRoots }: WebhookInput): Manifest {
  const tcp = (port: number): object => ({ port, protocol: 'TCP' });
  const hosts = [...documents.flatMap(registriesOf), ...registryHosts(settings), ...trustRoots.flatMap(({ mirrorHost }) => mirrorHost ?? [])];
  const from = settings.apiServers && [...settings.apiServers].sort(compare).map((cidr) => ({ ipBlock: { cidr } }));
  if (from?.length === 0) {
    throw new RangeError('apiServers is empty, and an ingress from nowhere is one from everywhere');
  }
  const ports = [...new Set([443, 6443, ...hosts.map(portOf)])].sort((a, b) => a - b);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: namespacedMetadata(settings),
    spec: {
      egress: [{ ports: [tcp(53), { port: 53, protocol: 'UDP' }] }, { ports: ports.map(tcp) }, ...metadataEgress(settings)],
      ingress: [{ ...(from && { from }), ports: [tcp(PORT)] }],
      podSelector: { matchLabels: podLabels(settings) },
      policyTypes: ['Ingress', 'Egress'],
    },
  };
}

function portOf(host: string): number {
  const port = /:(\d+)$/.exec(host)?.[1];
  return port === undefined ? 443 : Number(port);
}

/** A Pod that is taken away is told so at the same time as those who ask it: for so long it goes on taking connections, until all have heard. */
const STEP_ASIDE_SECONDS = 5;

function container(settings: WebhookSettings, mounts: Mounts, policyDigest: string): object {
  const probe = (path: string): object => ({ httpGet: { path, port: 'https', scheme: 'HTTPS' } });
  return {
    args: args(settings, mounts, policyDigest),
    image: settings.image,
    lifecycle: { preStop: { sleep: { seconds: STEP_ASIDE_SECONDS } } },
    livenessProbe: { ...probe('/healthz'), failureThreshold: 3, periodSeconds: 10, timeoutSeconds: 5 },
    name: 'verifier',
    ports: [{ containerPort: PORT, name: 'https', protocol: 'TCP' }],
    readinessProbe: { ...probe('/readyz'), failureThreshold: 2, periodSeconds: 2, timeoutSeconds: 5 },
    resources: settings.resources,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
    startupProbe: { ...probe('/healthz'), failureThreshold: 30, periodSeconds: 1 },
    volumeMounts: volumes(settings, mounts).map(({ name, folder }) => ({ mountPath: folder, name, readOnly: true })),
  };
}

function args(settings: WebhookSettings, { policies, trustRoots, registries }: Mounts, policyDigest: string): string[] {
  return [
    'serve',
    ...policies.flatMap(({ file }) => ['--policy', file]),
    // A ConfigMap cannot be changed, but deleted and made again with its name and another content.
    '--policy-digest', policyDigest,
    ...trustRoots.flatMap(({ name, file, digest }) => ['--trust-root', `${name}=${file}`, '--trust-root-digest', `${name}=${digest}`]),
    ...(settings.refreshTrustRoots ? [] : ['--shipped-trust-roots', 'keep']),
    ...(registries === undefined ? [] : ['--registry-config', registries.file, '--registry-config-digest', registries.digest]),
    '--listen', `0.0.0.0:${PORT}`,
    ...(settings.tls.mode === 'self-managed' ? ['--tls', 'self-managed'] : ['--tls-cert', `${TLS_FOLDER}/tls.crt`, '--tls-key', `${TLS_FOLDER}/tls.key`]),
    '--deadline', String(settings.deadlineSeconds),
    '--namespace', settings.namespace,
    '--name', settings.name,
  ];
}

function volumes(settings: WebhookSettings, { policies, trustRoots, registries }: Mounts): Volume[] {
  const content = [...policies, ...trustRoots, ...(registries === undefined ? [] : [registries])];
  return [
    ...content.map(({ manifest, volume, folder }) => ({ name: volume, folder, configMap: { name: manifest.metadata.name } })),
    ...registryVolumes(settings),
    ...(settings.tls.mode === 'cert-manager' ? [{ name: 'tls', folder: TLS_FOLDER, secret: { secretName: tlsSecretName(settings) } }] : []),
    { name: 'service-account', folder: TOKEN_FOLDER, projected: { sources: TOKEN_SOURCES } },
  ];
}

/** What `automountServiceAccountToken` would mount, in the one Pod that needs it. */
const TOKEN_SOURCES = [
  { serviceAccountToken: { expirationSeconds: 3600, path: 'token' } },
  { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
  { downwardAPI: { items: [{ fieldRef: { fieldPath: 'metadata.namespace' }, path: 'namespace' }] } },
];
