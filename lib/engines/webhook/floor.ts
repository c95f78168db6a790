import { Manifest } from '../manifest';
import { admissionPolicy } from '../native';
import { commonLabels } from './metadata';
import { WebhookInput } from './settings';

/** The admission policy that goes on refusing what it can tell by name while nobody asks the verifier, because its webhook is gone or leads nowhere. */
export function floor({ documents, settings }: WebhookInput): Manifest[] {
  return settings.floor ? admissionPolicy({
    name: `${settings.name}-floor`,
    labels: { ...commonLabels(settings), 'app.kubernetes.io/component': 'floor' },
    documents,
    mode: 'floor',
    own: settings.namespace,
  }) : [];
}
