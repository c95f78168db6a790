/** A repository that was not believed, or gave no answer; the message names role or file and what is wrong with it. */
export class TufError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TufError';
  }
}

/** What somebody else's error says, fit for a line of a log. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, 300).replace(/[^\x20-\x7e]/g, '\uFFFD');
}
