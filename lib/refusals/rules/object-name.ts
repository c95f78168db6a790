import { isDnsLabel, isDnsSubdomain } from '../../kubernetes/names';
import { KubernetesObject, Observation, Rule } from '../rule';
import { entriesOf } from '../webhook-entries';

export const objectName: Rule = {
  code: 'OBJECT_NAME',
  title: 'Kubernetes would reject a name',
  why: 'An object that the API server rejects is missing after the others were applied: half of an enforcement, or none.',
  remedy: 'Use lower-case letters, digits and inner hyphens: up to 63 for a namespace or Service, up to 253 with dots for others.',
  check: ({ objects }) => objects.filter(({ own }) => own).flatMap((object) => [...wrongName(object), ...wrongEntries(object)]),
};

/** Kinds whose names become part of host names. */
const LABELS = ['Namespace', 'Service'];

function wrongName({ id, kind, name, namespace }: KubernetesObject): Observation[] {
  const sound = LABELS.includes(kind) ? isDnsLabel(name) && (kind !== 'Service' || /^[a-z]/.test(name)) : isDnsSubdomain(name);
  return [
    ...(sound ? [] : [{ object: id, path: 'metadata.name', message: `The name is ${JSON.stringify(name)}.` }]),
    ...(namespace === '' || isDnsLabel(namespace) ? [] : [{ object: id, path: 'metadata.namespace', message: `The namespace is ${JSON.stringify(namespace)}.` }]),
  ];
}

/** Names of webhook entries are fully qualified: at least three segments. */
function wrongEntries(object: KubernetesObject): Observation[] {
  return entriesOf(object)
    .filter(({ fields: { name } }) => typeof name !== 'string' || !isDnsSubdomain(name) || name.split('.').length < 3)
    .map(({ path, fields }) => ({ object: object.id, path: `${path}.name`, message: `The entry's name is ${JSON.stringify(fields.name)}, which is not fully qualified.` }));
}
