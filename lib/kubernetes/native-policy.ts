import { NamespaceSelection, PolicyDocument } from '../policy/document';
import { workloadRules } from './admission-rules';
import { celString, celStrings } from './cel';
import { AdmissionPolicySpec } from './guard';
import { ImageList, imageLists, NamePatterns } from './image-lists';
import { IMAGE_VARIABLES, Variable } from './image-variables';
import { NamespaceSelector, scopesOf } from './namespace-scopes';

/**
 * What an admission policy is for: it decides alone, or lies under a verifier.
 *
 * `floor` refuses only what the verifier refuses as well, and holds when nobody can ask it.
 */
export type NativeMode = 'alone' | 'floor';

/** `spec` of a ValidatingAdmissionPolicyBinding (admissionregistration.k8s.io/v1). */
export interface NativeBinding {
  /** End of its name. */
  readonly scope: string;
  readonly matchResources: { readonly matchPolicy: 'Equivalent'; readonly namespaceSelector: NamespaceSelector };
}

/**
 * For which namespaces the policy is bound: those that the verifier would be asked about, or that the documents name.
 *
 * Each binding is an object of its own, which no further document takes away; where two of them are for a namespace, both say the same.
 */
export function nativeBindings(documents: readonly PolicyDocument[], mode: NativeMode, own?: string): NativeBinding[] {
  const binding = mode === 'alone' ? documents : documents.filter((document) => document.kind === 'ImagePolicy' && document.spec.action?.type !== 'Audit');
  return scopesOf(binding, own, 'all').map(({ name, selector }) => ({ scope: name, matchResources: { matchPolicy: 'Equivalent', namespaceSelector: selector } }));
}

/**
 * A ValidatingAdmissionPolicy that judges images by name and digest, in every position of every workload kind.
 *
 * The lists stand in the policy itself, as maps, in which looking up costs the same however long they are: there is no second object that could be missing or
 * changed. They cost no more than the API server allows for 100 containers and 500 entries.
 */
export function nativePolicy(documents: readonly PolicyDocument[], mode: NativeMode): AdmissionPolicySpec {
  const lists = imageLists(documents);
  return {
    failurePolicy: 'Fail',
    matchConstraints: { matchPolicy: 'Equivalent', resourceRules: workloadRules() },
    variables: [...IMAGE_VARIABLES, ...lists.flatMap((list, index) => listVariables(list, index, mode)), ...verdictVariables(lists, mode)],
    validations: [
      validation('unreadable', 'MALFORMED', 'A reference cannot be read as the container runtime reads it', 'a reference that the container runtime can read'),
      validation('denied', 'DENY_LISTED', 'A deny list names the image', 'an image that no deny list names'),
      validation('unpinned', 'TAG_NOT_PINNED', 'An image is not named by its digest', 'a digest (sha256:…)'),
      validation('unmatched', 'UNMATCHED_IMAGE', 'No policy or exemption is about the image', mode === 'alone' ? 'an exemption for this digest that is not over' : 'a policy or exemption for this repository'),
      {
        expression: 'size(variables.uses) > 0', reason: 'Forbidden',
        message: '[UNSUPPORTED] No image was found in the object, which no Pod is without',
      },
    ],
  };
}

/** Names each image against which a variable speaks, as far as a reader gets. */
function validation(variable: string, code: string, message: string, expected: string): AdmissionPolicySpec['validations'][number] {
  const found = `variables.${variable}`;
  return {
    expression: `size(${found}) == 0`,
    message: `[${code}] ${message}`,
    messageExpression: `${celString(`[${code}] `)} + ${found}[0][0] + ${celString(': expected ')} + ${celString(expected)} + ${celString(', found ')} + ${found}[0][1]`
      + ` + ${celString('; in namespace ')} + request.namespace + ${celString(' hold ')} + variables.holding.join(', ')`
      + ` + (size(${found}) > 1 ? ${celString(' (and ')} + string(size(${found}) - 1) + ${celString(' more images)')} : '')`,
    reason: 'Forbidden',
  };
}

/** Characters of one expression, well below what the API server parses (100,000). */
const LONGEST = 50_000;

/** The lists of one selection of namespaces, and whether it is about the namespace of the request. */
function listVariables(list: ImageList, index: number, mode: NativeMode): Variable[] {
  return [
    { name: `covers${index}`, expression: coversOf(list.namespaces) },
    ...(['patterns', 'audited'] as const).flatMap((kind) => (['exact', 'parents', 'ancestors'] as const)
      .flatMap((part) => maps(`${kind}${index}${part}`, keys(list[kind][part])))),
    ...maps(`exempt${index}`, exemptEntries(list)),
    ...(mode === 'floor' ? maps(`exemptNames${index}`, keys(exemptNames(list))) : []),
    ...maps(`denied${index}`, keys(list.denied)),
  ];
}

/** Keys of a map of which only they matter. */
function keys(texts: readonly string[]): string[] {
  return texts.map((text) => `${celString(text)}: true`);
}

function exemptEntries({ exempt }: ImageList): string[] {
  return [...exempt].map(([key, end]) => `${celString(key)}: ${celString(new Date(end * 1000).toISOString())}`);
}

