import { PolicyDocument } from '../policy/document';
import { parseImagePattern } from '../policy/image-pattern';
import { NameError } from '../policy/name-error';
import { parseRepositoryName } from '../policy/repository-name';
import { DocumentError, parseDocument, Problem } from '../policy/validate';
import { refuseProblems } from './input';

/** A document as a copy that nobody else holds; refuses what is wrong with it, in the words of the construct's properties. */
export function readDocument<D extends PolicyDocument>(path: string, document: D): D {
  try {
    const parsed = parseDocument(document) as D;
    refuseAll(path, abbreviations(parsed));
    return parsed;
  } catch (error) {
    if (error instanceof DocumentError) {
      const told = new Set(error.problems.map((problem) => problem.path));
      refuseAll(path, [...abbreviations(document).filter((problem) => !told.has(problem.path)), ...error.problems]);
    }
    throw error;
  }
}

function refuseAll(path: string, problems: readonly Problem[]): void {
  refuseProblems(path, problems.map((problem) => ({ ...problem, path: documentProperty(problem.path) })));
}

/** The requirement that every policy has comes first in its document; its fields are properties of the policy itself. */
export function documentProperty(path: string): string {
  return path
    .replace(/^metadata\.name$/, 'name')
    .replace(/^spec\.action\b/, 'audit')
    .replace(/^spec\.requirements\[0\]\.annotations\b/, 'signatureAnnotations')
    .replace(/^spec\.requirements\[0\]$/, 'attestors')
    .replace(/^spec\.requirements\[0\]\./, '')
    .replace(/^spec\.requirements\[(\d+)\]/, (_, index) => `requirements[${Number(index) - 1}]`)
    .replace(/^spec\.(signers\[\d+\])\.signed(?:\.(from|until))?$/, (_, signer: string, end?: string) => `${signer}${end === undefined ? '' : end === 'from' ? '.signedFrom' : '.signedUntil'}`)
    .replace(/^spec\./, '');
}

/**
 * Names that stand for longer ones, as `nginx` for `docker.io/library/nginx`: code and manifest are to say what is matched. The document need not be
 * valid; of what is no name at all it says itself what is wrong.
 */
export function abbreviations(document: PolicyDocument): Problem[] {
  if (document.kind === 'ImageDenyList') {
    return [];
  }
  const names = document.kind === 'ImagePolicy'
    ? texts(document.spec.images).map(([index, image]) => ({ path: `spec.images[${index}]`, image, meant: meantBy(image, (text) => parseImagePattern(text).text) }))
    : texts([document.spec.image]).map(([, image]) => ({ path: 'spec.image', image, meant: meantBy(image, (text) => parseRepositoryName(text).name) }));
  return names
    .filter(({ image, meant }) => image !== meant)
    .map(({ path, image, meant }) => ({ path, message: `is ${JSON.stringify(image)}, which means ${JSON.stringify(meant)}: write that, or the registry that you mean` }));
}

/** The texts in a list that nobody has checked, each with its place. */
function texts(value: unknown): Array<[index: number, text: string]> {
  return Array.isArray(value) ? value.flatMap((item: unknown, index) => (typeof item === 'string' ? [[index, item]] : [])) : [];
}

/** Itself, where it is no name. */
function meantBy(text: string, parse: (text: string) => string): string {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof NameError) {
      return text;
    }
    throw error;
  }
}
