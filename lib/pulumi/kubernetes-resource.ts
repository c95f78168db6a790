import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Manifest } from '../engines/manifest';
import { isNamedByContent, resourceName } from './resource-name';

type ResourceClass = new (name: string, args: never, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** The resource of each kind that an engine renders. */
const CLASSES: { readonly [kind: string]: ResourceClass } = {
  'Certificate': k8s.apiextensions.CustomResource,
  'ClusterImagePolicy': k8s.apiextensions.CustomResource,
  'ClusterRole': k8s.rbac.v1.ClusterRole,
  'ClusterRoleBinding': k8s.rbac.v1.ClusterRoleBinding,
  'ConfigMap': k8s.core.v1.ConfigMap,
  'Deployment': k8s.apps.v1.Deployment,
  'ImageValidatingPolicy': k8s.apiextensions.CustomResource,
  'MutatingWebhookConfiguration': k8s.admissionregistration.v1.MutatingWebhookConfiguration,
  'Namespace': k8s.core.v1.Namespace,
  'NetworkPolicy': k8s.networking.v1.NetworkPolicy,
  'PodDisruptionBudget': k8s.policy.v1.PodDisruptionBudget,
  'Role': k8s.rbac.v1.Role,
  'RoleBinding': k8s.rbac.v1.RoleBinding,
  'Secret': k8s.core.v1.Secret,
  'Service': k8s.core.v1.Service,
  'ServiceAccount': k8s.core.v1.ServiceAccount,
  'ValidatingAdmissionPolicy': k8s.admissionregistration.v1.ValidatingAdmissionPolicy,
  'ValidatingAdmissionPolicyBinding': k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding,
  'ValidatingWebhookConfiguration': k8s.admissionregistration.v1.ValidatingWebhookConfiguration,
};

/**
 * Registers an object, exactly as the engine rendered it.
 *
 * Where a replacement has the name of what it replaces, the old object goes first: else the new one would be created over it and then be deleted with it, and
 * the state would say that it is there.
 */
export function registerObject(manifest: Manifest, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
  const type = CLASSES[manifest.kind];
  if (type === undefined) {
    throw new Error(`no Pulumi resource is known for the kind ${manifest.kind}`);
  }
  // A copy: Pulumi holds on to what it is given, and nobody else may hold what is judged.
  return new type(resourceName(manifest), JSON.parse(JSON.stringify(manifest)) as never, { deleteBeforeReplace: !isNamedByContent(manifest), ...opts });
}
