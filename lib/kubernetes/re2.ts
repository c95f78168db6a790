/**
 * A text as RE2 that matches it alone.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function quoted(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** A pattern over refs as RE2, without anchors; `*` stands for any characters but `/`, alone in its segment for at least one. */
export function refExpression(pattern: string): string {
  return pattern.split('/').map((segment) => (segment === '*' ? '[^/]+' : segment.split('*').map(quoted).join('[^/]*'))).join('/');
}

/** The subjects of a workflow at these patterns of refs as RE2 that is anchored at both ends. */
export function workflowExpression({ workflow, refs }: { readonly workflow: string; readonly refs: readonly string[] }): string {
  return `^${quoted(workflow)}@(?:${refs.map(refExpression).join('|')})$`;
}
