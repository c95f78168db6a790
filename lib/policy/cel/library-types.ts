/** What is used of the CEL library; the rest of it is out of reach. */
export interface CelLibrary {
  readonly Environment: new (options: { readonly limits: { readonly maxAstNodes: number; readonly maxDepth: number } }) => CelEnvironment;
}

export interface CelEnvironment {
  registerVariable(name: string, type: 'dyn'): CelEnvironment;
  registerFunction(signature: string, handler: (this: CelEvaluator) => unknown, options: { readonly async: false }): CelEnvironment;
  parse(expression: string): ParsedCel;
}

export interface ParsedCel {
  (context: { readonly predicate: unknown }): unknown;
  readonly ast: CelNode;
  check(): { readonly valid: boolean; readonly type?: string; readonly error?: unknown };
}

/** Evaluates one node of an expression after another, each through `run`. */
export interface CelEvaluator {
  run(node: CelNode, context: unknown): unknown;
}

export interface CelNode {
  readonly op: string;
  readonly args: unknown;
  /** First character of it in the expression, from 0. */
  readonly pos: number;
  evaluate(evaluator: CelEvaluator, node: CelNode, context: unknown): unknown;
}
