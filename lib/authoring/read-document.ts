import { PolicyDocument } from '../policy/document';
import { parseImagePattern } from '../policy/image-pattern';
import { parseRepositoryName } from '../policy/repository-name';
import { DocumentError, parseDocument, Problem } from '../policy/validate';
import { refuseProblems } from './input';

/** A document as a copy that nobody else holds; refuses what is wrong with it, in the words of the construct's properties. */
export function readDocument<D extends PolicyDocument>(path: string, document: D): D {
  try {
    const parsed = parseDocument(document) as D;
    refuseProblems(path, abbreviations(parsed).map((problem) => ({ ...problem, path: documentProperty(problem.path) })));
    return parsed;
  } catch (error) {
    if (error instanceof DocumentError) {
      refuseProblems(path, error.problems.map((problem) => ({ ...problem, path: documentProperty(problem.path) })));
    }
    throw error;
  }
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

/** Names that stand for longer ones, as `nginx` for `docker.io/library/nginx`: code and manifest are to say what is matched. */
export function abbreviations(document: PolicyDocument): Problem[] {
  if (document.kind === 'ImageDenyList') {
    return [];
  }
  const names = document.kind === 'ImagePolicy'
    ? document.spec.images.map((image, index) => ({ path: `spec.images[${index}]`, image, meant: parseImagePattern(image).text }))
    : [{ path: 'spec.image', image: document.spec.image, meant: parseRepositoryName(document.spec.image).name }];
  return names
    .filter(({ image, meant }) => image !== meant)
    .map(({ path, image, meant }) => ({ path, message: `is ${JSON.stringify(image)}, which means ${JSON.stringify(meant)}: write that, or the registry that you mean` }));
}
