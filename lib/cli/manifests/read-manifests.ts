import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { Document, isMap, isSeq, LineCounter, Node, parseAllDocuments } from 'yaml';
import { unreadable } from '../../verifier/read-text';
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
}

/**
 * Reads every object of a YAML or JSON file, the items of a List each on its own; none, where it holds only comments or nothing.
 *
 * @param file - `-` is standard input
 * @throws Unjudged when it cannot be read, is not YAML, or holds something that is no object: no rule could judge that
 */
export async function readManifests(file: string): Promise<Manifest[]> {
  const text = await read(file);
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { uniqueKeys: true, prettyErrors: true, merge: true, lineCounter: lines });
  const manifests: Manifest[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new Unjudged(file, yamlProblem(error, file));
    }
    const value = valueOf(document, file);
    const line = (node: Node | null | undefined): number => lines.linePos(node?.range?.[0] ?? document.range[0]).line;
    if (isList(value)) {
      const items = isMap(document.contents) ? document.contents.get('items', true) : undefined;
      value.items.forEach((item, index) => {
        const node = isSeq(items) ? items.items[index] as Node : document.contents;
        manifests.push({ value: item, file, line: line(node), node });
      });
    } else if (value !== null) {
      manifests.push({ value, file, line: line(document.contents), node: document.contents });
    }
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
    throw new Unjudged(file, `cannot be read (${unreadable(error)})`);
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

function isList(value: unknown): value is { items: unknown[] } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'List' && 'items' in value && Array.isArray(value.items);
}
