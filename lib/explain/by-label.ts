import { ImageReference } from '../kubernetes/reference';
import { INCLUDE_LABEL } from '../kubernetes/policy-controller/namespaces';
import { PolicyDocument } from '../policy/document';
import { NamespaceContext } from '../policy/normal';
import { explainImage, ImageExplanation } from './image';
import { outlineOf } from './outline';
import { word } from './words';

/**
 * The same for policy-controller, which is asked about the namespaces that carry its label: in one that no policy covers it judges by those that name the image,
 * and refuses what none names.
 *
 * @throws DocumentError when two documents of one kind have the same name
 */
export function explainByLabel(documents: readonly PolicyDocument[], reference: ImageReference, namespace: NamespaceContext, now: number): ImageExplanation {
  const said = explainImage(documents, reference, namespace, now);
  const { name, labels } = namespace;
  if (said.answer !== 'not-covered' || (labels !== undefined && labels[INCLUDE_LABEL] !== 'true')) {
    return said;
  }
  if (labels === undefined) {
    return {
      ...said,
      answer: 'labels-needed',
      says: `unknown: no policy covers the namespace ${word(name)}, but where it has the label ${INCLUDE_LABEL}=true, policy-controller judges there, too, and refuses what no policy names`,
      unanswered: 'unknown',
    };
  }
  const judged = explainImage(documents.map(everywhere), reference, namespace, now);
  const why = `the namespace ${word(name)} has the label ${INCLUDE_LABEL}=true`;
  return judged.answer === 'unmatched'
    ? { ...judged, says: `refused: ${why}, and no policy names the image` }
    : { ...judged, says: `${judged.says} (${why})`, outline: outlineOf(documents.filter(({ metadata }) => judged.policies.includes(metadata.name))) };
}

function everywhere(document: PolicyDocument): PolicyDocument {
  return document.kind === 'ImagePolicy' ? { ...document, spec: { ...document.spec, namespaces: { except: [] } } } : document;
}
