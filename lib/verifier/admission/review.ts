import { IMAGE_FIELDS } from '../../kubernetes/image-fields';
import { Json } from '../../policy/document';
import { JsonLimits, Members, parseStrictJson, StrictJsonError } from '../json';

/** The part of an `admission.k8s.io/v1` request that a decision depends on. */
export interface AdmissionRequest {
  readonly uid: string;
  /** What the object was converted to for this webhook; never what the client sent. */
  readonly kind: GroupVersionKind;
  readonly subResource: string;
  readonly operation: string;
  /** Empty for objects outside of namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
  /** `null` where the operation has none; of the object no more than what images are read from. */
  readonly object: Json;
  readonly oldObject: Json;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The body is not an AdmissionReview that can be answered. */
export class ReviewError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReviewError';
  }
}

/** A review of two objects as large as etcd takes them, with room; going through more would keep others waiting. */
const LIMITS: JsonLimits = { depth: 64, values: 400_000 };

/** Characters of a name or kind; Kubernetes has none as long. */
const LONGEST_TEXT = 512;

/** What is made of a review: everything else in it is held to the same strictness and then left alone. */
const READ: Members = {
  apiVersion: 'all',
  kind: 'all',
  request: { uid: 'all', kind: 'all', subResource: 'all', operation: 'all', namespace: 'all', name: 'all', dryRun: 'all', object: IMAGE_FIELDS, oldObject: IMAGE_FIELDS },
};

/**
 * Reads an AdmissionReview v1 in the one way it can be read.
 *
 * Who asks (`userInfo`) is left out on purpose: it never changes a verdict.
 *
 * @throws ReviewError when the body is not one, or is ambiguous
 */
export function parseReview(body: Uint8Array): AdmissionRequest {
  const review = record(read(body), 'the body');
  if (review.apiVersion !== 'admission.k8s.io/v1' || review.kind !== 'AdmissionReview') {
    throw new ReviewError('apiVersion and kind must be admission.k8s.io/v1 AdmissionReview; register the webhook with admissionReviewVersions [v1]');
  }
  const request = record(review.request, 'request');
  const kind = record(request.kind, 'request.kind');
  const uid = text(request.uid, 'request.uid');
  if (uid === '') {
    throw new ReviewError('request.uid must not be empty');
  }
  return {
    uid,
    kind: { group: optionalText(kind.group, 'request.kind.group'), version: text(kind.version, 'request.kind.version'), kind: text(kind.kind, 'request.kind.kind') },
    subResource: optionalText(request.subResource, 'request.subResource'),
    operation: text(request.operation, 'request.operation'),
    namespace: optionalText(request.namespace, 'request.namespace'),
    name: optionalText(request.name, 'request.name'),
    dryRun: request.dryRun === true,
    object: request.object ?? null,
    oldObject: request.oldObject ?? null,
  };
}

function read(body: Uint8Array): Json {
  try {
    return parseStrictJson(body, LIMITS, READ);
  } catch (error) {
    if (error instanceof StrictJsonError) {
      throw new ReviewError(`the body cannot be read in exactly one way: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function record(value: Json | undefined, where: string): { [key: string]: Json } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ReviewError(`${where} must be an object`);
  }
  return value;
}

function text(value: Json | undefined, where: string): string {
  if (typeof value !== 'string') {
    throw new ReviewError(`${where} must be a string`);
  }
  if (value.length > LONGEST_TEXT) {
    throw new ReviewError(`${where} is longer than ${LONGEST_TEXT} characters`);
  }
  return value;
}

/** Go leaves empty strings out. */
function optionalText(value: Json | undefined, where: string): string {
  return value === undefined || value === null ? '' : text(value, where);
}
