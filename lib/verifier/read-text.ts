import { readFile as readFileInTime } from 'node:fs';
import { promisify } from 'node:util';

/** As that of `node:fs/promises`, which takes a start some five milliseconds to load for all that it has beside. */
export const readFile = promisify(readFileInTime);

/**
 * The text of a file that an option names.
 *
 * @param what - what the file is for, as the message says it
 * @throws Error with file, purpose, cause and what to do
 */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${what}: ${file} cannot be read (${unreadable(error)}); name a file that is there and readable`, { cause: error });
  }
}

/** What the system says about a file, without its name: the message that it goes into has that already. */
export function unreadable(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*')?$/s, '') : String(error);
}
