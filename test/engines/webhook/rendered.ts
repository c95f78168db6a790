import { Manifest } from '../../../lib/engines/manifest';
import { defaultSettings, renderWebhook, WebhookInput, WebhookSettings } from '../../../lib/engines/webhook';
import { ImageExemption, ImagePolicySpec, PolicyDocument } from '../../../lib/policy/document';
import { DIGEST, smallPolicy } from '../../policy/documents';

export const IMAGE = `ghcr.io/proofgate/verifier@sha256:${'c3'.repeat(32)}`;
export const audit = { type: 'Audit' as const, reason: 'first look', owner: 'platform', until: '2030-01-31' };

export function policy(name = 'payments', spec: Partial<ImagePolicySpec> = {}): PolicyDocument {
  return { ...smallPolicy, metadata: { name }, spec: { ...smallPolicy.spec, ...spec } };
}

export const exemption: ImageExemption = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'vendor' },
  spec: { image: 'reg.test/vendor/app', digests: [DIGEST], reason: 'not signed yet', owner: 'platform', until: '2030-01-31' },
};

/** What the engine writes; one policy and the default settings where nothing else is said. */
export function render(input: Partial<Omit<WebhookInput, 'settings'>> = {}, settings: Partial<WebhookSettings> = {}): Manifest[] {
  return renderWebhook({ documents: [policy()], trustRoots: [], ...input, settings: { ...defaultSettings, image: IMAGE, ...settings } });
}

/** The value at a place such as `spec.replicas` of the only object of a kind. */
export function at(manifests: readonly Manifest[], kind: string, place = ''): unknown {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  if (found.length !== 1) {
    throw new Error(`expected one ${kind}, found ${found.length}`);
  }
  return place.split('.').filter((step) => step !== '').reduce<unknown>((value, step) => Reflect.get(Object(value) as object, step), found[0]);
}

export interface Entry {
  readonly name: string;
  readonly failurePolicy: string;
  readonly namespaceSelector: { readonly matchLabels?: object; readonly matchExpressions?: ReadonlyArray<{ key: string; operator: string; values: readonly string[] }> };
  readonly clientConfig: { readonly service: { readonly path: string }; readonly caBundle?: string };
  readonly [field: string]: unknown;
}

export function entries(manifests: readonly Manifest[], kind: 'Validating' | 'Mutating' = 'Validating'): readonly Entry[] {
  return at(manifests, `${kind}WebhookConfiguration`, 'webhooks') as readonly Entry[];
}

/** Name, path, failure policy and namespaces of each entry, on a line. */
export function summary(manifests: readonly Manifest[], kind: 'Validating' | 'Mutating' = 'Validating'): string[] {
  return entries(manifests, kind).map(({ name, failurePolicy, clientConfig, namespaceSelector }) => {
    const expressions = (namespaceSelector.matchExpressions ?? []).map(({ key, operator, values }) => `${key.replace('kubernetes.io/metadata.', '')} ${operator} ${values.join(',')}`);
    const labels = namespaceSelector.matchLabels === undefined ? [] : [JSON.stringify(namespaceSelector.matchLabels)];
    return [name.split('.')[0], clientConfig.service.path, failurePolicy, ...expressions, ...labels].join(' ');
  });
}

export function containerArgs(manifests: readonly Manifest[]): readonly string[] {
  return at(manifests, 'Deployment', 'spec.template.spec.containers.0.args') as readonly string[];
}
