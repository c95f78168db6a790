import { PolicyDocument } from '../policy/document';
import { celStrings } from './cel';
import { AdmissionPolicySpec, operatorVariables } from './guard';

/** Name of the admission policy, and of its binding. */
export function labelGuardName(name: string): string {
  return `${name}-labels`;
}

/** Keys of the labels by which documents select namespaces, each once. */
export function selectingLabels(documents: readonly PolicyDocument[]): string[] {
  return [...new Set(documents.flatMap(({ spec: { namespaces } }) => (namespaces !== undefined && 'labels' in namespaces ? Object.keys(namespaces.labels) : [])))];
}

/**
 * The policy that keeps namespaces where the labels have put them: only operators change one by which a document selects namespaces.
 *
 * Adding one counts as well, since a further policy or exemption is a further reason for images to run. Whoever creates a namespace
 * decides with which labels it begins; one that is deleted takes its workloads with it. The subresources write labels, too.
 */
export function labelGuardSpec(keys: readonly string[], operatorGroups: readonly string[]): AdmissionPolicySpec {
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['namespaces', 'namespaces/finalize', 'namespaces/status'], scope: 'Cluster' }],
    },
    variables: [
      ...operatorVariables(operatorGroups),
      { name: 'labels', expression: 'object.metadata.?labels.orValue({})' },
      { name: 'oldLabels', expression: 'oldObject.metadata.?labels.orValue({})' },
      { name: 'selecting', expression: celStrings([...keys].sort()) },
      { name: 'changed', expression: `variables.selecting.filter(key, ${valueIn('labels')} != ${valueIn('oldLabels')})` },
    ],
    validations: [{
      expression: 'size(variables.changed) == 0 || variables.operator',
      message: 'Only operators may change the labels of a namespace by which policies for images select it.',
      messageExpression: '\'Policies for images select namespaces by \' + variables.changed.join(\', \') + \': only operators may add, change or remove it, people who may update\''
        + ' + \' validatingwebhookconfigurations, and members of the operator groups that the verifier was set up with.\'',
      reason: 'Forbidden',
    }],
  };
}

/** The value of the label as a list, which is empty where there is none. */
function valueIn(labels: string): string {
  return `(key in variables.${labels} ? [variables.${labels}[key]] : [])`;
}
