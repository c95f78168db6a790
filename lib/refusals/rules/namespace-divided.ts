import { ENGINES } from '../capabilities';
import { dividedDocuments, Side } from '../divided-namespaces';
import { LocatedDocument, Rule, Subject } from '../rule';
import { engineOf } from '../verifier-documents';

export const namespaceDivided: Rule = {
  code: 'NAMESPACE_DIVIDED',
  title: 'Two engines divide the images of a namespace',
  why: 'Each engine refuses what its own documents do not name. Where two hold in one namespace and name different images, each refuses those of the other, so that none of them runs.',
  remedy: 'Give these documents to one engine, or let the two hold in different namespaces.',
  check: (subject) => {
    const sides = sidesOf(subject);
    return sides.flatMap((side) => dividedDocuments(side, sides.filter((other) => other !== side)).map(({ located: { object, document }, message }) => (
      { object, path: document.kind === 'ImageExemption' ? 'spec.image' : 'spec.images', message }
    )));
  },
};

/** The documents of each engine: a verifier's lie in its namespace, those of any other stand in one object. */
function sidesOf({ documents }: Subject): Array<Side<LocatedDocument>> {
  const sides = new Map<string, Side<LocatedDocument> & { readonly documents: LocatedDocument[] }>();
  for (const located of documents) {
    const { source } = located;
    const engine = engineOf(located);
    if (engine !== undefined) {
      const [key, where] = engine === 'webhook' ? [source.namespace, `in ${source.namespace}`] : [source.id, source.name];
      const side = sides.get(key) ?? { engine, title: `${ENGINES[engine].construct} ${where}`, documents: [] };
      side.documents.push(located);
      sides.set(key, side);
    }
  }
  return [...sides.values()];
}
