import { ENGINE_LABEL } from '../../kubernetes/labels';
import { NativeMode, nativeBindings, nativePolicy as specOf } from '../../kubernetes/native-policy';
import { canonicalJson } from '../../policy/canonical-json';
import { PolicyDocument } from '../../policy/document';
import { cannotExpress } from '../capabilities';
import { Fields, fieldsOf, list } from '../fields';
import { KubernetesObject, Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { verifiers } from '../verifiers';

export const nativePolicy: Rule = {
  code: 'NATIVE_POLICY',
  title: 'An admission policy of images does not hold what its documents say',
  why: 'The API server evaluates what is written and nothing else: a condition, an action that only warns, a narrower binding or another expression admits images that the documents refuse.',
  remedy: 'Keep the ValidatingAdmissionPolicy and its bindings as the synthesis renders them: failurePolicy Fail, validationActions [Deny], no paramRef, no matchConditions.',
  check: (subject) => subject.objects.filter(isImagePolicy).flatMap((policy) => {
    const found = sourceOf(policy, subject);
    return found === undefined ? [] : [...wrongPolicy(policy, found), ...wrongBindings(policy, found, subject)];
  }),
};

/** The policy of an engine or floor, by its label, or by the variable that only these have. */
function isImagePolicy({ own, kind, content }: KubernetesObject): boolean {
  return own && kind === 'ValidatingAdmissionPolicy' && (list(fieldsOf(content.spec).variables).map(fieldsOf).some(({ name }) => name === 'oldUses')
    || ['floor', 'native'].includes(fieldsOf(fieldsOf(content.metadata).labels)[COMPONENT] as string));
}

const COMPONENT = 'app.kubernetes.io/component';

interface Source {
  readonly documents: readonly PolicyDocument[];
  readonly mode: NativeMode;
  readonly own?: string;
}

/** What it has to hold; `undefined` where its documents are not among the objects, or cannot be held at all, which is another rule's. */
function sourceOf(policy: KubernetesObject, subject: Subject): Source | undefined {
  if (policy.labels[ENGINE_LABEL] === 'native') {
    const documents = subject.documents.filter(({ source }) => source === policy).map(({ document }) => document);
    return documents.length === 0 || documents.some((document) => cannotExpress('native', document).length > 0) ? undefined : { documents, mode: 'alone' };
  }
  const verifier = verifiers(subject).find(({ object: { name } }) => policy.name === `${name}-floor`);
  const namespace = verifier?.object.namespace;
  const documents = subject.documents.filter(({ source }) => source.kind === 'ConfigMap' && source.namespace === namespace).map(({ document }) => document);
  return namespace === undefined || documents.length === 0 ? undefined : { documents, mode: 'floor', own: namespace };
}

function wrongPolicy({ id, content }: KubernetesObject, { documents, mode }: Source): Observation[] {
  const spec = fieldsOf(content.spec);
  const expected = specOf(documents, mode);
  const { namespaceSelector, objectSelector, excludeResourceRules, matchPolicy = 'Equivalent', resourceRules } = fieldsOf(spec.matchConstraints);
  const wrong: ReadonlyArray<readonly [path: string, isWrong: boolean, message: string]> = [
    ['spec.failurePolicy', (spec.failurePolicy ?? 'Fail') !== 'Fail', `failurePolicy is ${show(spec.failurePolicy)}: an expression that fails admits.`],
    ['spec.matchConditions', list(spec.matchConditions).length > 0, 'A condition exempts requests.'],
    ['spec.paramKind', spec.paramKind != null, 'What it compares with is taken from another object.'],
    ['spec.matchConstraints', selectsSome(namespaceSelector) || selectsSome(objectSelector) || list(excludeResourceRules).length > 0 || matchPolicy !== 'Equivalent',
      'It leaves requests out.'],
    ['spec.matchConstraints.resourceRules', !isSame(resourceRules, expected.matchConstraints.resourceRules), 'A workload kind or operation is not judged.'],
    ['spec.variables', !isSame(spec.variables, expected.variables), 'The lists or what is looked up in them are not those of the documents.'],
    ['spec.validations', !isSame(expressionsOf(spec.validations), expressionsOf(expected.validations)), 'It validates something else.'],
  ];
  return wrong.filter(([, isWrong]) => isWrong).map(([path, , message]) => ({ object: id, path, message }));
}

/** Every namespace needs its binding; further ones only refuse more. */
function wrongBindings(policy: KubernetesObject, { documents, mode, own }: Source, { objects }: Subject): Observation[] {
  const bindings = objects.filter(({ kind, content }) => kind === 'ValidatingAdmissionPolicyBinding' && fieldsOf(content.spec).policyName === policy.name);
  return [
    // A policy that is judged alone has its bindings elsewhere.
    ...(objects.length === 1 ? [] : nativeBindings(documents, mode, own))
      .filter(({ matchResources }) => !bindings.some(({ content }) => isSame(selectorOf(content), matchResources.namespaceSelector)))
      .map(({ scope }) => ({ object: policy.id, path: '', message: `No binding is for the namespaces of ${policy.name}-${scope}.` })),
    ...bindings.flatMap(({ id, content }) => {
      const { validationActions, paramRef, matchResources } = fieldsOf(content.spec);
      const { objectSelector, excludeResourceRules, resourceRules, matchPolicy = 'Equivalent' } = fieldsOf(matchResources);
      return [
        ...(list(validationActions).includes('Deny') ? [] : [{ object: id, path: 'spec.validationActions', message: `A violation is not refused: ${show(validationActions)}.` }]),
        ...(paramRef == null ? [] : [{ object: id, path: 'spec.paramRef', message: 'A policy without parameters is not evaluated with one.' }]),
        ...(selectsSome(objectSelector) || list(excludeResourceRules).length > 0 || list(resourceRules).length > 0 || matchPolicy !== 'Equivalent'
          ? [{ object: id, path: 'spec.matchResources', message: 'It leaves requests out.' }] : []),
      ];
    }),
  ];
}

function selectorOf(content: Fields): unknown {
  return fieldsOf(fieldsOf(content.spec).matchResources).namespaceSelector;
}

/** A selector that selects everything is written by the API server where none was. */
function selectsSome(selector: unknown): boolean {
  return Object.values(fieldsOf(selector)).some((part) => part != null && Object.keys(part).length > 0);
}

function expressionsOf(validations: unknown): unknown {
  return list(validations).map(fieldsOf).map(({ expression = null, messageExpression = null }) => [expression, messageExpression]);
}

function isSame(found: unknown, wanted: unknown): boolean {
  return canonicalJson(found ?? null) === canonicalJson(wanted);
}
