import { isMap, isScalar, isSeq, Node, Scalar } from 'yaml';
import { Finding } from '../../refusals';

/** The rule about the text of a file, beside those about what it says. */
export const AMBIGUOUS_YAML = {
  code: 'AMBIGUOUS_YAML',
  title: 'YAML that is read in more than one way',
  why: 'What kubectl applies is YAML 1.1, with merge keys, octal numbers and yes for true; many others, such as this command and most editors, read YAML 1.2. What was reviewed is then not what is applied.',
  remedy: 'Write the value out: decimal numbers, true or false, quotes around texts, no merge keys, no tags.',
};

/** What stands in the YAML of one object that readers of YAML 1.1 and 1.2 read differently. */
export function ambiguitiesIn(node: unknown, object: string): Finding[] {
  const { code, remedy } = AMBIGUOUS_YAML;
  return [...walk(node, '')].map(({ path, message }) => ({ code, object, path, message, remedy }));
}

interface Ambiguity {
  readonly path: string;
  readonly message: string;
}

function* walk(node: unknown, path: string): Generator<Ambiguity> {
  if (isMap(node)) {
    yield* tagOf(node, path);
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.source ?? key.value) : '?';
      const below = path === '' ? name : `${path}.${name}`;
      if (name === '<<') {
        yield { path: below, message: 'A merge key adds fields for some readers and is a field of its own for others.' };
      }
      yield* walk(key, below);
      yield* walk(value, below);
    }
  } else if (isSeq(node)) {
    yield* tagOf(node, path);
    for (const [index, item] of node.items.entries()) {
      yield* walk(item, `${path}[${index}]`);
    }
  } else if (isScalar(node)) {
    yield* tagOf(node, path);
    const text = node.source ?? '';
    const meaning = node.type === Scalar.PLAIN ? READINGS.find(([form]) => form.test(text))?.[1] : undefined;
    if (meaning !== undefined) {
      yield { path, message: `${text} is ${meaning} for some readers.` };
    }
  }
}

function* tagOf({ tag }: Node, path: string): Generator<Ambiguity> {
  if (tag !== undefined) {
    yield { path, message: `What the tag ${tag} makes of it depends on the reader.` };
  }
}

/** Plain scalars on which the versions differ; dates do not belong here, since kubectl keeps their text as well. */
const READINGS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(?:y|yes|n|no|on|off)$/i, 'a truth value'],
  [/^[-+]?0[0-9_]+$/, 'an octal number'],
  [/^[-+]?0[bo][0-9_]+$/, 'a binary or octal number'],
  [/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/, 'a number to the base of 60'],
  [/^[-+]?(?=[0-9.][0-9a-fA-F_.xX]*_)(?:0[xX][0-9a-fA-F_]+|[0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/, 'a number with underscores'],
];
