/** A repository name, or a pattern over such names, that cannot be read as exactly one thing. */
export class NameError extends Error {
  readonly code = 'MALFORMED';

  constructor(message: string) {
    super(message);
    this.name = 'NameError';
  }
}
