import { parseStrictJson, StrictJsonError } from './json';
import { yamlProblem } from './yaml-problem';

/** What a text says: a value for each of its documents, and what is wrong with it, one line for each mistake. */
export interface YamlText {
  readonly values: readonly unknown[];
  readonly problems: readonly string[];
}

/**
 * Reads YAML, of which JSON is a part; a key that comes twice is a mistake.
 *
 * What the constructs write is JSON. It is read as such, which says the same, and the parser of YAML is not even loaded: that takes longer than
 * all there is to read.
 */
export function readYaml(text: string, file: string): YamlText {
  return tryJson(text) ?? yamlIn(text, file);
}

function tryJson(text: string): YamlText | undefined {
  try {
    return { values: [parseStrictJson(Buffer.from(text))], problems: [] };
  } catch (error) {
    if (error instanceof StrictJsonError) {
      return undefined;
    }
    throw error;
  }
}

function yamlIn(text: string, file: string): YamlText {
  const { parseAllDocuments } = require('yaml') as typeof import('yaml');
  const values: unknown[] = [];
  const problems = new Set<string>();
  for (const document of parseAllDocuments(text, { uniqueKeys: true, prettyErrors: true })) {
    document.errors.forEach((error) => problems.add(yamlProblem(error, file)));
    if (document.errors.length === 0) {
      try {
        values.push(document.toJS({ maxAliasCount: 20 }));
      } catch (error) {
        // An alias without its anchor, or too many of them.
        problems.add(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return { values, problems: [...problems] };
}
