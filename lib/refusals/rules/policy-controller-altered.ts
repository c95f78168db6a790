import { DOCUMENTS_ANNOTATION, ENGINE_LABEL, POLICY_CONTROLLER_ANNOTATION } from '../../kubernetes/labels';
import { PolicyControllerInstallation, PolicyControllerObject, policyControllerObjects } from '../../kubernetes/policy-controller/objects';
import { canonicalJson, isPlainObject } from '../../policy/canonical-json';
import { notCalledFor } from '../differences';
import { fieldsOf } from '../fields';
import { KubernetesObject, Observation, Rule, Subject } from '../rule';

export const policyControllerAltered: Rule = {
  code: 'POLICY_CONTROLLER_ALTERED',
  title: 'Objects for policy-controller that are not what their documents mean',
  why: 'Every one of them is needed: another authority, module of Rego or glob, a guard or a floor that is missing lets images run that the documents refuse, and nothing says so.',
  remedy: 'Keep the ClusterImagePolicies, the ConfigMap and the admission policies as the synthesis renders them, with their annotations; change what they were synthesized from.',
  check: (subject) => {
    const own = subject.objects.filter((object) => object.labels[ENGINE_LABEL] === 'policy-controller' || Object.hasOwn(object.annotations, POLICY_CONTROLLER_ANNOTATION));
    const floors = own.filter(({ annotations }) => Object.hasOwn(annotations, POLICY_CONTROLLER_ANNOTATION));
    const wanted = floors.flatMap((floor) => rendered(floor, subject).map((object) => ({ floor, object })));
    return [
      ...floors.filter((floor) => rendered(floor, subject).length === 0).map(unsaid),
      ...wanted.flatMap(({ floor, object }) => {
        const found = subject.objects.find((other) => isSame(other, object));
        return found === undefined ? missing(floor, object, subject) : differences(found, object);
      }),
      // One object that is judged alone is only part of what is applied.
      ...subject.alone ? [] : own.filter((object) => !floors.includes(object) && !wanted.some((one) => isSame(object, one.object))).map(unsaid),
    ];
  },
};

/** What has to be there beside a floor; nothing where that cannot be told. */
function rendered(floor: KubernetesObject, { documents }: Subject): PolicyControllerObject[] {
  try {
    const settings = JSON.parse(String(floor.annotations[POLICY_CONTROLLER_ANNOTATION])) as PolicyControllerInstallation;
    const policies = documents.filter(({ source }) => source === floor).map(({ document }) => document);
    return policies.length === 0 ? [] : JSON.parse(JSON.stringify(policyControllerObjects(policies, settings))) as PolicyControllerObject[];
  } catch {
    // Settings that nobody rendered with, or documents that policy-controller cannot express, of which another rule speaks.
    return [];
  }
}

function unsaid({ id }: KubernetesObject): Observation {
  return { object: id, path: 'metadata.annotations', message: `No floor among these objects says what it was rendered from (${DOCUMENTS_ANNOTATION}, ${POLICY_CONTROLLER_ANNOTATION}).` };
}

function missing({ id }: KubernetesObject, { kind, name }: PolicyControllerObject, { alone }: Subject): Observation[] {
  return alone ? [] : [{ object: id, path: '', message: `The ${kind} ${name} is missing.` }];
}

function isSame(found: KubernetesObject, { apiVersion, kind, name, namespace = '' }: PolicyControllerObject): boolean {
  return found.kind === kind && found.apiVersion === apiVersion && found.name === name && found.namespace === namespace;
}

function differences(object: KubernetesObject, { kind, content }: PolicyControllerObject): Observation[] {
  return Object.entries(content).flatMap(([part, value]) => {
    const [found, wanted] = [fieldsOf(object.content[part]), fieldsOf(value)];
    // Whoever runs it may say more about logging; the API server writes empty selectors into admission policies.
    const fields = kind === 'ConfigMap' ? Object.keys(wanted) : [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
    const read = kind.startsWith('ValidatingAdmissionPolicy') ? withoutEmpty : same;
    return fields.filter((field) => canonicalJson(read(found[field] ?? null)) !== canonicalJson(read(wanted[field] ?? null)))
      .map((field) => notCalledFor(object.id, `${part}.${field}`, read(found[field]), read(wanted[field])));
  });
}

function same(value: unknown): unknown {
  return value;
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutEmpty);
  }
  if (!isPlainObject(value)) {
    return value;
  }
  const members = Object.entries(value).map(([name, inner]) => [name, withoutEmpty(inner)] as const);
  return Object.fromEntries(members.filter(([, inner]) => !isPlainObject(inner) || Object.keys(inner).length > 0));
}