function exemptNames({ exempt }: ImageList): string[] {
  return [...new Set([...exempt.keys()].map((key) => key.slice(0, key.indexOf('@'))))];
}

/** Map literals of these entries, each below the longest expression. */
function maps(name: string, entries: readonly string[]): Variable[] {
  const chunks: string[][] = [];
  let length = LONGEST;
  for (const entry of entries) {
    if (length + entry.length + 2 > LONGEST) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)?.push(entry);
    length += entry.length + 2;
  }
  return chunks.map((chunk, part) => ({ name: `${name}Part${part}`, expression: `{${chunk.join(', ')}}` }));
}

/** Whether a key is in the maps that `maps` made of as many entries. */
function isIn(key: string, name: string, entries: readonly string[]): string[] {
  return maps(name, entries).map((variable) => `${key} in variables.${variable.name}`);
}

function coversOf(selection: NamespaceSelection): string {
  if ('except' in selection) {
    return `!(request.namespace in ${celStrings(selection.except)})`;
  }
  if ('names' in selection) {
    return `request.namespace in ${celStrings(selection.names)}`;
  }
  return Object.entries(selection.labels).map(([key, value]) => (
    `(${celString(key)} in namespaceObject.metadata.?labels.orValue({}) && namespaceObject.metadata.labels[${celString(key)}] == ${celString(value)})`
  )).join(' && ');
}

/** The images against which something speaks, by what it is. */
function verdictVariables(lists: readonly ImageList[], mode: NativeMode): Variable[] {
  const where = (parts: ReadonlyArray<readonly [index: number, conditions: readonly string[]]>): string => (
    parts.filter(([, conditions]) => conditions.length > 0).map(([index, conditions]) => `(variables.covers${index} && (${conditions.join(' || ')}))`).join(' || ') || 'false'
  );
  const each = (conditions: (list: ImageList, index: number) => string[]): string => where(lists.map((list, index) => [index, conditions(list, index)]));
  const covered = (has: (list: ImageList) => boolean): string => lists.flatMap((list, index) => (has(list) ? [`variables.covers${index}`] : [])).join(' || ') || 'false';
  const key = 'image[2] + \'@\' + image[3]';
  const exempt = each((list, index) => maps(`exempt${index}`, exemptEntries(list))
    .map(({ name }) => (mode === 'floor' ? `${key} in variables.${name}` : `(${key} in variables.${name} && (request.operation == 'CREATE' ? variables.created < timestamp(variables.${name}[${key}]) : object.kind != 'Pod'))`)));
  const denied = each((list, index) => isIn('image[3]', `denied${index}`, keys(list.denied)));
  const audited = each((list, index) => matches(`audited${index}`, list.audited));
  const matched = each((list, index) => [
    ...matches(`patterns${index}`, list.patterns),
    ...isIn('image[2]', `exemptNames${index}`, keys(exemptNames(list))).map((condition) => `(image[3] == '' && ${condition})`),
  ]);
  const judged = 'variables.images.filter(image, image[2] != \'\')';
  return [
    { name: 'holding', expression: lists.map(({ documents }, index) => `(variables.covers${index} ? ${celStrings(documents)} : [])`).join(' + ') },
    ...(mode === 'alone' ? [{ name: 'created', expression: 'request.operation == \'CREATE\' ? timestamp(object.metadata.creationTimestamp) : timestamp(\'1970-01-01T00:00:00Z\')' }] : []),
    { name: 'unreadable', expression: 'variables.images.filter(image, image[2] == \'\')' },
    { name: 'denied', expression: `variables.images.filter(image, ${denied})` },
    ...(mode === 'alone' ? [
      { name: 'unpinned', expression: `${judged}.filter(image, image[3] == '')` },
      { name: 'unmatched', expression: `${judged}.filter(image, image[3] != '' && (${covered(({ exempt: entries }) => entries.size > 0)}) && !(${exempt}))` },
    ] : [
      // What only a policy in its window is about the verifier admits with a warning; templates may name a tag, which their Pods are pinned from.
      { name: 'pinnable', expression: `${judged}.filter(image, image[3] == '' && object.kind == 'Pod')` },
      { name: 'unpinned', expression: `variables.pinnable.filter(image, !(${audited}))` },
      { name: 'unmatched', expression: `${judged}.filter(image, !(${matched}) && !(${exempt}) && !(${audited}))` },
    ]),
  ];
}

/** Ways in which the name of an image is among patterns. */
function matches(name: string, { exact, parents, ancestors, expressions }: NamePatterns): string[] {
  const depths = [...new Set(ancestors.map((ancestor) => ancestor.split('/').length - 1))].sort((a, b) => a - b);
  return [
    ...isIn('image[2]', `${name}exact`, keys(exact)),
    ...isIn('image[2].find(\'^.*/\')', `${name}parents`, keys(parents)),
    ...depths.flatMap((depth) => isIn(`image[2].find('^(?:[^/]*/){${depth}}')`, `${name}ancestors`, keys(ancestors))),
    ...expressions.map((expression) => `image[2].matches(${celString(expression)})`),
  ];
}
