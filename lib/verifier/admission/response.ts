/** The answer to one admission request, before it is put on the wire. */
export interface AdmissionAnswer {
  readonly allowed: boolean;
  /** What the user reads; required when not allowed. */
  readonly message?: string;
  /** Each at most 256 characters, 4 KiB in all. */
  readonly warnings?: readonly string[];
  /** Keys without prefix: the API server adds the webhook's name. */
  readonly auditAnnotations?: { readonly [key: string]: string };
  /** Only from the mutating path. */
  readonly patch?: readonly JsonPatchOperation[];
}

/** RFC 6902. */
export interface JsonPatchOperation {
  readonly op: 'replace';
  readonly path: string;
  readonly value: string;
}

/** Writes the AdmissionReview v1 that answers the request with this uid. */
export function writeReview(uid: string, answer: AdmissionAnswer): string {
  const { allowed, message, warnings = [], auditAnnotations = {}, patch = [] } = answer;
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed,
      ...(message === undefined ? {} : { status: { status: allowed ? 'Success' : 'Failure', message, reason: allowed ? undefined : 'Forbidden', code: allowed ? 200 : 403 } }),
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(Object.keys(auditAnnotations).length === 0 ? {} : { auditAnnotations }),
      ...(patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
    },
  });
}
