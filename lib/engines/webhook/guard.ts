import { guardSpec } from '../../kubernetes/guard';
import { Manifest } from '../manifest';
import { clusterMetadata } from './metadata';
import { WebhookSettings } from './settings';

/** The admission policy that closes the verifier's own namespace, which needs no verifier to hold, and its binding. */
export function guard(settings: WebhookSettings): Manifest[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: clusterMetadata(settings), spec: guardSpec(settings) },
    { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: clusterMetadata(settings), spec: { policyName: settings.name, validationActions: ['Deny'] } },
  ];
}
