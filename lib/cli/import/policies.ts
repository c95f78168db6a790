import { isPlainObject } from '../../policy/canonical-json';
import { isDnsLabel } from '../../policy/dns-label';
import { ImagePolicy } from '../../policy/document';
import { ambiguitiesIn } from '../manifests/ambiguities';
import { fieldLine } from '../manifests/field-line';
import { Manifest } from '../manifests/read-manifests';
import { importClusterImagePolicy } from './cluster-image-policy';
import { importClusterPolicy } from './cluster-policy';
import { compose } from './compose';
import { importImageValidatingPolicy } from './image-validating-policy';
import { Imported } from './imported';
import { Note } from './part';
import { problemOf } from './problem-of';
import { unused } from './voters';

/** A policy document, and what it was read from. */
export interface ImportedDocument {
  readonly document: ImagePolicy;
  /** `KIND NAME`. */
  readonly object: string;
  readonly file: string;
  readonly line: number;
}

/** Something that no document says, and what follows. */
export interface NotCarriedOver extends Pick<Note, 'path' | 'message'> {
  readonly object: string;
  readonly file: string;
  readonly line: number;
  /** `omitted`: some images are in no document, or in fewer; `stricter`: the document demands more for it. */
  readonly effect: 'omitted' | 'stricter';
}

export interface ImportResult {
  readonly documents: readonly ImportedDocument[];
  readonly notCarriedOver: readonly NotCarriedOver[];
  /** Objects of a kind that is read here. */
  readonly policies: number;
}

/** Kinds by API group. */
const READERS: { readonly [kind: string]: (value: unknown) => readonly Imported[] } = {
  'kyverno.io ClusterPolicy': importClusterPolicy,
  'policies.kyverno.io ImageValidatingPolicy': importImageValidatingPolicy,
  'policy.sigstore.dev ClusterImagePolicy': importClusterImagePolicy,
};

/** Kinds as messages name them. */
export const KINDS = Object.keys(READERS).map((kind) => kind.split(' ').reverse().join(' of '));

/**
 * Policies of other engines as documents that are no weaker, and everything that no document says.
 *
 * What is one alternative of several is left out alone; without what is demanded beside others the whole policy is.
 */
export function importPolicies(manifests: readonly Manifest[]): ImportResult {
  const documents: ImportedDocument[] = [];
  const notCarriedOver: NotCarriedOver[] = [];
  let policies = 0;
  for (const manifest of manifests) {
    const { apiVersion, kind, metadata } = manifest.value as { readonly apiVersion: string; readonly kind: string; readonly metadata?: unknown };
    const name = isPlainObject(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
    const object = `${kind} ${name}`.trim();
    const said = new Set<string>();
    // What stands above several rules would be said for each of them.
    const say = (effect: NotCarriedOver['effect'], { path, message }: Note): void => {
      const text = [effect, path, message].join(' ');
      if (!said.has(text)) {
        said.add(text);
        notCarriedOver.push({ object, file: manifest.file, line: fieldLine(manifest, path), path, message, effect });
      }
    };
    const reader = READERS[`${apiVersion.split('/')[0]} ${kind}`];
    if (reader === undefined) {
      say('omitted', { path: '', message: `is none of what is read: ${KINDS.join(', ')}` });
      continue;
    }
    policies += 1;
    const [ambiguity] = ambiguitiesIn(manifest.node, object);
    if (ambiguity !== undefined) {
      say('omitted', { path: ambiguity.path, message: `${ambiguity.message} ${ambiguity.remedy}` });
      continue;
    }
    for (const { draft, notes } of reader(manifest.value)) {
      const document = draft && compose({ ...draft, name: unused(label(draft.name), (text) => documents.some((other) => other.document.metadata.name === text)) });
      const problem = document && problemOf(document);
      const written = document !== undefined && problem === undefined;
      // What a document would do otherwise is of no interest where there is none.
      notes.filter(({ differs }) => written || differs === undefined).forEach((note) => say(written && note.omits === undefined ? 'stricter' : 'omitted', note));
      if (written) {
        documents.push({ document, object, file: manifest.file, line: manifest.line });
      } else if (problem !== undefined) {
        say('omitted', { path: '', message: `would be a document that is refused: ${problem}` });
      }
    }
  }
  return { documents, notCarriedOver, policies };
}

/** A name as documents may have it. */
function label(name: string): string {
  const text = name.toLowerCase().replace(/[^a-z0-9-]+/g, '-').slice(0, 60).replace(/^-+|-+$/g, '');
  return isDnsLabel(text) && text !== '' ? text : 'policy';
}
