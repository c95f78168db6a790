import { NAMESPACE_NAME_LABEL } from '../kubernetes/labels';
import { PolicyDocument } from '../policy/document';
import { coversPattern, ImagePattern, parseImagePattern } from '../policy/image-pattern';
import { NamespaceContext } from '../policy/normal';
import { parseRepositoryName } from '../policy/repository-name';
import { EngineId } from './capabilities';
import { holdsIn, namespacesOf } from './holds-in';
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
 * The documents of one engine whose images another one refuses for certain, because it holds in the same namespace and is told nothing of them there.
 *
 * Two engines may share a namespace where both name the same images there, as while one takes the other's place: a pattern is named by one that matches at
 * least as much, an exempted digest by its exemption. Every namespace that a document names is looked at, and one that none names, without labels and with
 * those of each document. Where only labels could tell, nothing is said.
 */
export function dividedDocuments<D extends { readonly document: PolicyDocument }>(side: Side<D>, others: ReadonlyArray<Side<D>>): Array<Divided<D>> {
  const enforced = side.documents.filter(({ document }) => !isTrial(document));
  const places = placesOf([side, ...others]);
  const shared = others.flatMap((other) => places.flatMap((place) => closedBy(other, place)));
  return enforced.flatMap((located) => {
    const images = imagesOf(located.document);
    for (const { place, title, closing, known } of shared) {
      const unknown = holdsIn(located.document, place) === true ? images.find((image) => !known.some((other) => names(other, image))) : undefined;
      if (unknown !== undefined) {
        return [{ located, message: `It lets ${show(unknown.written)} run ${place.name === UNNAMED ? '' : `in ${show(place.name)}, `}where the ${closing.kind} ${show(closing.metadata.name)} of ${title} holds as well, which does not: no document there names it.` }];
      }
    }
    return [];
  });
}

/** A namespace in which an engine refuses what its documents there do not name. */
interface Closed {
  readonly place: NamespaceContext;
  readonly title: string;
  readonly closing: PolicyDocument;
  readonly known: readonly Image[];
}

/** Nothing where images that nobody names are let run; a document that perhaps holds there is one that does. */
function closedBy<D extends { readonly document: PolicyDocument }>({ engine, title, documents }: Side<D>, place: NamespaceContext): Closed[] {
  const beside = documents.map(({ document }) => document).filter((document) => holdsIn(document, place) !== false);
  const closing = beside.find((document) => closes(engine, document) && holdsIn(document, place) === true);
  return closing === undefined ? [] : [{ place, title, closing, known: beside.flatMap(imagesOf) }];
}

/** A policy in its audit window refuses nothing, so that it may be tried beside what enforces. */
function isTrial(document: PolicyDocument): boolean {
  return document.kind === 'ImagePolicy' && document.spec.action?.type === 'Audit';
}

/** Images that a document lets run: all that a pattern matches, or one digest of a repository. */
interface Image {
  /** As the document says it, without the digest. */
  readonly written: string;
  readonly means: ImagePattern | string;
}

function imagesOf(document: PolicyDocument): readonly Image[] {
  switch (document.kind) {
    case 'ImagePolicy': return document.spec.images.map((written) => ({ written, means: parseImagePattern(written) }));
    case 'ImageExemption': {
      const { image: written, digests } = document.spec;
      return digests.map((digest) => ({ written, means: `${parseRepositoryName(written).name}@${digest}` }));
    }
    case 'ImageDenyList': return [];
  }
}

function names({ means: outer }: Image, { means: inner }: Image): boolean {
  return typeof outer === 'string' || typeof inner === 'string' ? outer === inner : coversPattern(outer, inner);
}

/** Whether images that nothing names are refused where it holds. */
function closes(engine: EngineId, document: PolicyDocument): boolean {
  return document.kind === 'ImagePolicy' ? !isTrial(document) : document.kind === 'ImageExemption' && engine === 'native';
}

/** Namespaces that tell selections apart: each that has a name in them, whose labels nobody knows, and others by the labels that are all they are selected by. */
function placesOf(sides: ReadonlyArray<Side<{ readonly document: PolicyDocument }>>): NamespaceContext[] {
  const selections = sides.flatMap(({ documents }) => documents.map(({ document }) => namespacesOf(document)));
  const named = selections.flatMap((selection) => 'names' in selection ? selection.names : 'except' in selection ? selection.except : selection.labels[NAMESPACE_NAME_LABEL] ?? []);
  const labels = selections.flatMap((selection) => ('labels' in selection && selection.labels[NAMESPACE_NAME_LABEL] === undefined ? [selection.labels] : []));
  return [...[{}, ...labels].map((all) => ({ name: UNNAMED, labels: all })), ...[...new Set(named)].map((name) => ({ name }))];
}

/** No document can say it. */
const UNNAMED = '';
