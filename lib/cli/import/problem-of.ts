import { abbreviations } from '../../authoring/read-document';
import { PolicyDocument } from '../../policy/document';
import { validateDocument } from '../../policy/validate';
import { judgeManifests } from '../../refusals';

/** What is wrong with a document by itself, or what `lint` would find in it; `undefined` where it can be enforced as it is. */
export function problemOf(document: PolicyDocument): string | undefined {
  const [problem] = validateDocument(document);
  if (problem !== undefined) {
    return `${problem.path} ${problem.message}`;
  }
  const [abbreviation] = abbreviations(document);
  if (abbreviation !== undefined) {
    return `${abbreviation.path} ${abbreviation.message}`;
  }
  // Which dates have passed is asked when it is applied: nothing that is imported has one.
  const [finding] = judgeManifests([document], 0);
  return finding && `${finding.path} ${finding.message} ${finding.remedy}`;
}
