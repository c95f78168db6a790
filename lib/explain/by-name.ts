import { ImageReference } from '../kubernetes/reference';
import { PolicyDocument } from '../policy/document';
import { isOver } from '../policy/instant';
import { coversNamespace } from '../policy/namespaces';
import { NamespaceContext } from '../policy/normal';
import { policySet } from '../policy/policy-set';
import { ImageExplanation } from './image';
import { outlineOf } from './outline';
import { word } from './words';

/**
 * What exemptions and deny lists mean for an image in a namespace where the API server decides by them alone: by name and digest, whatever vouches for it.
 *
 * @throws DocumentError when two documents of one kind have the same name
 */
export function explainByName(documents: readonly PolicyDocument[], { name, digest }: ImageReference, namespace: NamespaceContext, now: number): ImageExplanation {
  const { exemptions, denyLists } = policySet(documents);
  const covers = ({ namespaces }: (typeof exemptions)[number] | (typeof denyLists)[number]): boolean | 'unknown' => coversNamespace(namespaces, namespace);
  const covered = [...exemptions, ...denyLists].map(covers);
  const unanswered = covered.includes(true) ? 'refused' : covered.includes('unknown') ? 'unknown' : 'admitted';
  const said = (answer: ImageExplanation['answer'], says: string, deciding?: PolicyDocument): ImageExplanation => (
    { answer, says, unanswered, policies: [], outline: deciding === undefined ? '' : outlineOf([deciding]) }
  );
  const documentOf = (kind: PolicyDocument['kind'], title: string): PolicyDocument | undefined => documents.find((document) => document.kind === kind && document.metadata.name === title);
  const denying = digest === undefined ? undefined : denyLists.find((list) => list.digests.includes(digest) && covers(list) === true);
  if (denying !== undefined) {
    return said('denied', 'refused by name: a deny list names the digest', documentOf('ImageDenyList', denying.name));
  }
  if (covered.includes('unknown')) {
    return said('labels-needed', `unknown: documents select by labels, and those of the namespace ${word(namespace.name)} are not said`);
  }
  if (!covered.includes(true)) {
    return said('not-covered', `admitted, unasked: no exemption or deny list covers the namespace ${word(namespace.name)}`);
  }
  if (digest === undefined) {
    return said('unmatched', 'refused by name: it has no digest, and nobody looks up what a tag points to');
  }
  const exempting = exemptions.find((exemption) => exemption.image === name && exemption.digests.includes(digest) && !isOver(exemption.until, now) && covers(exemption) === true);
  if (exempting !== undefined) {
    return said('exempt', 'admitted by name: an exemption names the digest', documentOf('ImageExemption', exempting.name));
  }
  return exemptions.some((exemption) => covers(exemption) === true)
    ? said('unmatched', `refused by name: exemptions alone say what runs in the namespace ${word(namespace.name)}, and none that holds names the digest`)
    : said('not-denied', 'admitted by name: no deny list names the digest');
}
