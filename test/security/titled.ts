import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an id of a case looks like in a title. */
export const CASE_ID = /\b[AEGPRS]\d{2}\b/g;

/** Ids by the test files whose titles carry them, as the sources say. */
export function titledFiles(folder = 'test'): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).replaceAll('\\', '/');
    if (entry.isFile() && path.endsWith('.ts') && !/^test\/(?:security|mutation|corpus\/data)\//.test(path)) {
      new Set(titles(readFileSync(path, 'utf8')).flatMap((title) => title.match(CASE_ID) ?? [])).forEach((id) => files.set(id, [...files.get(id) ?? [], path]));
    }
  }
  files.forEach((paths) => paths.sort());
  return files;
}

/** Texts in quotes that an id begins: titles, and rows that become titles. */
function titles(source: string): string[] {
  return [...source.matchAll(/['"`]([AEGPRS]\d{2}\b[^'"`\n]*)/g)].map(([, title = '']) => title);
}
