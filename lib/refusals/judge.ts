import { CONTENT_KEYS, CONTENT_LABEL } from '../kubernetes/labels';
import { parsePolicyText } from '../kubernetes/policy-text';
import { isPlainObject } from '../policy/canonical-json';
import { PolicyDocument } from '../policy/document';
import { member } from '../policy/problem';
import { DocumentError, parseDocument } from '../policy/validate';
import { Finding, KubernetesObject, LocatedDocument } from './rule';
import { RULES } from './rules';

/** The code of what a document itself says wrong. */
export const INVALID_DOCUMENT = 'INVALID_DOCUMENT';

/** Judges everything that is applied together: rendered manifests, other people's YAML, bare documents. Never throws. */
export function judgeManifests(objects: readonly unknown[], now: number): Finding[] {
  const findings: Finding[] = [];
  const documents: LocatedDocument[] = [];
  const known = objects.map(readObject);
  for (const { object, read } of known.flatMap(documentIn)) {
    try {
      documents.push({ object, document: parseDocument(read()) });
    } catch (error) {
      if (!(error instanceof DocumentError)) {
        throw error;
      }
      findings.push(...error.problems.map(({ path, message }) => ({ code: INVALID_DOCUMENT, object, path, message, remedy: 'Correct the document.' })));
    }
  }
  return [...findings, ...judge({ objects: known, documents, now })];
}

/** Judges documents before anything is rendered. */
export function judgeDocuments(documents: readonly PolicyDocument[], now: number): Finding[] {
  const located = documents.map((document) => ({ object: `${document.kind} ${document.metadata.name}`, document }));
  return judge({ objects: [], documents: located, now });
}

function judge(subject: Parameters<(typeof RULES)[number]['check']>[0]): Finding[] {
  return RULES.flatMap(({ code, remedy, check }) => check(subject).map((observation) => ({ code, remedy, ...observation })));
}

function readObject(value: unknown): KubernetesObject {
  const content = isPlainObject(value) ? value : {};
  const metadata = isPlainObject(content.metadata) ? content.metadata : {};
  const text = (field: unknown): string => (typeof field === 'string' ? field : '');
  const [kind, name, namespace] = [text(content.kind), text(metadata.name), text(metadata.namespace)];
  return { kind, name, namespace, content, labels: isPlainObject(metadata.labels) ? metadata.labels : {}, id: `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}` };
}

/** `read` throws DocumentError. */
function documentIn({ id, kind, labels, content }: KubernetesObject): Array<{ object: string; read: () => unknown }> {
  if (typeof content.apiVersion === 'string' && content.apiVersion.startsWith('proofgate.dev/')) {
    return [{ object: id, read: () => content }];
  }
  if (kind !== 'ConfigMap' || labels[CONTENT_LABEL] !== 'policy') {
    return [];
  }
  const text = isPlainObject(content.data) ? content.data[CONTENT_KEYS.policy] : undefined;
  return [{ object: id, read: () => parsePolicyText(typeof text === 'string' ? text : '', member('data', CONTENT_KEYS.policy)) }];
}
