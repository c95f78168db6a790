import { posix } from 'node:path';
import { readElf } from './elf';
import { Entries, Entry } from './entry';
import { ImageError } from './error';

/** Where Debian's loaders look, of what packages hold. */
const LIBRARY_FOLDERS = /^(usr\/)?lib\/[^/]+-linux-gnu$/;

/**
 * What a program needs in order to be loaded, out of all files there are: its loader, its libraries and theirs, with the symbolic links on the way.
 *
 * @throws ImageError naming what is missing
 */
export function linkedFiles(program: Buffer, all: Entries): Entries {
  const found = new Map<string, Entry>();
  const libraries = new Map([...all.keys()].filter((path) => LIBRARY_FOLDERS.test(posix.dirname(path))).map((path) => [posix.basename(path), path]));

  const add = (path: string | undefined, name: string, whose: string): void => {
    const entry = path === undefined ? undefined : all.get(path);
    if (path === undefined || entry === undefined) {
      throw new ImageError(`${whose} needs ${name}, which is in none of the Debian packages; add the package that holds it in image/packages.ts`);
    }
    if (found.has(path)) {
      return;
    }
    found.set(path, entry);
    if (entry.type === 'link') {
      const target = entry.target.startsWith('/') ? entry.target.slice(1) : posix.join(posix.dirname(path), entry.target);
      add(target, target, path);
    } else {
      needs(entry.content, path);
    }
  };
  const needs = (elf: Buffer, whose: string): void => {
    const { interpreter, needed } = readElf(elf);
    if (interpreter !== undefined) {
      add(interpreter.slice(1), interpreter, whose);
    }
    needed.forEach((name) => add(libraries.get(name), name, whose));
  };

  needs(program, 'the program');
  return found;
}
