import { AdmissionPolicySpec, guardSpec } from '../../kubernetes/guard';
import { labelGuardName, labelGuardSpec, selectingLabels } from '../../kubernetes/guard-labels';
import { objectGuardName, objectGuardSpec } from '../../kubernetes/guard-objects';
import { Manifest } from '../manifest';
import { clusterMetadata } from './metadata';
import { WebhookInput, WebhookSettings } from './settings';

/** The admission policies that close the verifier's own namespace; they need no verifier to hold. */
export function guard(settings: WebhookSettings): Manifest[] {
  return [
    ...policy(settings, settings.name, guardSpec(settings)),
    ...policy(settings, objectGuardName(settings.name), objectGuardSpec({ ...settings, certManager: settings.tls.mode === 'cert-manager' ? settings.tls.namespace : undefined })),
  ];
}

/** The one that keeps the labels by which documents select namespaces, where any does. */
export function labelGuard({ documents, settings }: WebhookInput): Manifest[] {
  const keys = selectingLabels(documents);
  return keys.length === 0 ? [] : policy(settings, labelGuardName(settings.name), labelGuardSpec(keys, settings.operatorGroups));
}

function policy(settings: WebhookSettings, name: string, spec: AdmissionPolicySpec): Manifest[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { ...clusterMetadata(settings), name };
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata, spec },
    { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata, spec: { policyName: name, validationActions: ['Deny'] } },
  ];
}
