import { CelNode } from './library-types';

/** Functions that conditions may call: cheap, of one meaning everywhere, and without a pattern language. */
const METHODS = new Set(['startsWith', 'endsWith', 'contains', 'size', 'all', 'exists', 'exists_one', 'filter', 'map']);
const FUNCTIONS = new Set(['has', 'size']);
const MACROS = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** Operators that look at both operands as a whole. */
const COMPARISONS = new Set(['==', '!=', 'in', '<', '<=', '>', '>=', '+', '-', '*', '/', '%']);
const STRUCTURE = new Set(['.', '[]', 'list', '?:', '||', '&&', '!_', '-_']);

/** Something in an expression that no condition may have. */
export interface ForeignPart {
  /** From 0. */
  readonly position: number;
  readonly what: string;
}

/** What was found on the way through an expression. */
export interface Surveyed {
  /** Nodes whose value is looked at as a whole by the one above. */
  readonly whole: ReadonlySet<CelNode>;
  /** Nodes whose elements are looked at one by one. */
  readonly iterated: ReadonlySet<CelNode>;
  readonly foreign?: ForeignPart;
}

/** Looks at every node of an expression as it was written. */
export function survey(root: CelNode): Surveyed {
  const [whole, iterated] = [new Set<CelNode>(), new Set<CelNode>()];
  const visit = (node: CelNode, names: readonly string[]): ForeignPart | undefined => {
    const foreign = (what: string): ForeignPart => ({ position: node.pos, what });
    const visitAll = (nodes: readonly CelNode[]): ForeignPart | undefined => first(nodes, (inner) => visit(inner, names));
    if (node.op === 'value') {
      return ['string', 'bigint', 'number', 'boolean'].includes(typeof node.args) || node.args === null ? undefined : foreign('a literal of bytes or of an unsigned number');
    }
    if (node.op === 'id') {
      return names.includes(node.args as string) ? undefined : foreign(`the name ${String(node.args)}, which is none; what there is to look at is predicate`);
    }
    if (node.op === '.' || node.op === '[]') {
      const [object, key] = node.args as [CelNode, CelNode | string];
      return visitAll(typeof key === 'string' ? [object] : [object, key]);
    }
    if (node.op === 'call') {
      const [name, args] = node.args as [string, CelNode[]];
      (name === 'size' ? args : []).forEach((arg) => iterated.add(arg));
      return FUNCTIONS.has(name) ? visitAll(args) : foreign(`the function ${name}`);
    }
    if (node.op === 'rcall') {
      const [name, receiver, args] = node.args as [string, CelNode, CelNode[]];
      if (!METHODS.has(name)) {
        return foreign(name === 'matches' ? 'the function matches, whose patterns can take for ever: use startsWith, endsWith or contains' : `the function ${name}`);
      }
      if (!MACROS.has(name)) {
        (name === 'size' ? iterated : whole).add(receiver);
        args.forEach((arg) => whole.add(arg));
        return visitAll([receiver, ...args]);
      }
      iterated.add(receiver);
      const variable = String(args[0]?.args);
      return visit(receiver, names)
        ?? (variable === 'predicate' ? foreign('a second meaning of the name predicate') : first(args.slice(1), (inner) => visit(inner, [...names, variable])));
    }
    if (COMPARISONS.has(node.op)) {
      (node.args as CelNode[]).forEach((operand) => whole.add(operand));
      return visitAll(node.args as CelNode[]);
    }
    return STRUCTURE.has(node.op) ? visitAll(Array.isArray(node.args) ? node.args as CelNode[] : [node.args as CelNode]) : foreign('a map, a message or an optional value');
  };
  const foreign = visit(root, ['predicate']);
  return { whole, iterated, ...(foreign === undefined ? {} : { foreign }) };
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
