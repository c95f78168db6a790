import { misreadIn } from '../kubernetes/yaml-value';
import { Refusal } from './refusal';

/** What is wrong with a value that kubectl would read otherwise than it is written, whoever writes it: it may stand in front of what enforces. */
export function misread(path: string, written: unknown): Refusal[] {
  return misreadIn(written).map(({ path: field, message }) => ({
    code: 'AMBIGUOUS_YAML', path, problem: `${field === '' ? 'its text' : field} ${message}`, remedy: 'Write it without that.',
  }));
}
