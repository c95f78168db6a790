import { NamespaceSelection, PolicyDocument } from '../../policy/document';
import { NormalPolicy, NormalRequirement } from '../../policy/normal';
import { policySet } from '../../policy/policy-set';
import { celString, celStrings } from '../cel';
import { NAMESPACE_NAME_LABEL } from '../labels';
import { KyvernoAttestor, kyvernoAttestor, KyvernoTrustRoot } from './attestor';
import { imageExpression } from './image-expression';
import { predicateTypeOf } from '../predicate-type';
import { statementConditions } from './predicate';

/** How Kyverno was installed, as far as its policies depend on it. */
export interface KyvernoInstallation {
  /** Of the policy. */
  readonly name: string;
  /** The oldest version that will read it. */
  readonly version: string;
  /** Where Kyverno runs; it is not asked about that namespace. */
  readonly namespace: string;
  /** What the API server waits for an answer. */
  readonly timeoutSeconds: number;
}

/** What a policy is rendered with, beside its documents. */
export interface KyvernoSettings extends KyvernoInstallation {
  /** Those that the documents name, but for Kyverno's own. */
  readonly trustRoots: readonly KyvernoTrustRoot[];
}

interface Named {
  readonly name: string;
  readonly expression: string;
}

/** As Kubernetes selects namespaces. */
interface NamespaceSelector {
  readonly matchExpressions: ReadonlyArray<{ readonly key: string; readonly operator: 'In' | 'NotIn'; readonly values: readonly string[] }>;
  readonly matchLabels?: { readonly [label: string]: string };
}

/** `spec` of an ImageValidatingPolicy (policies.kyverno.io/v1). */
export interface ImageValidatingPolicySpec {
  readonly failurePolicy: 'Fail';
  readonly validationActions: readonly ['Deny'];
  readonly webhookConfiguration: { readonly timeoutSeconds: number };
  readonly evaluation: { readonly background: { readonly enabled: false } };
  readonly matchConstraints: {
    readonly namespaceSelector: NamespaceSelector;
    readonly resourceRules: ReadonlyArray<{ readonly apiGroups: readonly ['']; readonly apiVersions: readonly ['v1']; readonly operations: readonly string[]; readonly resources: readonly string[] }>;
  };
  readonly matchConditions: readonly Named[];
  readonly matchImageReferences: ReadonlyArray<{ readonly expression: string }>;
  readonly validationConfigurations: { readonly mutateDigest: true; readonly required: true; readonly verifyDigest: true };
  readonly images: readonly Named[];
  readonly attestors: readonly KyvernoAttestor[];
  readonly attestations: ReadonlyArray<{ readonly name: string; readonly intoto: { readonly type: string } }>;
  readonly variables: readonly Named[];
  readonly validations: ReadonlyArray<{ readonly expression: string; readonly message: string; readonly messageExpression: string }>;
}

/**
 * One ImageValidatingPolicy for everything that these documents say: for each image the policies that name it and hold in its namespace, and a refusal where
 * there is none.
 *
 * One, because two that share a webhook entry can hang until its timeout (kyverno#17275), and because only what knows all of them can tell that no policy
 * names an image.
 *
 * @param documents - valid policies, and nothing in them that Kyverno cannot express
 */
