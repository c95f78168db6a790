import { ImageReferenceError, parseReference } from '../kubernetes/reference';
import { isPlainObject } from '../policy/canonical-json';
import { ImageEvidence, unsigned } from './evidence';
import { nameFound } from './found';

/**
 * The evidence of the one image that a workload names; of several images, by reference exactly as the workload writes it, or by repository.
 *
 * An image that is not named here has none.
 *
 * @example
 *
 * expect(chart).toAdmit(pod, { 'ghcr.io/acme/api': signedBy(release), 'docker.io/vendor/agent': signedBy(vendor) });
 */
export type EvidenceOfImages = ImageEvidence | { readonly [image: string]: ImageEvidence };

/**
 * What lies beside each image.
 *
 * @throws Error where one evidence is given for several images, or one is given for an image that the workload does not name
 */
export function evidenceFor(references: readonly string[], evidence: EvidenceOfImages): Map<string, ImageEvidence> {
  if (evidence instanceof ImageEvidence) {
    if (references.length > 1 && evidence._describe().length > 0) {
      throw new Error(`the workload names ${references.length} images: say which of them has the evidence, { '${references[0] ?? ''}': signedBy(…) }`);
    }
    return new Map(references.map((reference) => [reference, evidence]));
  }
  if (!isPlainObject(evidence) || !Object.values(evidence).every((one) => one instanceof ImageEvidence)) {
    const other = isPlainObject(evidence) ? Object.values(evidence).find((one) => !(one instanceof ImageEvidence)) : evidence;
    throw new Error(`expected evidence, such as signedBy(…), or that of each image, { '${references[0] ?? 'IMAGE'}': signedBy(…) }, found ${nameFound(other)}; it comes last`);
  }
  const unused = Object.keys(evidence).find((name) => !references.some((reference) => isNamed(name, reference)));
  if (unused !== undefined) {
    throw new Error(`evidence is given for ${unused}, which the workload does not name; it names ${references.join(', ')}`);
  }
  const find = (reference: string): ImageEvidence | undefined => evidence[reference] ?? Object.entries(evidence).find(([name]) => isNamed(name, reference))?.[1];
  return new Map(references.map((reference) => [reference, find(reference) ?? unsigned()]));
}

function isNamed(name: string, reference: string): boolean {
  return name === reference || (repositoryOf(name) !== undefined && repositoryOf(name) === repositoryOf(reference) && !/:[^/]*$|@/.test(name));
}

function repositoryOf(reference: string): string | undefined {
  try {
    return parseReference(reference).name;
  } catch (error) {
    if (error instanceof ImageReferenceError) {
      return undefined;
    }
    throw error;
  }
}
