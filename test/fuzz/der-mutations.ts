import { ANY, Mutation } from './mutations';
import { Random } from './random';

interface Element {
  tag: number;
  /** Of a constructed element, or of one that wraps others, such as the octets of an extension. */
  children?: Element[];
  content: Buffer;
}

/** For DER: elements are changed, and the lengths around them made right again. */
export const DER: readonly Mutation[] = [
  onElement((element, random, others) => {
    element.content = random.pick(ANY)(contentOf(element), random, others).subarray(0, 4_096);
    delete element.children;
  }),
  onElement((element, random) => {
    element.tag = random.pick([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x1e, 0x30, 0x31, 0x80, 0x81, 0x82, 0x86, 0xa0, 0xa3, element.tag ^ 0x20, element.tag | 0x1f]);
  }),
  onElement((element, random) => {
    if (element.children !== undefined && element.children.length > 0) {
      element.children.splice(random.below(element.children.length), 1);
    }
  }),
  onElement((element, random) => {
    if (element.children !== undefined && element.children.length > 0) {
      element.children.splice(random.below(element.children.length), 0, random.pick(element.children));
    }
  }),
  onElement((element, random, others) => {
    const other = read(random.pick(others));
    if (element.children !== undefined && other !== undefined) {
      element.children[random.below(element.children.length || 1)] = random.pick(all(other));
    }
  }),
  onElement((element) => {
    element.children?.reverse();
  }),
  // An object identifier or number with a needless first byte, or whose last byte says that more follows.
  onElement((element, random) => {
    if (element.children === undefined) {
      element.content = Buffer.concat(random.pick([[Buffer.from([0x80]), element.content], [Buffer.from([0]), element.content], [element.content, Buffer.from([0x81])]]));
    }
  }),
  onElement((element, random) => {
    element.content = Buffer.concat(Array.from({ length: 1 + random.below(40) }, () => contentOf(element))).subarray(0, 4_096);
    delete element.children;
  }),
  // Indefinite and needlessly long lengths.
  (bytes, random) => write(read(bytes), random),
  ...ANY,
];

function onElement(change: (element: Element, random: Random, others: readonly Buffer[]) => void): Mutation {
  return (bytes, random, others) => {
    const root = read(bytes);
    if (root === undefined) {
      return random.pick(ANY)(bytes, random, others);
    }
    change(random.pick(all(root)), random, others);
    return write(root);
  };
}

function all(element: Element): Element[] {
  return [element, ...(element.children ?? []).flatMap(all)];
}

function contentOf({ children, content }: Element): Buffer {
  return children === undefined ? content : Buffer.concat(children.map((child) => write(child)));
}

/** The element that these bytes are, if they are one. */
function read(bytes: Buffer): Element | undefined {
  const [only, ...more] = elements(bytes) ?? [];
  return more.length === 0 ? only : undefined;
}

function elements(bytes: Buffer, depth = 0): Element[] | undefined {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, first = 0x80] = bytes.subarray(at, at + 2);
    const more = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || more > 3 || at + 2 + more > bytes.length || depth > 20) {
      return undefined;
    }
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
    const start = at + 2 + more;
    if (start + length > bytes.length) {
      return undefined;
    }
    const content = bytes.subarray(start, start + length);
    const wraps = (tag & 0x20) !== 0 || tag === 0x04;
    const children = wraps && content.length > 1 ? elements(content, depth + 1) : undefined;
    found.push({ tag, content, ...(children === undefined ? {} : { children }) });
    at = start + length;
  }
  return found;
}

function write(element: Element | undefined, oddly?: Random): Buffer {
  if (element === undefined) {
    return Buffer.from([0x30, 0x80, 0, 0]);
  }
  const content = element.children === undefined ? element.content : Buffer.concat(element.children.map((child) => write(child, oddly)));
  const { length } = content;
  if (oddly?.below(20) === 0) {
    return oddly.below(2) === 0 ? Buffer.concat([Buffer.from([element.tag, 0x80]), content, Buffer.alloc(2)])
      : Buffer.concat([Buffer.from([element.tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]), content]);
  }
  return Buffer.concat([Buffer.from([element.tag, ...sizeOf(length)]), content]);
}

function sizeOf(length: number): number[] {
  if (length < 0x80) {
    return [length];
  }
  return length < 0x100 ? [0x81, length] : length < 0x10000 ? [0x82, length >> 8, length & 0xff] : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
}