export function kyvernoPolicy(documents: readonly PolicyDocument[], settings: KyvernoSettings): ImageValidatingPolicySpec {
  const { policies } = policySet(documents);
  const rules = policies.map((policy, index) => (
    { policy, index, requirements: policy.requirements.map((requirement, position) => ({ requirement, name: `policy${index}requirement${position}` })) }
  ));
  const calls = rules.flatMap(({ policy, requirements }) => (
    requirements.flatMap(({ requirement }) => requirement.attestors.map((attestor) => ({ policy, requirement, attestor })))
  ));
  return {
    failurePolicy: 'Fail',
    validationActions: ['Deny'],
    webhookConfiguration: { timeoutSeconds: settings.timeoutSeconds },
    evaluation: { background: { enabled: false } },
    matchConstraints: {
      namespaceSelector: selectorOf(policies, settings.namespace),
      resourceRules: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods', 'pods/ephemeralcontainers'] },
      ],
    },
    matchConditions: [{ name: 'brings-an-image', expression: BRINGS_AN_IMAGE }],
    // Nothing else is fetched: nobody who may create a Pod has Kyverno contact a registry that no policy names.
    matchImageReferences: [{ expression: `ref.matches(${celString(imageExpression(policies.flatMap(({ images }) => images), 'optional'))})` }],
    validationConfigurations: { mutateDigest: true, required: true, verifyDigest: true },
    images: extractors(policies),
    attestors: policies.flatMap((policy) => Object.entries(policy.attestors).sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, attestor]) => kyvernoAttestor(attestorName(policy, name), attestor, settings.trustRoots))),
    attestations: calls.map(({ policy, requirement, attestor }) => ({ name: attestationName(policy, requirement, attestor), intoto: { type: predicateTypeOf(requirement) } })),
    variables: [
      { name: 'images', expression: imagesOf('object') },
      ...rules.flatMap(({ policy, index, requirements }) => [
        { name: `policy${index}covers`, expression: coversOf(policy.namespaces) },
        { name: `policy${index}images`, expression: `variables.images.filter(image, variables.policy${index}covers && image.matches(${celString(imageExpression(policy.images, 'required'))}))` },
        ...requirements.map(({ requirement, name }) => ({ name, expression: `variables.policy${index}images.filter(image, !(${holds(policy, requirement)}))` })),
      ]),
      { name: 'guarded', expression: guardedBy(policies) },
      { name: 'unmatched', expression: `variables.guarded ? variables.images.filter(image, !(${rules.map(({ index }) => `image in variables.policy${index}images`).join(' || ')})) : []` },
    ],
    validations: [
      validation('unmatched', '[UNMATCHED_IMAGE] ', ': expected an image that a policy names, written out in full and by digest (host/path@sha256:...), found another', 'An image that no policy names'),
      ...rules.flatMap(({ policy, requirements }) => requirements.map(({ requirement, name }) => (
        validation(name, `[${requirement.type === 'signature' ? 'NO_SIGNATURE' : 'NO_ATTESTATION'}] `, `: policy "${policy.name}" expected ${described(requirement)} (${
          requirement.attestors.map((attestor) => `${attestor}: ${identityOf(policy, attestor)}`).join('; ')}), found none`, `An image without what policy "${policy.name}" requires`)
      ))),
    ],
  };
}

/** Everything by which the kubelet is told to pull; what names no image is one that nothing matches. */
function imagesOf(object: string): string {
  return [
    ...['containers', 'initContainers', 'ephemeralContainers'].map((list) => `${object}.spec.?${list}.orValue([]).map(container, container.?image.orValue(''))`),
    `${object}.spec.?volumes.orValue([]).filter(volume, has(volume.image)).map(volume, volume.image.?reference.orValue(''))`,
  ].join(' + ');
}

/** An update that brings no image needs no registry: labels change, and finalizers go, while it is away. */
const BRINGS_AN_IMAGE = `request.operation != 'UPDATE' || !(${imagesOf('object')}).all(image, image in (${imagesOf('oldObject')}))`;

/**
 * What Kyverno fetches and wants verified: nothing where no policy holds.
 *
 * In place of Kyverno's own, which leave image volumes out, and under whose lists an image that stands in two of them can hang the request: what is fetched
 * already is asked for once more, and the next one then waits for ever.
 */
function extractors(policies: readonly NormalPolicy[]): Named[] {
  return [
    { name: 'containers', expression: `(${imagesOf('object')}).filter(image, ${guardedBy(policies)}).distinct()` },
    { name: 'ephemeralContainers', expression: '[]' },
    { name: 'initContainers', expression: '[]' },
  ];
}

