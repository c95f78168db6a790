import { LocatedDocument } from './rule';

/** Something that holds only until an instant. */
export interface Dated {
  readonly object: string;
  /** Of the date. */
  readonly path: string;
  readonly until: string;
}

/** Every exemption and audit window. */
export function dated(documents: readonly LocatedDocument[]): Dated[] {
  return documents.flatMap(({ object, document }) => {
    if (document.kind === 'ImageExemption') {
      return [{ object, path: 'spec.until', until: document.spec.until }];
    }
    const { action } = document.spec;
    return action?.type === 'Audit' ? [{ object, path: 'spec.action.until', until: action.until }] : [];
  });
}
