import { Fields, fieldsOf } from '../fields';
import { Rule } from '../rule';

/** What the API server takes in a ConfigMap, in bytes of keys and values; of another object about half as much again fits into its store. */
const LARGEST = 1_048_576;

export const tooLarge: Rule = {
  code: 'TOO_LARGE',
  title: 'An object is larger than Kubernetes stores',
  why: 'The API server rejects it, so the verifier would start without this policy or trust root, or not at all.',
  remedy: 'Split the document: several policies with fewer images, attestors or requirements each.',
  check: ({ objects }) => objects.filter(({ own }) => own).flatMap((object) => {
    const [path, size] = object.kind === 'ConfigMap' ? ['data', sizeOfData(object.content)] as const : ['', bytesOf(JSON.stringify(object.content))] as const;
    return size > LARGEST ? [{ object: object.id, path, message: `It holds ${size} bytes; ${LARGEST} fit.` }] : [];
  }),
};

function sizeOfData({ data }: Fields): number {
  return Object.entries(fieldsOf(data)).reduce((sum, [key, text]) => sum + bytesOf(`${key}${typeof text === 'string' ? text : ''}`), 0);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
