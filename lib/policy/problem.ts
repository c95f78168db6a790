/** One mistake in a document. */
export interface Problem {
  /** Where, for example `spec.images[0]`; empty for the document as a whole. */
  readonly path: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** A document that must not be used. */
export class DocumentError extends Error {
  readonly code = 'MALFORMED';

  constructor(readonly problems: readonly Problem[]) {
    super(describe(problems));
    this.name = 'DocumentError';
  }
}

function describe(problems: readonly Problem[]): string {
  const lines = problems.map(({ path, message }) => `  ${path === '' ? 'the document' : path}: ${message}`);
  return [`the policy document has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:`, ...lines].join('\n');
}

/** Path of a member: `a.b`, or `a["odd key"]` where a dot would mislead. */
export function member(path: string, key: string): string {
  const step = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key.length > 64 ? `${key.slice(0, 63)}…` : key)}]`;
  return path === '' && step.startsWith('.') ? key : path + step;
}

/** Path of an element: `a[0]`. */
export function element(path: string, index: number): string {
  return `${path}[${index}]`;
}
