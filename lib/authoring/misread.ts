import { misreadIn } from '../kubernetes/yaml-value';
import { Problem } from '../policy/problem';
import { Refusal } from './refusal';

/** What is wrong with a value that kubectl would read otherwise than it is written, whoever writes it: it may stand in front of what enforces. */
export function misread(path: string, written: unknown, problems: readonly Problem[] = misreadIn(written)): Refusal[] {
  return problems.map(({ path: field, message }) => ({
    code: 'AMBIGUOUS_YAML', path, problem: `${field === '' ? 'its text' : field} ${message}`, remedy: 'Write it without that.',
  }));
}
