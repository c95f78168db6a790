import { readFile as readFileInTime } from 'node:fs';
import { promisify } from 'node:util';
import { unreadable } from '../policy/unreadable';

/** As that of `node:fs/promises`, which takes a start some five milliseconds to load for all that it has beside. */
export const readFile = promisify(readFileInTime);

/** What to do about a file that cannot be read. */
export const NAME_ANOTHER = 'name a file that is there and readable';

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
    throw new Error(`${what}: ${file} cannot be read (${unreadable(error)}); ${NAME_ANOTHER}`, { cause: error });
  }
}
