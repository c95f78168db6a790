import { pullRights } from '../../kubernetes/pull-rights';
import { Manifest } from '../manifest';
import { clusterMetadata, commonLabels, namespacedMetadata } from './metadata';
import { identityAnnotations, pulledRegistries } from './registries';
import { WebhookInput, WebhookSettings } from './settings';

/** The verifier's namespace, at the strictest Pod Security level. */
export function namespace({ namespace: name, ...settings }: WebhookSettings): Manifest {
  const levels = Object.fromEntries(['audit', 'enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']));
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...commonLabels({ namespace: name, ...settings }), ...levels } } };
}

export function serviceAccount(settings: WebhookSettings): Manifest {
  const annotations = identityAnnotations(settings);
  const metadata = { ...namespacedMetadata(settings), ...(Object.keys(annotations).length === 0 ? {} : { annotations }) };
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false };
}

/** Name of the Secret with the verifier's authority or its cert-manager certificate. */
export function tlsSecretName({ name }: WebhookSettings): string {
  return `${name}-tls`;
}

/** Rendered empty, so that the Role can name it; the verifier fills it and applying again leaves what is in it. */
export function tlsSecret(settings: WebhookSettings): Manifest {
  return { apiVersion: 'v1', kind: 'Secret', metadata: namespacedMetadata(settings, tlsSecretName(settings)), type: 'Opaque' };
}

/** Name of the Role by which pull Secrets of a namespace are read; with the namespace in it, so that no two have one name. */
function pullRoleName({ name }: WebhookSettings, within: string): string {
  return `${name}-pull-${within}`;
}

/** Exactly what is needed: for the certificate one Secret and two webhook configurations, the labels of namespaces, and pull Secrets by name. */
export function roles(input: WebhookInput): Manifest[] {
  const { settings } = input;
  const selfManaged = settings.tls.mode === 'self-managed';
  const readsLabels = input.documents.some(({ spec }) => spec.namespaces !== undefined && 'labels' in spec.namespaces);
  const pull = pullRights(input.documents, pulledRegistries(settings));
  const clusterRules = [
    ...(selfManaged ? [{
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
      resourceNames: [settings.name],
      verbs: ['get', 'patch'],
    }] : []),
    ...(readsLabels ? [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] }] : []),
    ...(pull.everywhere.length === 0 ? [] : [{ apiGroups: [''], resources: ['secrets'], resourceNames: pull.everywhere, verbs: ['get'] }]),
  ];
  const subjects = [{ kind: 'ServiceAccount', name: settings.name, namespace: settings.namespace }];
  const rbac = 'rbac.authorization.k8s.io';
  return [
    ...(clusterRules.length === 0 ? [] : [
      { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: clusterMetadata(settings), rules: clusterRules },
      { apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: clusterMetadata(settings), roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: settings.name }, subjects },
    ]),
    ...(selfManaged ? [
      {
        apiVersion: `${rbac}/v1`,
        kind: 'Role',
        metadata: namespacedMetadata(settings),
        rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: [tlsSecretName(settings)], verbs: ['get', 'update'] }],
      },
      { apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata: namespacedMetadata(settings), roleRef: { apiGroup: rbac, kind: 'Role', name: settings.name }, subjects },
    ] : []),
    // No policy holds in the verifier's own namespace.
    ...[...pull.within].filter(([within]) => within !== settings.namespace).flatMap(([within, resourceNames]) => {
      const metadata = { ...namespacedMetadata(settings, pullRoleName(settings, within)), namespace: within };
      return [
        { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames, verbs: ['get'] }] },
        { apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata, roleRef: { apiGroup: rbac, kind: 'Role', name: metadata.name }, subjects },
      ];
    }),
  ];
}

/** For cert-manager: the certificate that it is asked for. */
export function certificate(settings: WebhookSettings): Manifest[] {
  if (settings.tls.mode !== 'cert-manager') {
    return [];
  }
  return [{
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: namespacedMetadata(settings),
    spec: {
      dnsNames: [`${settings.name}.${settings.namespace}.svc`],
      issuerRef: { group: 'cert-manager.io', ...settings.tls.issuer },
      privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Always', size: 256 },
      secretName: tlsSecretName(settings),
      usages: ['digital signature', 'server auth'],
    },
  }];
}
