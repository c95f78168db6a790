import { CONTENT_KEYS, CONTENT_LABEL, DOCUMENTS_ANNOTATION, ENGINE_LABEL } from '../kubernetes/labels';
import { parsePolicyText } from '../kubernetes/policy-text';
import { isPlainObject } from '../policy/canonical-json';
import { PolicyDocument } from '../policy/document';
import { isDocumentLike } from '../policy/document-like';
import { member } from '../policy/problem';
import { DocumentError, parseDocument } from '../policy/validate';
import { isAboutImages } from './image-admission';
import { isOfPolicyController } from './cluster-image-policies';
import { imagePoliciesExcepted, isKyvernoImagePolicy } from './kyverno-policies';
import { jsonText, readJson, readObject } from './read-object';
import { recognize } from './recognize';
import { Finding, KubernetesObject, LocatedDocument, Rule } from './rule';
import { RULES } from './rules';

/** The code of what a document itself says wrong. */
export const INVALID_DOCUMENT = 'INVALID_DOCUMENT';

/** Judges everything that is applied together: rendered manifests, other people's YAML, bare documents. Never throws. */
export function judgeManifests(values: readonly unknown[], now: number): Finding[] {
  return judge(values, now, false, ENFORCING_RULES);
}

/** Judges the same by all rules, also those about admission objects of others that look as if they were about images. Never throws. */
export function lintManifests(values: readonly unknown[], now: number): Finding[] {
  return judge(values, now, false, RULES);
}

/** Judges one object of those that are applied together, without the others. Never throws. */
export function judgeObject(value: unknown, now: number): Finding[] {
  return judge([value], now, true, ENFORCING_RULES);
}

/** Rules that refuse: what only looks wrong is left to lint. */
export const ENFORCING_RULES = RULES.filter(({ lintOnly }) => lintOnly !== true);

function judge(values: readonly unknown[], now: number, alone: boolean, rules: readonly Rule[]): Finding[] {
  const { objects, documents, findings } = readSubject(values.map(jsonText));
  const subject = { alone, objects, documents, now };
  return [...findings, ...rules.flatMap(({ code, remedy, check }) => check(subject).map((observation) => ({ code, remedy, ...observation })))];
}

/** The documents in manifests, wherever they stand, with the objects, and what is wrong with those that cannot be read. Never throws. */
export function documentsIn(values: readonly unknown[]): ReadSubject {
  return readSubject(values.map(jsonText));
}

/** What there is to judge in the texts of values. */
export interface ReadSubject {
  readonly objects: readonly KubernetesObject[];
  readonly documents: readonly LocatedDocument[];
  /** Of what could not be read. */
  readonly findings: readonly Finding[];
}

/** Reads JSON texts of values, and `undefined` for those that have none. Never throws. */
export function readSubject(texts: ReadonlyArray<string | undefined>): ReadSubject {
  const findings: Finding[] = [];
  const documents: LocatedDocument[] = [];
  const read = texts.map(readJson);
  const invalid = (object: string, path: string, message: string): void => void findings.push({ code: INVALID_DOCUMENT, object, path, message, remedy: 'Correct the document.' });
  read.forEach((object, index) => {
    if (object === undefined) {
      invalid(`Object ${index + 1}`, '', 'It holds what JSON cannot hold, or is nested too deeply to be a Kubernetes object.');
    }
  });
  const objects = recognize(read.flatMap((object) => object ?? []));
  for (const { object, parse } of objects.flatMap(documentIn)) {
    try {
      documents.push(...parse().map((value) => located(object, parseDocument(value))));
    } catch (error) {
      if (!(error instanceof DocumentError)) {
        throw error;
      }
      error.problems.forEach(({ path, message }) => invalid(object.id, path, message));
    }
  }
  return { objects, documents, findings };
}

