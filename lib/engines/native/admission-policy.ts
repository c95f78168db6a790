import { NativeMode, nativeBindings, nativePolicy } from '../../kubernetes/native-policy';
import { PolicyDocument } from '../../policy/document';
import { Manifest } from '../manifest';

/** What an admission policy of images is rendered from. */
export interface AdmissionPolicyInput {
  readonly name: string;
  readonly labels: { readonly [label: string]: string };
  readonly annotations?: { readonly [annotation: string]: string };
  readonly documents: readonly PolicyDocument[];
  readonly mode: NativeMode;
  /** Namespace that it leaves out. */
  readonly own?: string;
}

const apiVersion = 'admissionregistration.k8s.io/v1';

/** The policy and its bindings; nothing where the documents refuse nothing that it could refuse. */
export function admissionPolicy({ name, labels, annotations, documents, mode, own }: AdmissionPolicyInput): Manifest[] {
  const bindings = nativeBindings(documents, mode, own);
  return bindings.length === 0 ? [] : [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name, labels, ...annotations && { annotations } }, spec: nativePolicy(documents, mode) },
    ...bindings.map(({ scope, matchResources }): Manifest => ({
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: `${name}-${scope}`, labels },
      spec: { policyName: name, validationActions: ['Deny'], matchResources },
    })),
  ];
}
