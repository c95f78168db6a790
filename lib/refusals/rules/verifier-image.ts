import { fieldsOf, list } from '../fields';
import { Rule } from '../rule';
import { show } from '../show';
import { isPinned } from '../verifiers';

export const verifierImage: Rule = {
  code: 'VERIFIER_IMAGE',
  title: 'The verifier\'s own image is not pinned',
  why: 'Whoever can move a tag could replace the program that judges all others; its namespace is the one that nobody judges.',
  remedy: 'Name the image by digest, name@sha256:…, as the synthesis does; the imageRepository of the WebhookVerifier says another registry.',
  check: ({ objects }) => objects.filter((object) => object.kind === 'Deployment' && object.own).flatMap((object) => {
    const { containers, initContainers } = fieldsOf(fieldsOf(fieldsOf(object.content.spec).template).spec);
    return [...list(containers), ...list(initContainers)].map((container) => fieldsOf(container).image)
      .filter((image) => !isPinned(image))
      .map((image) => ({ object: object.id, path: 'spec.template.spec.containers', message: `The image is ${show(image)}.` }));
  }),
};
