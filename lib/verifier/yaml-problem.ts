import { extname } from 'node:path';
import type { YAMLError } from 'yaml';

/**
 * What is wrong with a file that was to be YAML, in one line: without the parser's picture of the place, which could repeat a secret.
 *
 * JSON is read by the same parser, whose words would speak of YAML: of a file that calls itself JSON only the place is said.
 */
export function yamlProblem(error: YAMLError, file: string): string {
  const [start] = error.linePos ?? [];
  const place = start === undefined ? '' : ` at line ${start.line}, column ${start.col}`;
  if (extname(file).toLowerCase() === '.json' && error.code !== 'DUPLICATE_KEY') {
    return `is not JSON${place}`;
  }
  const [words = error.code] = error.message.split('\n');
  return `${words.replace(/ at line \d+, column \d+:?$/, '')}${place}`;
}
