import { isMap, isScalar, isSeq, Node } from 'yaml';
import { Manifest } from './read-manifests';

/** The line of a field, for example of `spec.images[0]`; of what is not there, that of the nearest part around it. */
export function fieldLine({ node, line, lineOf }: Manifest, path: string): number {
  let at: unknown = node;
  let found: Node | undefined;
  for (const [, name, index, quoted] of path.matchAll(/([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)) {
    if (isSeq(at) && index !== undefined) {
      at = at.items[Number(index)];
      found = at === undefined ? found : at as Node;
    } else if (isMap(at)) {
      const key = quoted === undefined ? name : JSON.parse(quoted) as string;
      const pair = at.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      at = pair?.value;
      found = pair === undefined ? found : pair.key as Node;
    } else {
      at = undefined;
    }
  }
  return found === undefined ? line : lineOf(found);
}
