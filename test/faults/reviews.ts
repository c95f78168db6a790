import { reviewOf } from '../../bench/review';

interface Review {
  readonly request: {
    operation: string;
    oldObject: unknown;
    readonly object: { readonly metadata: { readonly labels: { [name: string]: string } }; readonly spec: { containers: object[] } };
  };
}

/** A Pod of this image is created. */
export function creation(image: string): (uid: string) => Buffer {
  const template = reviewOf(image).toString('utf8');
  return (uid) => Buffer.from(template.replace('"uid":"bench"', `"uid":"${uid}"`));
}

/** A Pod of this image gets another label. */
export function relabelling(image: string): (uid: string) => Buffer {
  const review = JSON.parse(reviewOf(image).toString('utf8')) as Review;
  review.request.operation = 'UPDATE';
  review.request.oldObject = structuredClone(review.request.object);
  review.request.object.metadata.labels['tier'] = 'front';
  return (uid) => Buffer.from(JSON.stringify({ ...review, request: { ...review.request, uid } }));
}

/** A Pod with one container of each image is created. */
export function creationOfMany(images: readonly string[]): (uid: string) => Buffer {
  const review = JSON.parse(reviewOf('').toString('utf8')) as Review;
  review.request.object.spec.containers = images.map((image, index) => ({ name: `c${index}`, image }));
  return (uid) => Buffer.from(JSON.stringify({ ...review, request: { ...review.request, uid } }));
}
