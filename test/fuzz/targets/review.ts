import { ImagesError, imagesOf } from '../../../lib/kubernetes/images';
import { AdmissionRequest, parseReview, ReviewError } from '../../../lib/verifier/admission/review';
import { reviewOf } from '../../../bench/review';
import { Target } from '../fuzz';
import { JSON_TEXT } from '../json-mutations';
import { expectSame, read } from './refusal';

const IMAGE = `ghcr.io/acme/app@sha256:${'5'.repeat(64)}`;

interface LooseReview {
  readonly request: { readonly [field: string]: unknown };
}

/**
 * Reviews, against JSON.parse of the whole body. The API server decodes and encodes objects with exact names, so that exact names alone count here;
 * other writings of them beside or instead of the real ones change nothing.
 */
export const review: Target = {
  name: 'review',
  seeds: [reviewOf(IMAGE), update(), workload()],
  mutations: JSON_TEXT,
  judge: (input) => {
    const ours = read(() => parseReview(input), ReviewError)?.value;
    if (ours === undefined) {
      return 'refused';
    }
    const { request } = JSON.parse(input.toString('utf8')) as LooseReview;
    expectSame('uid', ours.uid, request['uid']);
    expectSame('operation', ours.operation, request['operation']);
    for (const name of ['subResource', 'namespace', 'name'] as const) {
      expectSame(name, ours[name], request[name] ?? '');
    }
    expectSame('kind', ours.kind, { group: '', ...definedTexts(request['kind'] as object) });
    for (const name of ['object', 'oldObject'] as const) {
      expectSame(`images of ${name}`, images(ours, ours[name]), images(ours, request[name] ?? null));
    }
    return 'accepted';
  },
};

function definedTexts(kind: object): object {
  const { group, version, kind: name } = kind as { group?: string | null; version: string; kind: string };
  return { group: group ?? '', version, kind: name };
}

function images({ kind, subResource }: AdmissionRequest, object: unknown): unknown {
  const found = read(() => imagesOf(kind, object, subResource), ImagesError);
  return found === undefined ? 'refused' : found.value;
}

function update(): Buffer {
  const made = JSON.parse(reviewOf(IMAGE).toString('utf8')) as { request: { operation: string; object: object; oldObject: unknown; subResource?: string } };
  made.request.operation = 'UPDATE';
  made.request.oldObject = made.request.object;
  made.request.subResource = 'ephemeralcontainers';
  return Buffer.from(JSON.stringify(made));
}

function workload(): Buffer {
  const kind = { group: 'batch', version: 'v1', kind: 'CronJob' };
  const spec = {
    containers: [{ name: 'a', image: IMAGE }], initContainers: [{ name: 'b', image: IMAGE, restartPolicy: 'Always' }], ephemeralContainers: null,
    volumes: [{ name: 'v', image: { reference: IMAGE, pullPolicy: 'Always' } }, { name: 'w', emptyDir: {} }],
  };
  const object = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'x', namespace: 'shop' }, spec: { schedule: '* * * * *', jobTemplate: { spec: { template: { spec } } } } };
  const request = { uid: 'fuzz', kind, resource: { group: 'batch', version: 'v1', resource: 'cronjobs' }, operation: 'CREATE', namespace: 'shop', name: 'x', object, oldObject: null, dryRun: true };
  return Buffer.from(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }));
}
