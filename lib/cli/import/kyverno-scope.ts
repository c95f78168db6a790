import { NAMESPACE_NAME_LABEL } from '../../kubernetes/labels';
import { NamespaceSelection } from '../../policy/document';
import { DEFAULT_NAMESPACES } from '../../policy/namespaces';
import { isPlainObject } from '../../policy/canonical-json';
import { Part } from './part';

const WIDER = 'narrows what the rule is about; the document is about every Pod there, and every workload that makes one.';

/** Kyverno asks about images that a policy names, the verifier about all in the namespaces that a document covers. */
export function noteUnnamed(spec: Part): void {
  spec.note('Images that no policy names run there. In each namespace that the document covers, which is every one but kube-system where it says none, an image that no document names is refused (UNMATCHED_IMAGE): write documents for the others first, or cover fewer namespaces.');
}

/**
 * The namespaces of a rule of Kyverno, at least: what else narrows a rule is noted, and the document is wider.
 *
 * A rule for every namespace leaves out `kube-system`, as a default installation of Kyverno does.
 *
 * @throws LeftOut for namespaces that cannot be told by name or label
 */
export function kyvernoScope(match: Part, exclude: Part): NamespaceSelection | undefined {
  const excluded = blocks(exclude).flatMap(excludedNames);
  const selections = blocks(match).map(selectionOf);
  const names = selections.flatMap((selection) => (selection !== undefined && 'names' in selection ? selection.names : []));
  if (selections.length === 0 || selections.includes(undefined)) {
    const except = [...new Set([...'except' in DEFAULT_NAMESPACES ? DEFAULT_NAMESPACES.except : [], ...excluded])];
    return excluded.length === 0 ? undefined : { except };
  }
  if (names.length > 0 && selections.every((selection) => selection !== undefined && 'names' in selection)) {
    const left = [...new Set(names)].filter((name) => !excluded.includes(name));
    if (left.length === 0) {
      throw exclude.leftOut('excludes every namespace that the rule is about');
    }
    return { names: left };
  }
  if (selections.length === 1) {
    if (excluded.length > 0) {
      exclude.note('A document that selects namespaces by label cannot except some by name: those are covered as well.');
    }
    return selections[0];
  }
  throw match.leftOut('selects namespaces in several ways, and a document has one: write one document for each');
}

/** The parts that `any` lists, or the only one. */
function blocks(part: Part): Part[] {
  if (part.absent) {
    return [];
  }
  const { any, all } = part.fields(['any', 'all', 'resources', 'subjects', 'roles', 'clusterRoles']);
  if (any.absent && all.absent) {
    return [part];
  }
  const items = [...any.items(), ...all.items()];
  if (!all.absent && items.length > 1) {
    throw all.leftOut('holds several parts that must all be true: write the namespaces out in one');
  }
  return items;
}

function selectionOf(block: Part): NamespaceSelection | undefined {
  const { resources, subjects, roles, clusterRoles } = block.fields(['any', 'all', 'resources', 'subjects', 'roles', 'clusterRoles']);
  [subjects, roles, clusterRoles].forEach((part) => part.noteUnless(undefined, WIDER));
  const { kinds, namespaces, namespaceSelector, ...others } = resources.fields(['kinds', 'namespaces', 'namespaceSelector', 'name', 'names', 'selector', 'annotations', 'operations']);
  Object.values(others).forEach((part) => part.noteUnless(undefined, WIDER));
  if (!kinds.texts().some(isPod)) {
    kinds.note('does not name Pod; the document is about Pods and every workload that makes one.');
  }
  const names = namespaces.texts();
  if (names.length > 0 && !names.includes('*')) {
    if (names.some((name) => /[*?]/.test(name))) {
      throw namespaces.leftOut('holds a pattern of names: write the names out, or select the namespaces by a label that tenants cannot set');
    }
    namespaceSelector.noteUnless(undefined, WIDER);
    return { names };
  }
  return selectedNamespaces(namespaceSelector);
}

/**
 * The namespaces of a label selector: by `matchLabels`, of which the name alone is a name, or by one expression about their name or about one value of a label.
 *
 * @throws LeftOut for any other
 */
export function selectedNamespaces(selector: Part): NamespaceSelection | undefined {
  const { matchLabels, matchExpressions } = selector.fields(['matchLabels', 'matchExpressions']);
  const [expression, ...others] = matchExpressions.items();
  if (expression === undefined) {
    return selector.absent || (matchLabels.absent && !matchExpressions.absent) ? undefined : byLabels(selector, matchLabels);
  }
  const { key, operator, values } = expression.fields(['key', 'operator', 'values']);
  const [label, names] = [key.text() ?? '', values.texts()];
  if (others.length === 0 && matchLabels.absent && names.length > 0) {
    if (label !== NAMESPACE_NAME_LABEL && operator.value === 'In' && names.length === 1) {
      return { labels: Object.fromEntries(names.map((value) => [label, value])) };
    }
    if (label === NAMESPACE_NAME_LABEL && operator.value === 'In') {
      return { names };
    }
    if (label === NAMESPACE_NAME_LABEL && operator.value === 'NotIn') {
      return { except: [...new Set([...'except' in DEFAULT_NAMESPACES ? DEFAULT_NAMESPACES.except : [], ...names])] };
    }
  }
  throw selector.leftOut('is more than a list of names or labels: write one document for each way of selecting');
}

function byLabels(selector: Part, matchLabels: Part): NamespaceSelection {
  const entries = Object.entries(isPlainObject(matchLabels.value) ? matchLabels.value : {});
  if (entries.length === 0) {
    throw selector.leftOut('has no matchLabels');
  }
  if (entries.length === 1 && entries[0]?.[0] === NAMESPACE_NAME_LABEL) {
    return { names: [matchLabels.at(NAMESPACE_NAME_LABEL).text() ?? ''] };
  }
  return { labels: Object.fromEntries(entries.map(([key]) => [key, matchLabels.at(key).text() ?? ''])) };
}

/** Names of namespaces that a part excludes as a whole; any other exclusion is noted. */
function excludedNames(block: Part): string[] {
  const { resources, ...who } = block.fields(['any', 'all', 'resources', 'subjects', 'roles', 'clusterRoles']);
  const { kinds, namespaces, ...what } = resources.fields(['kinds', 'namespaces', 'namespaceSelector', 'name', 'names', 'selector', 'annotations', 'operations']);
  const names = namespaces.texts();
  const narrower = [who.subjects, who.roles, who.clusterRoles, ...Object.values(what)].some((part) => !part.absent);
  const whole = kinds.absent || kinds.texts().some(isPod);
  if (names.length === 0 || narrower || !whole || names.some((name) => /[*?]/.test(name))) {
    block.note('excludes something from the rule; the document excludes nothing but whole namespaces that are named.');
    return [];
  }
  return names;
}

function isPod(kind: string): boolean {
  return ['Pod', 'v1/Pod', '*/Pod', '*'].includes(kind);
}
