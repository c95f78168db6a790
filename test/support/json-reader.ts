/** A second reading of JSON: character by character, as RFC 8259 draws it, with its own idea of what must not be accepted. */
export function readJson(text: string): unknown {
  const reader = new Reader(text);
  const value = reader.value();
  reader.space();
  if (reader.rest !== '') {
    throw new SyntaxError('something follows');
  }
  return value;
}

class Reader {
  constructor(public rest: string) {}

  space(): void {
    this.rest = this.rest.replace(/^[ \t\r\n]+/, '');
  }

  value(): unknown {
    this.space();
    switch (this.rest[0]) {
      case '{': return this.object();
      case '[': return this.array();
      case '"': return this.string();
      default: return this.wordOrNumber();
    }
  }

  private object(): unknown {
    const members = new Map<string, unknown>();
    this.list('{', '}', () => {
      this.space();
      const key = this.string();
      this.space();
      this.take(':');
      if (members.has(key) || key === '__proto__') {
        throw new SyntaxError('a key that must not be here');
      }
      members.set(key, this.value());
    });
    return Object.fromEntries(members);
  }

  private array(): unknown {
    const items: unknown[] = [];
    this.list('[', ']', () => items.push(this.value()));
    return items;
  }

  private list(open: string, close: string, item: () => void): void {
    this.take(open);
    this.space();
    if (this.rest.startsWith(close)) {
      this.take(close);
      return;
    }
    for (;;) {
      item();
      this.space();
      if (this.rest.startsWith(close)) {
        this.take(close);
        return;
      }
      this.take(',');
    }
  }

  private string(): string {
    const [raw] = this.match(/^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/);
    const value = raw.slice(1, -1).replace(/\\(?:u(....)|(.))/g, (_, code: string | undefined, letter: string) => (
      code === undefined ? { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[letter] ?? letter : String.fromCharCode(parseInt(code, 16))
    ));
    if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)) {
      throw new SyntaxError('half a character');
    }
    return value;
  }

  private wordOrNumber(): unknown {
    const [raw] = this.match(/^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9a-zA-Z.+-])/);
    const value = raw === 'true' ? true : raw === 'false' ? false : raw === 'null' ? null : Number(raw);
    if (typeof value === 'number' && (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) > 2 ** 53 - 1))) {
      throw new SyntaxError('a number that is not held exactly');
    }
    return value;
  }

  private match(pattern: RegExp): RegExpExecArray {
    const found = pattern.exec(this.rest);
    if (found === null) {
      throw new SyntaxError('not JSON');
    }
    this.rest = this.rest.slice(found[0].length);
    return found;
  }

  private take(character: string): void {
    if (!this.rest.startsWith(character)) {
      throw new SyntaxError(`no ${character}`);
    }
    this.rest = this.rest.slice(1);
  }
}