/** What there is to judge: with neither, no finding means nothing. */
export interface Judged {
  /** Whether an object is the project's. */
  readonly own: boolean;
  /** Whether an object is the project's, or a policy about images for Kyverno or policy-controller, whoever wrote it. */
  readonly enforcement: boolean;
  /** Whether an admission object of somebody else looks as if it were about images. */
  readonly foreign: boolean;
  /** Whether one of them is more than content: without any, no rule can say whether the policies are enforced. */
  readonly enforcing: boolean;
  /** Whether there is a policy document, sound or not. */
  readonly documents: boolean;
}

/** Groups whose objects admit and refuse, or change what is admitted. */
const ADMISSION_GROUP = /^(?:admissionregistration\.k8s\.io|(?:policies\.)?kyverno\.io|policy\.sigstore\.dev)\//;

/** Which of these, by index, decide about admission and say nothing of images, so that no rule is about them. */
export function unjudgedAdmission(values: readonly unknown[]): number[] {
  const read = values.map(readObject);
  const objects = recognize(read.flatMap((object) => object ?? []));
  const judged = new Set(objects.filter((object) => object.own || isOfAnotherEngine(object, objects) || isAboutImages(object, objects)).map(({ content }) => content));
  return read.flatMap((object, index) => (object !== undefined && ADMISSION_GROUP.test(object.apiVersion) && !judged.has(object.content) ? [index] : []));
}

/** Whether it is a policy about images for Kyverno or policy-controller, or an exception from one, whoever wrote it. */
function isOfAnotherEngine(object: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
  return isKyvernoImagePolicy(object) || isOfPolicyController(object, 'ClusterImagePolicy') || imagePoliciesExcepted(object, objects).length > 0;
}

/** What of these the rules are about. */
export function judgedIn(values: readonly unknown[]): Judged {
  const objects = recognize(values.flatMap((value) => readObject(value) ?? []));
  const own = objects.filter((object) => object.own);
  const isForAnother = objects.some((object) => isOfAnotherEngine(object, objects));
  return {
    own: own.length > 0,
    enforcement: own.length > 0 || isForAnother,
    foreign: objects.some((object) => isAboutImages(object, objects)),
    enforcing: isForAnother || own.some(({ kind }) => kind !== 'ConfigMap'),
    documents: objects.some((object) => documentIn(object).length > 0),
  };
}

/** A document in an annotation is called by its own name, since its object may hold several. */
function located(source: KubernetesObject, document: PolicyDocument): LocatedDocument {
  const isAnnotated = source.kind !== 'ConfigMap' && !isDocumentLike(source.content) && Object.hasOwn(source.annotations, DOCUMENTS_ANNOTATION);
  return { object: isAnnotated ? `${document.kind} ${document.metadata.name}` : source.id, document, source, engine: source.labels[ENGINE_LABEL] };
}

/** `parse` throws DocumentError. */
function documentIn(object: KubernetesObject): Array<{ object: KubernetesObject; parse: () => readonly unknown[] }> {
  const { kind, own, annotations, content } = object;
  if (isDocumentLike(content)) {
    return [{ object, parse: () => [content] }];
  }
  const annotated = annotations[DOCUMENTS_ANNOTATION];
  if (own && kind !== 'ConfigMap' && annotated !== undefined) {
    return [{ object, parse: () => parseList(typeof annotated === 'string' ? annotated : '') }];
  }
  const data = isPlainObject(content.data) ? content.data : {};
  if (kind !== 'ConfigMap' || !own || (object.labels[CONTENT_LABEL] !== 'policy' && !Object.hasOwn(data, CONTENT_KEYS.policy))) {
    return [];
  }
  const text = data[CONTENT_KEYS.policy];
  return [{ object, parse: () => [parsePolicyText(typeof text === 'string' ? text : '', member('data', CONTENT_KEYS.policy))] }];
}

function parseList(text: string): readonly unknown[] {
  const place = member('metadata.annotations', DOCUMENTS_ANNOTATION);
  const value = parsePolicyText(text, place);
  if (!Array.isArray(value) || value.length === 0) {
    throw new DocumentError([{ path: place, message: 'is no list of documents' }]);
  }
  return value;
}
