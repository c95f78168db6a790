import { isPlainObject } from '../policy/canonical-json';
import { element, member, Problem } from '../policy/problem';
import { oddCharacter, spelledOut } from './yaml-text';

/**
 * What kubectl would read otherwise than it was meant, once a value of plain JSON is written as YAML: serializers leave such keys and texts bare.
 *
 * Whoever chooses such a text, for an annotation or in an object of their own, chooses the lines of the file behind it.
 */
export function misreadIn(value: unknown, path = ''): Problem[] {
  if (typeof value === 'string') {
    const message = misreadText(value);
    return message === undefined ? [] : [{ path, message }];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => misreadIn(item, element(path, index)));
  }
  return !isPlainObject(value) ? [] : Object.entries(value).flatMap(([key, item]) => {
    const at = spelledOut(member(path, key));
    const message = misreadKey(key);
    return [...message === undefined ? [] : [{ path: at, message }], ...misreadIn(item, at)];
  });
}

function misreadKey(key: string): string | undefined {
  // kubectl merges also over what stands beside it, such as the kind.
  return key === '<<' ? 'has a key that kubectl takes for a merge key, whose fields replace those beside it' : misreadText(key);
}

function misreadText(text: string): string | undefined {
  const character = oddCharacter(text);
  if (character !== undefined) {
    return `holds ${character}, which kubectl reads as the end of a line, or not at all`;
  }
  return /^[-+]?0o[0-7_]+$/.test(text) ? `is ${JSON.stringify(text)}, which kubectl reads as a number` : undefined;
}
