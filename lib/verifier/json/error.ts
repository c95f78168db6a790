/** The bytes are not JSON that can be read in exactly one way. The message never repeats what they contain. */
export class StrictJsonError extends Error {
  constructor(readonly code: 'MALFORMED' | 'LIMIT', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StrictJsonError';
  }
}

export function malformed(what: string): StrictJsonError {
  return new StrictJsonError('MALFORMED', `not strict JSON: ${what}`);
}