/** Whether a policy holds in the namespace of the request. */
function guardedBy(policies: readonly NormalPolicy[]): string {
  return [...new Set(policies.map(({ namespaces }) => coversOf(namespaces)))].map((covers) => `(${covers})`).join(' || ');
}

/** One call for each attestor: of a list of them Kyverno remembers nothing, and says no more than how many. */
function holds(policy: NormalPolicy, requirement: NormalRequirement): string {
  const votes = requirement.attestors.map((attestor) => {
    const attestation = celString(attestationName(policy, requirement, attestor));
    const verified = `verifyAttestationSignatures(image, ${attestation}, [attestors[${celString(attestorName(policy, attestor))}]]) > 0`;
    return `(${verified} && cel.bind(statement, extractPayload(image, ${attestation}), ${statementConditions(requirement).join(' && ')}) ? 1 : 0)`;
  });
  return `${votes.join(' + ')} >= ${requirement.threshold}`;
}

function attestorName(policy: NormalPolicy, attestor: string): string {
  return `${policy.name}/${attestor}`;
}

/** One for each call: under one name, what was remembered of one attestor's statement would stand in for another's. */
function attestationName(policy: NormalPolicy, requirement: NormalRequirement, attestor: string): string {
  return `${policy.name}/${requirement.name}/${attestor}`;
}

function coversOf(selection: NamespaceSelection): string {
  if ('except' in selection) {
    return `!(request.namespace in ${celStrings(selection.except)})`;
  }
  if ('names' in selection) {
    return `request.namespace in ${celStrings(selection.names)}`;
  }
  return Object.entries(selection.labels).sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `namespaceObject.metadata.?labels[?${celString(key)}].orValue('') == ${celString(value)} && ${celString(key)} in namespaceObject.metadata.labels`).join(' && ');
}

/** At least the namespaces in which a policy holds; which of them holds where is said in CEL. */
function selectorOf(policies: readonly NormalPolicy[], own: string): NamespaceSelector {
  const selections = policies.map(({ namespaces }) => namespaces);
  const names = selections.flatMap((selection) => ('names' in selection ? selection.names : []));
  const excepts = selections.flatMap((selection) => ('except' in selection ? [selection.except] : []));
  if (selections.every((selection) => 'names' in selection)) {
    return { matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'In', values: [...new Set(names)].sort() }] };
  }
  const isExcepted = (name: string): boolean => selections.every((selection) => 'except' in selection || 'names' in selection)
    && excepts.every((except) => except.includes(name)) && !names.includes(name);
  const [labels] = selections.map((selection) => ('labels' in selection ? selection.labels : undefined));
  return {
    matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: 'NotIn', values: [...new Set([...excepts.flat().filter(isExcepted), 'kube-system', own])].sort() }],
    ...labels !== undefined && new Set(selections.map(coversOf)).size === 1 ? { matchLabels: labels } : {},
  };
}

function validation(variable: string, before: string, after: string, message: string): ImageValidatingPolicySpec['validations'][number] {
  return {
    expression: `size(variables.${variable}) == 0`,
    message,
    messageExpression: `${celString(before)} + variables.${variable}.join(', ') + ${celString(after)}`,
  };
}

function described(requirement: NormalRequirement): string {
  const count = requirement.threshold === 1 && requirement.attestors.length === 1 ? 'by' : `by ${requirement.threshold} of`;
  return requirement.type === 'signature' ? `a signature of this digest ${count}` : `an attestation "${requirement.name}" (${requirement.predicateType}) of this digest, as the policy says, ${count}`;
}

function identityOf(policy: NormalPolicy, name: string): string {
  const attestor = policy.attestors[name];
  if (attestor?.type !== 'keyless') {
    return 'a key';
  }
  return `${typeof attestor.subject === 'string' ? attestor.subject : `${attestor.subject.workflow} at ${attestor.subject.refs.join(', ')}`} of ${attestor.issuer}`;
}
