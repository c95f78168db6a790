import { DOCUMENTS_ANNOTATION, ENGINE_LABEL, POLICY_CONTROLLER_ANNOTATION } from '../../kubernetes/labels';
import { PolicyControllerInstallation, policyControllerObjects } from '../../kubernetes/policy-controller/objects';
import { RenderedObject } from '../../kubernetes/rendered-object';
import { againstRendered, isRendered } from '../rendered-objects';
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
      ...wanted.flatMap(({ floor, object }) => againstRendered(object, floor, subject)),
      // One object that is judged alone is only part of what is applied.
      ...subject.alone ? [] : own.filter((object) => !floors.includes(object) && !wanted.some((one) => isRendered(object, one.object))).map(unsaid),
    ];
  },
};

/** What has to be there beside a floor; nothing where that cannot be told. */
function rendered(floor: KubernetesObject, { documents }: Subject): RenderedObject[] {
  try {
    const settings = JSON.parse(String(floor.annotations[POLICY_CONTROLLER_ANNOTATION])) as PolicyControllerInstallation;
    const policies = documents.filter(({ source }) => source === floor).map(({ document }) => document);
    return policies.length === 0 ? [] : JSON.parse(JSON.stringify(policyControllerObjects(policies, settings))) as RenderedObject[];
  } catch {
    // Settings that nobody rendered with, or documents that policy-controller cannot express, of which another rule speaks.
    return [];
  }
}

function unsaid({ id }: KubernetesObject): Observation {
  return { object: id, path: 'metadata.annotations', message: `No floor among these objects says what it was rendered from (${DOCUMENTS_ANNOTATION}, ${POLICY_CONTROLLER_ANNOTATION}).` };
}
