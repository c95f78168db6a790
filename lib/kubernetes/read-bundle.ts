import { CONTENT_KEYS, CONTENT_LABEL, DOCUMENTS_ANNOTATION, ENGINE_LABEL, TRUST_ROOT_LABEL } from './labels';
import { isPlainObject } from '../policy/canonical-json';
import { PolicyDocument } from '../policy/document';
import { DocumentError, member } from '../policy/problem';
import { parseDocument } from '../policy/validate';
import { parsePolicyText } from './policy-text';

/** What a list of manifests says to the verifier. */
export interface ManifestBundle {
  readonly documents: readonly PolicyDocument[];
  readonly trustRoots: ReadonlyArray<{ readonly name: string; readonly json: string }>;
  /** Namespaces that the policies lie in: their verifiers' own. */
  readonly namespaces: readonly string[];
  /** Other engines, whose documents lie beside and are not among `documents`. */
  readonly otherEngines: readonly OtherEngine[];
}

/** What another engine enforces, as one object says it. */
export interface OtherEngine {
  /** Its label. */
  readonly engine: string;
  /** `undefined` where they cannot be read. */
  readonly documents: readonly PolicyDocument[] | undefined;
}

/**
 * Finds the policy documents and trust roots that the webhook engine wrote into ConfigMaps; other objects are passed over.
 *
 * @throws DocumentError when a ConfigMap says that it holds a policy or trust root and does not, or something that is not known here
 */
export function readBundle(manifests: readonly unknown[]): ManifestBundle {
  const documents: PolicyDocument[] = [];
  const trustRoots: Array<{ name: string; json: string }> = [];
  const namespaces = new Set<string>();
  for (const manifest of manifests) {
    const content = contentOf(manifest);
    if (content?.kind === 'policy') {
      documents.push(parseDocument(parsePolicyText(content.text, `ConfigMap ${content.name}`)));
      content.namespace.forEach((namespace) => namespaces.add(namespace));
    } else if (content?.kind === 'trust-root') {
      trustRoots.push({ name: content.trustRoot, json: content.text });
    }
  }
  return { documents, trustRoots, namespaces: [...namespaces], otherEngines: manifests.flatMap(otherEngineOf) };
}

/** None, for an object that carries no documents of another engine. */
function otherEngineOf(manifest: unknown): OtherEngine[] {
  const { metadata } = isPlainObject(manifest) ? manifest : {};
  const { labels, annotations } = isPlainObject(metadata) ? metadata : {};
  const engine = isPlainObject(labels) && isPlainObject(annotations) && Object.hasOwn(annotations, DOCUMENTS_ANNOTATION) ? labels[ENGINE_LABEL] : undefined;
  return typeof engine === 'string' ? [{ engine, documents: documentsIn((annotations as { readonly [name: string]: unknown })[DOCUMENTS_ANNOTATION]) }] : [];
}

function documentsIn(text: unknown): readonly PolicyDocument[] | undefined {
  try {
    const values: unknown = JSON.parse(String(text));
    return Array.isArray(values) ? values.map(parseDocument) : undefined;
  } catch (error) {
    if (error instanceof DocumentError || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

interface Content {
  readonly kind: 'policy' | 'trust-root';
  readonly name: string;
  /** None, where whoever applies it says so. */
  readonly namespace: readonly string[];
  readonly text: string;
  readonly trustRoot: string;
}

function contentOf(manifest: unknown): Content | undefined {
  const { kind, metadata, data } = isPlainObject(manifest) ? manifest : {};
  const { labels, name, namespace } = isPlainObject(metadata) ? metadata : {};
  const content = isPlainObject(labels) ? labels[CONTENT_LABEL] : undefined;
  if (kind !== 'ConfigMap' || !isPlainObject(labels) || content === undefined || content === 'registries') {
    return undefined;
  }
  const title = typeof name === 'string' ? name : '';
  if (content !== 'policy' && content !== 'trust-root') {
    // Passed over, a policy under a misspelt label would be one that nobody enforces.
    const path = member(`ConfigMap ${title}.metadata.labels`, CONTENT_LABEL);
    throw new DocumentError([{ path, message: `expected one of ${Object.keys(CONTENT_KEYS).join(', ')}, found ${JSON.stringify(content)}` }]);
  }
  const key = CONTENT_KEYS[content];
  const text = isPlainObject(data) ? data[key] : undefined;
  const trustRoot = labels[TRUST_ROOT_LABEL];
  if (typeof text !== 'string' || (content === 'trust-root' && typeof trustRoot !== 'string')) {
    throw new DocumentError([{ path: member(member(`ConfigMap ${title}`, 'data'), key), message: `is missing, although the label ${CONTENT_LABEL} promises it: synthesize the manifests again` }]);
  }
  return { kind: content, name: title, namespace: typeof namespace === 'string' ? [namespace] : [], text, trustRoot: typeof trustRoot === 'string' ? trustRoot : '' };
}
