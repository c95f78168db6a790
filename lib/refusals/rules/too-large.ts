import { fieldsOf } from '../fields';
import { Rule } from '../rule';

/** What the API server takes in a ConfigMap, in bytes of keys and values. */
const LARGEST = 1_048_576;

export const tooLarge: Rule = {
  code: 'TOO_LARGE',
  title: 'A ConfigMap is larger than Kubernetes stores',
  why: 'The API server rejects it, so the verifier would start without this policy or trust root, or not at all.',
  remedy: 'Split the document: several policies with fewer images, attestors or requirements each.',
  check: ({ objects }) => objects.filter((object) => object.kind === 'ConfigMap' && object.own)
    .map((object) => ({ object, size: Object.entries(fieldsOf(object.content.data)).reduce((sum, [key, text]) => sum + new TextEncoder().encode(`${key}${typeof text === 'string' ? text : ''}`).length, 0) }))
    .filter(({ size }) => size > LARGEST)
    .map(({ object, size }) => ({ object: object.id, path: 'data', message: `It holds ${size} bytes; ${LARGEST} fit.` })),
};
