/** Milliseconds that a page is good for. */
const FRESH = 250;

/**
 * One page for all who ask for it within a moment: it takes longer to make than to ask for, and anybody may ask.
 *
 * A page that failed is made anew for the next one who asks.
 */
export function sharedPage(make: () => Promise<string>): () => Promise<string> {
  let page: { readonly text: Promise<string>; readonly since: number } | undefined;
  return () => {
    const now = performance.now();
    if (page === undefined || now - page.since >= FRESH) {
      const made = { text: make(), since: now };
      made.text.catch(() => (page = page === made ? undefined : page));
      page = made;
    }
    return page.text;
  };
}
