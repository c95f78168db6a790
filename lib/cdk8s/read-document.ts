import { PolicyDocument } from '../policy/document';
import { DocumentError, parseDocument, Problem } from '../policy/validate';
import { refuseProblems } from './input';

/** A document as a copy that nobody else holds; refuses what is wrong with it, in the words of the construct's properties. */
export function readDocument(path: string, document: PolicyDocument): PolicyDocument {
  try {
    return parseDocument(document);
  } catch (error) {
    if (error instanceof DocumentError) {
      refuseProblems(path, error.problems.map(inProperties));
    }
    throw error;
  }
}

/** The requirement that every policy has comes first in its document; its fields are properties of the policy itself. */
function inProperties({ path, message }: Problem): Problem {
  const property = path
    .replace(/^metadata\.name$/, 'name')
    .replace(/^spec\.action\b/, 'audit')
    .replace(/^spec\.requirements\[0\]\./, '')
    .replace(/^spec\.requirements\[(\d+)\]/, (_, index) => `requirements[${Number(index) - 1}]`)
    .replace(/^spec\./, '');
  return { path: property, message };
}
