import { canonicalJson } from '../policy/canonical-json';
import { compare } from '../policy/canonical-order';
import { ImageDenyList, ImageExemption, ImagePolicy, NamespaceSelection, PolicyDocument } from '../policy/document';
import { parseImagePattern } from '../policy/image-pattern';
import { parseInstant } from '../policy/instant';
import { DEFAULT_NAMESPACES } from '../policy/namespaces';
import { parseRepositoryName } from '../policy/repository-name';

/** What documents with one and the same selection of namespaces say of images by their names. */
export interface ImageList {
  readonly namespaces: NamespaceSelection;
  /** What people call its documents, sorted. */
  readonly documents: readonly string[];
  /** Patterns of policies that refuse. */
  readonly patterns: NamePatterns;
  /** Patterns of policies in an audit window. */
  readonly audited: NamePatterns;
  /** `name@digest` and when the last of its exemptions ends, in seconds since the epoch. */
  readonly exempt: ReadonlyMap<string, number>;
  /** Digests on its deny lists. */
  readonly denied: readonly string[];
}

/** Patterns over repository names, by the way in which they can be looked up. */
export interface NamePatterns {
  /** Whole names. */
  readonly exact: readonly string[];
  /** `host/path/`, of names with one segment more. */
  readonly parents: readonly string[];
  /** `host/path/`, of names with one segment more or several. */
  readonly ancestors: readonly string[];
  /** Regular expressions (RE2) of the rest, anchored. */
  readonly expressions: readonly string[];
}

/** Of each selection of namespaces what is said there, in one order, whatever the order of the documents. */
export function imageLists(documents: readonly PolicyDocument[]): ImageList[] {
  const groups = new Map<string, PolicyDocument[]>();
  for (const document of documents) {
    const key = canonicalJson(ordered(document.spec.namespaces ?? DEFAULT_NAMESPACES));
    groups.set(key, [...groups.get(key) ?? [], document]);
  }
  return [...groups].sort(([a], [b]) => compare(a, b)).map(([key, members]) => {
    const policies = members.filter((document): document is ImagePolicy => document.kind === 'ImagePolicy');
    const exemptions = members.filter((document): document is ImageExemption => document.kind === 'ImageExemption');
    const denyLists = members.filter((document): document is ImageDenyList => document.kind === 'ImageDenyList');
    return {
      namespaces: JSON.parse(key) as NamespaceSelection,
      documents: members.map(({ kind, metadata }) => `${TITLES[kind]} ${metadata.name}`).sort(compare),
      patterns: namePatterns(policies.filter(({ spec }) => spec.action?.type !== 'Audit').flatMap(({ spec }) => spec.images)),
      audited: namePatterns(policies.filter(({ spec }) => spec.action?.type === 'Audit').flatMap(({ spec }) => spec.images)),
      exempt: exempted(exemptions),
      denied: distinct(denyLists.flatMap(({ spec }) => spec.digests ?? [])),
    };
  });
}

const TITLES: { readonly [kind in PolicyDocument['kind']]: string } = { ImagePolicy: 'policy', ImageExemption: 'exemption', ImageDenyList: 'deny list' };

function ordered(selection: NamespaceSelection): NamespaceSelection {
  return 'names' in selection ? { names: [...new Set(selection.names)].sort(compare) } : 'except' in selection ? { except: [...new Set(selection.except)].sort(compare) } : selection;
}

function exempted(exemptions: readonly ImageExemption[]): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { spec: { image, digests, until } } of exemptions) {
    // Whole seconds, as the API server counts them: rounded down, since it is over from `until` on.
    const end = Math.floor(parseInstant(until) / 1000);
    for (const key of digests.map((digest) => `${parseRepositoryName(image).name}@${digest}`)) {
      ends.set(key, Math.max(end, ends.get(key) ?? end));
    }
  }
  return new Map([...ends].sort(byKey));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compare(a, b);
}

function namePatterns(images: readonly string[]): NamePatterns {
  const patterns = images.map(parseImagePattern).map(({ registry, segments }) => ({ registry, last: segments.at(-1) ?? '', above: [registry, ...segments.slice(0, -1)], segments }));
  const literalAbove = patterns.filter(({ above }) => !above.some((segment) => segment.includes('*')));
  const others = patterns.filter(({ last, above }) => above.some((segment) => segment.includes('*')) || (last.includes('*') && last !== '*' && last !== '**'));
  return {
    exact: distinct(literalAbove.filter(({ last }) => !last.includes('*')).map(({ above, last }) => [...above, last].join('/'))),
    parents: distinct(literalAbove.filter(({ last }) => last === '*').map(({ above }) => `${above.join('/')}/`)),
    ancestors: distinct(literalAbove.filter(({ last }) => last === '**').map(({ above }) => `${above.join('/')}/`)),
    expressions: distinct(others.map(({ registry, segments }) => `^${[registry, ...segments].map(expressionOf).join('/')}$`)),
  };
}

/** A segment of a pattern as RE2; names hold none of its special characters but dots, and hosts brackets. */
function expressionOf(segment: string): string {
  if (segment === '**') {
    return '[^/]+(?:/[^/]+)*';
  }
  return segment === '*' ? '[^/]+' : segment.replace(/[^a-z0-9_*:-]/gi, '\\$&').replaceAll('*', '[^/]*');
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(compare);
}
