/** Letters from which on the beginning of a name is taken for it. */
const SHORTEST_BEGINNING = 3;

/** What earlier versions of this package called it. */
const FORMER: { readonly [name: string]: string } = { verifier: 'engine' };

/**
 * The one of some names that a misspelt one most likely stands for: the shortest that it is the beginning of, or the one that is at most two
 * letters away; `undefined` when there is none. A name that was renamed stands for its new one.
 */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const former = Object.hasOwn(FORMER, text) ? FORMER[text] : undefined;
  if (former !== undefined && names.includes(former)) {
    return former;
  }
  const [whole] = text.length < SHORTEST_BEGINNING ? [] : names
    .filter((name) => name.toLowerCase().startsWith(text.toLowerCase()))
    .sort((a, b) => a.length - b.length);
  return whole ?? closest(text, names);
}

function closest(text: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: editDistance(text.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** Levenshtein's distance; beyond any that counts where the lengths alone say so. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) {
    return Number.POSITIVE_INFINITY;
  }
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, right] of Array.from(b).entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (left === right ? 0 : 1)));
    }
    row = next;
  }
  return row[row.length - 1] ?? 0;
}
