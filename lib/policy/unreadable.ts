/**
 * Why a file can be neither read nor written, as the system says it, without its name: the message that it goes into has that already.
 *
 * What is said in the terms of system calls alone is put into words.
 */
export function unreadable(error: unknown): string {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  const words = typeof code === 'string' ? WORDS.get(code) : undefined;
  return words !== undefined ? `${String(code)}: ${words}` : typeof message === 'string' ? message.replace(/, \w+( '.*')?$/s, '') : String(error);
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'the user that this runs as has no right to it'],
  ['EPERM', 'the user that this runs as has no right to it'],
  ['EISDIR', 'it is a folder, and a file is wanted'],
  // Of what is written, only a folder is made first.
  ['EEXIST', 'it is a file, and a folder is wanted'],
  ['ENOTDIR', 'a part of the path is a file, and no folder'],
]);
