import { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { unreadable } from '../../policy/unreadable';
import { PolicyFolder } from '../../verifier/policies/load';
import { Unjudged } from './unjudged';

/** What `kubectl apply` takes from a folder. */
const EXTENSIONS = new Set(['.json', '.yaml', '.yml']);

/** Programs in the languages of the constructs. */
const PROGRAMS = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.py', '.java', '.go']);

/**
 * The files that an argument stands for: itself, or, where it is a folder, everything with the extension of a manifest in it and below, sorted.
 *
 * Folders that are links are not entered, as by `kubectl apply --recursive`.
 *
 * @param argument - `-` is standard input
 * @throws Unjudged for a folder that cannot be read or holds no manifest, and for a program
 */
export async function findFiles(argument: string): Promise<string[]> {
  const found = argument === '-' ? undefined : await statOf(argument);
  if (found?.isDirectory() !== true) {
    if (found !== undefined && PROGRAMS.has(extname(argument))) {
      throw new Unjudged(argument, 'is a program, and what is read here is what it writes: run it first, as `npx tsx main.ts` or `cdk8s synth` does, and name the folder that it wrote, such as dist');
    }
    return [argument];
  }
  const files = (await filesBelow(argument)).filter(isManifestFile);
  if (files.length === 0) {
    throw new Unjudged(argument, `holds no ${[...EXTENSIONS].map((extension) => `*${extension}`).join(', ')}; name the folder that the synthesis wrote`);
  }
  return files.sort();
}

/** What a folder holds beside the files that it stands for, sorted; nothing of any other argument. @throws Unjudged as above */
export async function otherFiles(argument: string): Promise<string[]> {
  return argument !== '-' && (await statOf(argument))?.isDirectory() === true ? (await filesBelow(argument)).filter((file) => !isManifestFile(file)).sort() : [];
}

/** What an argument that names policies stands for: a file, or what a folder holds. @throws Unjudged as above, and for standard input */
export async function filesOf(argument: string): Promise<string | PolicyFolder> {
  if (argument === '-') {
    throw new Unjudged(argument, 'is not read for --policy; name a file or folder, or ./- for a file of that name');
  }
  const files = await findFiles(argument);
  return files.length === 1 && files[0] === argument ? argument : { folder: argument, files };
}

/** `undefined` for what is not there: reading it says so. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

function isManifestFile(file: string): boolean {
  return EXTENSIONS.has(extname(file));
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    return names.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  } catch (error) {
    throw new Unjudged(folder, `cannot be read (${unreadable(error)})`);
  }
}
