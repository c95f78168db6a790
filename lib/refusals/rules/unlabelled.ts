import { apiVersionOf } from '../../kubernetes/api-versions';
import { PART_OF, PART_OF_LABEL } from '../../kubernetes/labels';
import { Rule } from '../rule';
import { show } from '../show';

export const unlabelled: Rule = {
  code: 'UNLABELLED',
  title: 'An object of the verifier does not say so',
  why: 'By this label people, tools and these rules know what enforces; what lost it is easily changed or deleted as somebody else\'s.',
  remedy: `Keep the label ${PART_OF_LABEL}: ${PART_OF}; let kustomize or Helm set other labels.`,
  check: ({ objects }) => objects.filter(({ own, kind, labels }) => own && apiVersionOf(kind) !== undefined && labels[PART_OF_LABEL] !== PART_OF).map(({ id, labels }) => (
    { object: id, path: 'metadata.labels', message: `The label ${PART_OF_LABEL} is ${show(labels[PART_OF_LABEL])}.` }
  )),
};
