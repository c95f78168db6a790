import * as k8s from '@pulumi/kubernetes';
import { enforcement } from './enforcement';

const payments = enforcement();

// Everything that has to be guarded from its first Pod on waits for the verifier.
new k8s.core.v1.Namespace('payments', { metadata: { name: 'payments' } }, { dependsOn: payments.engine });

export const policyDigest = payments.policyDigest;
