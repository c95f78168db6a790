import { readFile } from 'node:fs/promises';

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
    throw new Error(`${what}: ${file} cannot be read (${error instanceof Error ? error.message : String(error)}); name a file that is there and readable`, { cause: error });
  }
}
