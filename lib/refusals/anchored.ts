import { show } from './show';

/** Why an expression that is not anchored is too wide. */
export function whyUnanchored(expression: unknown): string {
  return `${show(expression)} is met by any text that contains what it means: it needs ^ and $, no bare ".*", and its dots escaped.`;
}

/** Whether a regular expression holds from the first to the last character, without alternatives beside each other and without a dot for any character. */
export function isAnchored(expression: unknown): boolean {
  if (typeof expression !== 'string' || !/^\^.+\$$/s.test(expression)) {
    return false;
  }
  const plain = expression.slice(1, -1).replace(/\\./g, '').replace(/\[[^\]]*\]/g, '').replace(/\((?:[^()]*)\)/g, '');
  return !/[.|]/.test(plain);
}
