import { readFileSync } from 'node:fs';
import { unreadable } from '../policy/unreadable';
import { refuseInput } from './input';
import { Check } from './properties';

/** The document judges what the PEM holds; that a text is none but names a file, only this says. */
export function pem(fromFile: string): Check {
  return (field) => {
    const given = field.text();
    if (given !== undefined && !given.includes('-----') && /^[^\n]*[./][^\n]*$/.test(given)) {
      field.problem(`is ${JSON.stringify(given)}, which looks like the path of a file: use ${fromFile}, or pass the PEM itself`);
    }
  };
}

/** The text of a file, for what the user calls `what`. */
export function readPem(path: string, file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    refuseInput(path, `the ${what} cannot be read: ${file}: ${unreadable(error)}`, 'Correct `file`; it is resolved against the current directory.');
  }
}
