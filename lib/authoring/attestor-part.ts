import { Attestor } from '../policy/document';
import { refuseAttestor } from './document-part';
import { Names } from './place';
import { TrustRoot } from './trust-root';

/** What an attestor says, and whose word it takes for it. */
export interface AttestorPart<D extends Attestor = Attestor> {
  readonly document: D;
  readonly trustRoot: TrustRoot;
  /** What the program calls its properties. @default - as the constructor does */
  readonly names?: Names;
}

/** Judges an attestor where it is made, before a policy names it. */
export function judged<D extends Attestor>(path: string, name: string, part: AttestorPart<D>): AttestorPart<D> {
  refuseAttestor(path, name, part.document);
  return part;
}
