import { pinningRules, workloadRules } from '../../kubernetes/admission-rules';
import { Scope, scopesOf } from '../../kubernetes/namespace-scopes';
import { PolicyDocument } from '../../policy/document';
import { Manifest, ManifestMetadata } from '../manifest';
import { clusterMetadata } from './metadata';
import { WebhookInput, WebhookSettings } from './settings';

/** Domain of the entries' names, which must be fully qualified. */
const DOMAIN = 'proofgate.dev';

/** Where entries lead, and how long they are waited for. */
export type EntrySettings = Pick<WebhookSettings, 'name' | 'namespace' | 'timeoutSeconds'>;

export function validatingWebhook({ documents, settings }: WebhookInput): Manifest {
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: metadata(settings), webhooks: validatingEntries(documents, settings) };
}

export function mutatingWebhook({ documents, settings }: WebhookInput): Manifest {
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: metadata(settings), webhooks: pinningEntries(documents, settings) };
}

/** The entries that refuse, and, while an audit window is open, those that only warn. */
export function validatingEntries(documents: readonly PolicyDocument[], settings: EntrySettings): object[] {
  const policies = documents.filter(({ kind }) => kind === 'ImagePolicy');
  const enforced = scopesOf(policies.filter((document) => !isAudited(document)), settings.namespace);
  const audited = scopesOf(policies.filter(isAudited), settings.namespace);
  return [
    ...enforced.map((scope) => entry(settings, scope, { name: `validate-${scope.name}`, path: '/validate', failurePolicy: 'Fail', rules: workloadRules() })),
    ...audited.map((scope) => entry(settings, scope, { name: `audit-${scope.name}`, path: '/audit', failurePolicy: 'Ignore', rules: workloadRules() })),
  ];
}

/**
 * Pins tags of Pods to digests. It fails open, because the validating entries refuse every tag that is left, and it is only
 * called for Pods that hold one, for the same reason.
 */
export function pinningEntries(documents: readonly PolicyDocument[], settings: EntrySettings): object[] {
  return scopesOf(documents.filter(({ kind }) => kind === 'ImagePolicy'), settings.namespace).map((scope) => ({
    ...entry(settings, scope, { name: `pin-${scope.name}`, path: '/mutate', failurePolicy: 'Ignore', rules: pinningRules() }),
    matchConditions: [{ name: 'holds-a-tag', expression: HOLDS_A_TAG }],
    reinvocationPolicy: 'IfNeeded',
  }));
}

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly rules: readonly unknown[];
}

function entry(settings: EntrySettings, { selector }: Scope, { name, path, failurePolicy, rules }: Entry): object {
  return {
    name: `${name}.${settings.name}.${DOMAIN}`,
    admissionReviewVersions: ['v1'],
    // No caBundle: whoever makes the certificate writes it, and applying this again leaves it alone.
    clientConfig: { service: { name: settings.name, namespace: settings.namespace, path, port: 443 } },
    failurePolicy,
    matchPolicy: 'Equivalent',
    namespaceSelector: selector,
    rules,
    sideEffects: 'None',
    timeoutSeconds: settings.timeoutSeconds,
  };
}

/** cert-manager's injector fills `caBundle` where this annotation says so. */
function metadata(settings: WebhookSettings): ManifestMetadata {
  const common = clusterMetadata(settings);
  return settings.tls.mode === 'cert-manager'
    ? { ...common, annotations: { 'cert-manager.io/inject-ca-from': `${settings.namespace}/${settings.name}` } }
    : common;
}

function isAudited(document: PolicyDocument): boolean {
  return document.kind === 'ImagePolicy' && document.spec.action?.type === 'Audit';
}

/** Null-safe: what is absent holds no tag. */
const HOLDS_A_TAG = [
  ...['containers', 'initContainers', 'ephemeralContainers'].map((list) => `object.spec.?${list}.orValue([]).exists(c, !c.?image.orValue('').contains('@'))`),
  'object.spec.?volumes.orValue([]).exists(v, has(v.image) && !v.image.?reference.orValue(\'\').contains(\'@\'))',
].join(' || ');
