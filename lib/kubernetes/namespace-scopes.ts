import { NamespaceSelection, PolicyDocument } from '../policy/document';
import { DEFAULT_NAMESPACES } from '../policy/namespaces';
import { NAMESPACE_NAME_LABEL } from './labels';

/** The namespaces that one webhook entry, or one binding of an admission policy, is for. */
export interface Scope {
  /** Part of its name. */
  readonly name: string;
  readonly selector: NamespaceSelector;
}

export interface NamespaceSelector {
  readonly matchLabels?: { readonly [label: string]: string };
  readonly matchExpressions?: ReadonlyArray<{ readonly key: string; readonly operator: 'In' | 'NotIn'; readonly values: readonly string[] }>;
}

/**
 * The entries that cover exactly the namespaces of these documents: one for all "every namespace but", one for names, one for each set of labels.
 *
 * @param own - the verifier's own namespace, which is in none, so that a dead verifier can restart
 * @param names - `uncovered`: the fewest entries, with only names that "every namespace but" leaves out; `all`: no document makes an entry of another one go away
 */
export function scopesOf(documents: readonly PolicyDocument[], own?: string, names: 'uncovered' | 'all' = 'uncovered'): Scope[] {
  const leftOut = own === undefined ? [] : [own];
  const selections = documents.map(({ spec }) => spec.namespaces ?? DEFAULT_NAMESPACES);
  const excepted = commonExceptions(selections);
  const listed = selections.flatMap((selection) => ('names' in selection ? selection.names : []));
  const named = [...new Set(listed)].filter((name) => name !== own && (names === 'all' || excepted === undefined || excepted.includes(name))).sort();
  const labelled = selections.flatMap((selection) => ('labels' in selection && (own === undefined || selection.labels[NAMESPACE_NAME_LABEL] !== own) ? [selection.labels] : []));
  const labels = new Map(labelled.map((matchLabels) => [canonical(matchLabels), matchLabels]));
  return [
    ...(excepted === undefined ? [] : [{ name: 'all', selector: { matchExpressions: [byName('NotIn', [...new Set([...excepted, ...leftOut])].sort())] } }]),
    ...(named.length === 0 ? [] : [{ name: 'named', selector: { matchExpressions: [byName('In', named)] } }]),
    ...[...labels].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, matchLabels], index) => ({
      name: `labelled-${index + 1}`,
      selector: { ...(own === undefined ? {} : { matchExpressions: [byName('NotIn', [own])] }), matchLabels },
    })),
  ];
}

/** Namespaces that every "all but" leaves out; `undefined` when there is none of them. */
function commonExceptions(selections: readonly NamespaceSelection[]): string[] | undefined {
  const [first, ...rest] = selections.flatMap((selection) => ('except' in selection ? [selection.except] : []));
  return first?.filter((name) => rest.every((except) => except.includes(name)));
}

function byName(operator: 'In' | 'NotIn', values: readonly string[]): NonNullable<NamespaceSelector['matchExpressions']>[number] {
  return { key: NAMESPACE_NAME_LABEL, operator, values };
}

function canonical(labels: { readonly [key: string]: string }): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
