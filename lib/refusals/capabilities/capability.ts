import { PolicyDocument } from '../../policy/document';
import { DefinitionName, FieldName } from './definitions';

/** What an engine makes of a field of a document. */
export type Capability = Rendered | Refused | Limited;

/** The field holds, as documents say. */
export interface Rendered {
  readonly type: 'rendered';
  /** Where the engine holds it in another way than the bundled verifier, without ever allowing more. */
  readonly note?: string;
}

/** A document that says something in this field is refused. */
export interface Refused {
  readonly type: 'refused';
  /** Why, as a clause. */
  readonly reason: string;
}

/** Some values hold and the others are refused. */
export interface Limited {
  readonly type: 'limited';
  /** Which values are refused and why, as a clause. */
  readonly reason: string;
  /** @param document - what the value stands in: some values hold beside certain others only */
  readonly takes: (value: unknown, document: PolicyDocument) => boolean;
  /** Where the engine holds the others in another way than the bundled verifier, without ever allowing more. */
  readonly note?: string;
}

/** What an engine makes of every field: one that is added to the documents does not compile before each engine has an answer. */
export type Capabilities = { readonly [D in DefinitionName]: { readonly [F in FieldName<D>]: Capability } };

export const rendered: Rendered = { type: 'rendered' };

export function renderedBut(note: string): Rendered {
  return { type: 'rendered', note };
}

export function refused(reason: string): Refused {
  return { type: 'refused', reason };
}

export function limited(reason: string, takes: Limited['takes'], note?: string): Limited {
  return { type: 'limited', reason, takes, ...(note === undefined ? {} : { note }) };
}
