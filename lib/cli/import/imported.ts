import { Draft } from './compose';
import { LeftOut, Note } from './part';

/** What became of a policy, or of one of its rules. */
export interface Imported {
  /** @default - it is left out, and the notes say why */
  readonly draft?: Draft;
  /** What is not carried over. Beside a draft, the draft is the stricter for it. */
  readonly notes: readonly Note[];
}

/** A draft with the notes made on the way; where something cannot be left out, the notes alone. */
export function attempt(read: (notes: Note[]) => Draft): Imported {
  const notes: Note[] = [];
  try {
    return { draft: read(notes), notes };
  } catch (error) {
    if (error instanceof LeftOut) {
      return { notes: [...notes, { path: error.path, message: error.problem }] };
    }
    throw error;
  }
}
