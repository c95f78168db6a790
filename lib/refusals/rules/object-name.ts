import { isDnsLabel, isDnsSubdomain, isLabelKey, isLabelValue } from '../../kubernetes/names';
import { fieldsOf } from '../fields';
import { KubernetesObject, Observation, Rule } from '../rule';
import { entriesOf } from '../webhook-entries';

export const objectName: Rule = {
  code: 'OBJECT_NAME',
  title: 'Kubernetes would reject a name, label or annotation',
  why: 'An object that the API server rejects is missing after the others were applied: half of an enforcement, or none.',
  remedy: 'Use lower-case letters, digits and inner hyphens: up to 63 for a namespace or Service, up to 253 with dots for others; in the values of labels also capitals and underscores, in those of annotations any text.',
  check: ({ objects }) => objects.filter(({ own }) => own).flatMap((object) => [...wrongName(object), ...wrongEntries(object), ...wrongMetadata(object)]),
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

/** What an annotation and all others of its object may hold together, in bytes. */
const LARGEST = 262_144;

/** Of the object, and of the Pods that a Deployment makes. */
function wrongMetadata({ id, content }: KubernetesObject): Observation[] {
  const template = fieldsOf(fieldsOf(content.spec).template);
  return [['metadata', content.metadata] as const, ['spec.template.metadata', template.metadata] as const].flatMap(([path, metadata]) => {
    const { labels, annotations } = fieldsOf(metadata);
    const size = Object.entries(fieldsOf(annotations)).reduce((sum, entry) => sum + new TextEncoder().encode(entry.join('')).length, 0);
    return [
      ...wrongTexts(`${path}.labels`, labels, isLabelValue),
      ...wrongTexts(`${path}.annotations`, annotations, () => true),
      ...(size > LARGEST ? [[`${path}.annotations`, `They hold ${size} bytes; ${LARGEST} fit.`] as const] : []),
    ];
  }).map(([path, message]) => ({ object: id, path, message }));
}

function wrongTexts(path: string, texts: unknown, isValue: (text: string) => boolean): Array<readonly [path: string, message: string]> {
  return Object.entries(fieldsOf(texts)).flatMap(([key, value]) => [
    // Kubernetes does not care for capital letters in the prefix of an annotation.
    ...(isLabelKey(key) || (path.endsWith('annotations') && isLabelKey(key.toLowerCase())) ? [] : [[path, `${JSON.stringify(key)} is no name for a label or annotation.`] as const]),
    ...(typeof value === 'string' && isValue(value) ? [] : [[`${path}["${key}"]`, `The value is ${JSON.stringify(value)}.`] as const]),
  ]);
}
