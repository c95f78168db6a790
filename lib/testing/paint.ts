/** How a message sets apart what was expected from what was found. */
export interface Paint {
  readonly expected: (text: string) => string;
  readonly found: (text: string) => string;
}

/** Without colour, for what is no terminal's to decide. */
export const PLAIN: Paint = { expected: (text) => text, found: (text) => text };
