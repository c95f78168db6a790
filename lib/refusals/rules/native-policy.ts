import { workloadRules } from '../../kubernetes/admission-rules';
import { exceptionGuardName } from '../../kubernetes/kyverno/exceptions';
import { kyvernoFloorName } from '../../kubernetes/kyverno/floor';
import { DOCUMENTS_ANNOTATION, ENGINE_LABEL } from '../../kubernetes/labels';
import { NativeMode, nativeBindings, nativePolicy as specOf } from '../../kubernetes/native-policy';
import { canonicalJson } from '../../policy/canonical-json';
import { PolicyDocument } from '../../policy/document';
import { cannotExpress } from '../capabilities';
import { Fields, fieldsOf, list } from '../fields';
import { KubernetesObject, Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { documentsOf, verifiers } from '../verifiers';
import { isGuard, wantedGuards } from '../guards';

export const nativePolicy: Rule = {
  code: 'NATIVE_POLICY',
  title: 'An admission policy of images does not hold what its documents say',
  why: 'The API server evaluates what is written and nothing else: a condition, an action that only warns, a narrower binding or another expression admits images that the documents refuse.',
  remedy: 'Keep the ValidatingAdmissionPolicy and its bindings as the synthesis renders them: failurePolicy Fail, validationActions [Deny], no paramRef, no matchConditions.',
  check: (subject) => {
    const present = verifiers(subject);
    const guards = new Set(present.flatMap((verifier) => wantedGuards(verifier, subject).map(({ name }) => name)));
    const floors = new Set(present.map(({ object }) => `${object.name}-floor`));
    const policies = subject.objects.filter(isOwnPolicy).filter((policy) => !guards.has(policy.name) && !isOfAnotherRule(policy, floors, subject));
    return [
      ...policies.flatMap((policy) => [...openings(policy), ...wrongContent(policy, subject)]),
      ...subject.objects.flatMap((object) => wrongBinding(object, policies, subject)),
    ];
  },
};

function isOwnPolicy({ own, kind }: KubernetesObject): boolean {
  return own && kind === 'ValidatingAdmissionPolicy';
}

/** The guards of a verifier that is elsewhere, and the policies beside one for Kyverno or policy-controller; every other one is an engine or floor, whatever it lost. */
function isOfAnotherRule({ name, labels, annotations, content }: KubernetesObject, floors: ReadonlySet<string>, subject: Subject): boolean {
  switch (labels[ENGINE_LABEL]) {
    case 'kyverno': return subject.alone || subject.objects.some((object) => object.kind === 'ImageValidatingPolicy' && object.own && [exceptionGuardName(object.name), kyvernoFloorName(object.name)].includes(name));
    case 'policy-controller': return true;
    default: return isGuard(content) && !Object.hasOwn(annotations, DOCUMENTS_ANNOTATION) && !floors.has(name);
  }
}

interface Source {
  readonly documents: readonly PolicyDocument[];
  readonly mode: NativeMode;
  readonly own?: string;
}

/** What it has to hold: a floor what its verifier reads, an engine what its annotation says. */
function sourceOf(policy: KubernetesObject, subject: Subject): Source {
  const floored = verifiers(subject).find(({ object: { name } }) => policy.name === `${name}-floor`)?.object.namespace;
  const documents = floored === undefined ? subject.documents.filter(({ source }) => source === policy).map(({ document }) => document) : documentsOf(subject, floored);
  return floored === undefined ? { documents, mode: 'alone' } : { documents, mode: 'floor', own: floored };
}

/** What lets requests by, whatever the documents say. */
function openings({ id, content }: KubernetesObject): Observation[] {
  const spec = fieldsOf(content.spec);
  const { namespaceSelector, objectSelector, excludeResourceRules, matchPolicy = 'Equivalent', resourceRules } = fieldsOf(spec.matchConstraints);
  return observed(id, [
    ['spec.failurePolicy', (spec.failurePolicy ?? 'Fail') !== 'Fail', `failurePolicy is ${show(spec.failurePolicy)}: an expression that fails admits.`],
    ['spec.matchConditions', list(spec.matchConditions).length > 0, 'A condition exempts requests.'],
    ['spec.paramKind', spec.paramKind != null, 'What it compares with is taken from another object.'],
    ['spec.matchConstraints', selectsSome(namespaceSelector) || selectsSome(objectSelector) || list(excludeResourceRules).length > 0 || matchPolicy !== 'Equivalent',
      'It leaves requests out.'],
    ['spec.matchConstraints.resourceRules', !isSame(resourceRules, workloadRules()), 'A workload kind or operation is not judged.'],
  ]);
}

function wrongContent(policy: KubernetesObject, subject: Subject): Observation[] {
  const { id, labels, content } = policy;
  const source = sourceOf(policy, subject);
  const { documents, mode } = source;
  if (documents.length === 0) {
    // The documents of a floor that is judged alone are elsewhere.
    return subject.alone ? [] : [{ object: id, path: 'metadata.annotations', message: `It does not say what it was rendered from (${DOCUMENTS_ANNOTATION}), and is the floor of no verifier among these objects.` }];
  }
  const isUnnamed = mode === 'alone' && labels[ENGINE_LABEL] !== 'native';
  if (!isUnnamed && mode === 'alone' && documents.some((document) => cannotExpress('native', document).length > 0)) {
    // No policy could hold them, which is another rule's.
    return [];
  }
  const spec = fieldsOf(content.spec);
  const expected = specOf(documents, mode);
  return [
    ...observed(id, [
      ['metadata.labels', isUnnamed, `The label ${ENGINE_LABEL} is ${show(labels[ENGINE_LABEL])}: nobody can tell what evaluates its documents.`],
      ['spec.variables', !isSame(spec.variables, expected.variables), 'The lists or what is looked up in them are not those of the documents.'],
      ['spec.validations', !isSame(expressionsOf(spec.validations), expressionsOf(expected.validations)), 'It validates something else.'],
    ]),
    // The bindings of a policy that is judged alone are elsewhere.
    ...subject.alone ? [] : missingBindings(policy, source, subject),
  ];
}

/** Every namespace needs its binding; further ones only refuse more. */
function missingBindings({ id, name }: KubernetesObject, { documents, mode, own }: Source, { objects }: Subject): Observation[] {
  const bindings = objects.filter((object) => isBinding(object) && policyName(object) === name);
  return nativeBindings(documents, mode, own)
    .filter(({ matchResources }) => !bindings.some(({ content }) => isSame(selectorOf(content), matchResources.namespaceSelector)))
    .map(({ scope }) => ({ object: id, path: '', message: `No binding is for the namespaces of ${name}-${scope}.` }));
}

/** A binding of one of the policies, whoever wrote it, or one of ours that binds none of ours. */
function wrongBinding(object: KubernetesObject, policies: readonly KubernetesObject[], { objects, alone }: Subject): Observation[] {
  const binds = ({ name }: KubernetesObject): boolean => policyName(object) === name;
  const isLost = object.own && !objects.some((other) => isOwnPolicy(other) && binds(other));
  if (!isBinding(object) || !(isLost || policies.some(binds))) {
    return [];
  }
  const { validationActions, paramRef, matchResources } = fieldsOf(object.content.spec);
  const { objectSelector, excludeResourceRules, resourceRules, matchPolicy = 'Equivalent' } = fieldsOf(matchResources);
  return observed(object.id, [
    ['spec.policyName', isLost && !alone, `No ValidatingAdmissionPolicy of proofgate among these objects is called ${show(policyName(object))}: it binds nothing.`],
    ['spec.validationActions', !list(validationActions).includes('Deny'), `A violation is not refused: ${show(validationActions)}.`],
    ['spec.paramRef', paramRef != null, 'A policy without parameters is not evaluated with one.'],
    ['spec.matchResources', selectsSome(objectSelector) || list(excludeResourceRules).length > 0 || list(resourceRules).length > 0 || matchPolicy !== 'Equivalent', 'It leaves requests out.'],
  ]);
}

function observed(object: string, parts: ReadonlyArray<readonly [path: string, isWrong: boolean, message: string]>): Observation[] {
  return parts.filter(([, isWrong]) => isWrong).map(([path, , message]) => ({ object, path, message }));
}

function isBinding({ kind }: KubernetesObject): boolean {
  return kind === 'ValidatingAdmissionPolicyBinding';
}

function policyName({ content }: KubernetesObject): unknown {
  return fieldsOf(content.spec).policyName;
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
