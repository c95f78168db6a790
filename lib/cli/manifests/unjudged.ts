import { called } from './called';

/** A file or folder that could not be judged, and why; it hides nothing of what the others hold. */
export class Unjudged extends Error {
  constructor(readonly file: string, readonly problem: string) {
    super(`${called(file)}: ${problem}`);
    this.name = 'Unjudged';
  }
}
