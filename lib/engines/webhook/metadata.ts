import { PART_OF, PART_OF_LABEL } from '../../kubernetes/labels';
import { ManifestMetadata } from '../manifest';
import { WebhookSettings } from './settings';

/** Labels that every object carries (Kubernetes' recommended labels). */
export function commonLabels({ name }: WebhookSettings): { [label: string]: string } {
  return { 'app.kubernetes.io/component': 'verifier', 'app.kubernetes.io/name': name, [PART_OF_LABEL]: PART_OF };
}

/** What selects the verifier's Pods; never changed, since a Deployment's selector cannot be. */
export function podLabels(settings: WebhookSettings): { [label: string]: string } {
  return { 'app.kubernetes.io/name': settings.name };
}

export function clusterMetadata(settings: WebhookSettings): ManifestMetadata {
  return { name: settings.name, labels: commonLabels(settings) };
}

export function namespacedMetadata(settings: WebhookSettings, name = settings.name): ManifestMetadata {
  return { name, namespace: settings.namespace, labels: commonLabels(settings) };
}
