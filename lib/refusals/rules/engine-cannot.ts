import { cannotExpress, ENGINES, Inexpressible, isEngine } from '../capabilities';
import { Rule } from '../rule';

export const engineCannot: Rule = {
  code: 'ENGINE_CANNOT',
  title: 'An engine would have to leave a requirement out',
  why: 'The same documents mean the same to every engine. What one cannot express it would drop in silence, and images would run that the documents refuse.',
  remedy: 'Choose an engine that can, as docs/engines.md lists them, or leave the requirement out.',
  check: ({ documents }) => documents.flatMap(({ object, document, engine }) => (isEngine(engine) ? cannotExpress(engine, document) : [])
    .map((found) => ({ object, path: found.path, message: describeInexpressible(found) }))),
};

/** One sentence or two: what cannot be expressed, and by whom it can. */
export function describeInexpressible({ message, engines }: Inexpressible): string {
  const able = engines.map((engine) => ENGINES[engine].construct);
  return `${message}. ${able.length === 0 ? 'No engine can.' : `${able.join(', ')} can.`}`;
}
