import { NAMESPACE_NAME_LABEL } from '../kubernetes/labels';
import { NamespaceSelection, PolicyDocument } from '../policy/document';
import { coversNamespace, DEFAULT_NAMESPACES, isWithin } from '../policy/namespaces';
import { EngineId } from './capabilities';
import { show } from './show';

/** An engine with its documents, whatever they are kept in. */
export interface Side<D extends { readonly document: PolicyDocument }> {
  readonly engine: EngineId;
  /** As messages call it. */
  readonly title: string;
  readonly documents: readonly D[];
}

/** A document whose images another engine refuses where both hold. */
export interface Divided<D> {
  readonly located: D;
  readonly message: string;
}

/**
 * The documents of one engine whose images another one refuses for certain, because it holds in the same namespace and is told nothing of them.
 *
 * Two engines may share a namespace where both name the same images there, as while one takes the other's place. Images are the same when they are written the same. Where only
 * labels could tell whether there is a namespace that both select, nothing is said.
 */
export function dividedDocuments<D extends { readonly document: PolicyDocument }>(side: Side<D>, others: ReadonlyArray<Side<D>>): Array<Divided<D>> {
  return side.documents.filter(({ document }) => !isTrial(document)).flatMap((located) => {
    const { document } = located;
    for (const { engine, title, documents } of others) {
      const beside = documents.filter((other) => meet(namespacesOf(document), namespacesOf(other.document)));
      const known = new Set(beside.flatMap((other) => imagesOf(other.document)));
      const unknown = imagesOf(document).find((image) => !known.has(image));
      const closing = beside.find((other) => closes(engine, other.document));
      if (unknown !== undefined && closing !== undefined) {
        return [{ located, message: `It lets ${show(unknown.split('@', 1)[0])} run where the ${closing.document.kind} ${show(closing.document.metadata.name)} of ${title} holds as well, which does not: no document there says so in the same words.` }];
      }
    }
    return [];
  });
}

/** A policy in its audit window refuses nothing, so that it may be tried beside what enforces. */
function isTrial(document: PolicyDocument): boolean {
  return document.kind === 'ImagePolicy' && document.spec.action?.type === 'Audit';
}

/** The images that a document lets run, as it writes them. */
function imagesOf(document: PolicyDocument): readonly string[] {
  switch (document.kind) {
    case 'ImagePolicy': return document.spec.images;
    case 'ImageExemption': return document.spec.digests.map((digest) => `${document.spec.image}@${digest}`);
    case 'ImageDenyList': return [];
  }
}

/** Whether images that nothing names are refused where it holds. */
function closes(engine: EngineId, document: PolicyDocument): boolean {
  return document.kind === 'ImagePolicy' ? !isTrial(document) : document.kind === 'ImageExemption' && engine === 'native';
}

function namespacesOf({ spec }: PolicyDocument): NamespaceSelection {
  return spec.namespaces ?? DEFAULT_NAMESPACES;
}

/** Whether both select a namespace, as far as that does not hang on labels that somebody may set. */
function meet(a: NamespaceSelection, b: NamespaceSelection): boolean {
  const [one, other] = [byName(a), byName(b)];
  if ('names' in one) {
    return one.names.some((name) => coversNamespace(other, { name }) === true);
  }
  return 'names' in other ? meet(other, one) : 'labels' in one && 'labels' in other ? isWithin(one, other) || isWithin(other, one) : true;
}

/** A label that is the namespace's name selects no more than that one; with others beside, perhaps none. */
function byName(selection: NamespaceSelection): NamespaceSelection {
  const { [NAMESPACE_NAME_LABEL]: name, ...others } = 'labels' in selection ? selection.labels : {};
  return name === undefined ? selection : { names: Object.keys(others).length === 0 ? [name] : [] };
}
