import { Json } from '../../policy/document';
import { isGiven, object } from './fields';

/** The texts among the values of an object, which need not be there; annotations are texts, and what else a signer puts among them is his own affair. */
export function textsOf(value: Json | undefined): { readonly [name: string]: string } {
  const fields = isGiven(value) ? object(value, 'what a signature is annotated with') : {};
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
