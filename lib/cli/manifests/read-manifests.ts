import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { Document, isMap, isSeq, LineCounter, Node, parseAllDocuments } from 'yaml';
import { itemOf } from '../../kubernetes/object-list';
import { misreadLine } from '../../kubernetes/yaml-text';
import { unreadable } from '../../policy/unreadable';
import { yamlProblem } from '../../verifier/yaml-problem';
import { Unjudged } from './unjudged';

/** A Kubernetes object or policy document, and where it begins. */
export interface Manifest {
  readonly value: unknown;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What it was read from. */
  readonly node: Node | null;
  /** The line on which a part of it begins, from 1. */
  readonly lineOf: (node: Node) => number;
}

/**
 * Reads every object of a YAML or JSON file, the items of a list of any kind each on its own; none, where it holds only comments or nothing.
 *
 * @param file - `-` is standard input
 * @throws Unjudged when it cannot be read, is not YAML, is other YAML to kubectl, or holds something that is no object: no rule could judge that
 */
export async function readManifests(file: string): Promise<Manifest[]> {
  const text = await read(file);
  const misread = misreadLine(text);
  if (misread !== undefined) {
    throw new Unjudged(file, `line ${misread.line} ${misread.problem}`);
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { uniqueKeys: true, prettyErrors: true, merge: true, lineCounter: lines });
  const manifests: Manifest[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new Unjudged(file, `${yamlProblem(error, file)}${text.includes('{{') ? '; it looks like a template: render it first, as helm template does' : ''}`);
    }
    const value = valueOf(document, file);
    const line = (node: Node | null | undefined): number => lines.linePos(node?.range?.[0] ?? document.range[0]).line;
    manifests.push(...[...unfold(value, document.contents)].map((found) => ({ ...found, file, line: line(found.node), lineOf: line })));
  }
  const odd = manifests.findIndex(({ value }) => !isObject(value));
  if (odd >= 0) {
    throw new Unjudged(file, `document ${odd + 1} is no Kubernetes object: apiVersion and kind are missing, so no rule could judge it`);
  }
  return manifests;
}

async function read(file: string): Promise<string> {
  try {
    return file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new Unjudged(file, `cannot be read (${unreadable(error)}); name a file or folder that is there and readable`);
  }
}

/** @throws Unjudged for an alias without its anchor, or too many of them */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new Unjudged(file, error instanceof Error ? error.message : String(error));
  }
}

function isObject(value: unknown): boolean {
  const { apiVersion, kind } = Object(value) as { apiVersion?: unknown; kind?: unknown };
  return typeof apiVersion === 'string' && typeof kind === 'string';
}

/** What is applied with a value: the items of a list, as kubectl reads them, also of one in a list; itself, unless its kind says that it is nothing else. */
function* unfold(value: unknown, node: Node | null): Generator<Pick<Manifest, 'value' | 'node'>> {
  const { kind, items } = Object(value) as { kind?: unknown; items?: unknown };
  const isList = typeof kind === 'string' && kind.endsWith('List');
  if (value !== null && !(isList && Array.isArray(items))) {
    yield { value, node };
  }
  const nodes = isMap(node) ? node.get('items', true) : undefined;
  for (const [index, item] of Array.isArray(items) ? items.entries() : []) {
    yield* unfold(itemOf(value, item), isSeq(nodes) ? nodes.items[index] as Node : node);
  }
}
