import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleInMemory, OF_THE_IMAGE } from '../scripts/bundles.mjs';
import { Entries, textFile } from './entry';
import { ImageError } from './error';
import { LockedNpmPackage, readNpmLock } from './lock';

/** The verifier as a file for its process, one for its threads and one that makes certificates, and whose work they are. */
export interface Application {
  readonly entries: Entries;
  /** Packages of npm whose code is in it, sorted by name. */
  readonly packages: readonly BundledPackage[];
}

export interface BundledPackage extends LockedNpmPackage {
  /** As its package.json says. */
  readonly license: string;
}

/** The constant that names the image: part of the image, it could never be right. */
const NAMES_THE_IMAGE = 'lib/engines/webhook/verifier-image.ts';

/** Bundles the verifier from this source. @throws ImageError for a bundle whose bytes would depend on more than the source */
export async function application(): Promise<Application> {
  const bundles = await Promise.all(OF_THE_IMAGE.map(async (name) => ({ name, ...await bundleInMemory(name) })));
  bundles.forEach(({ code, inputs }) => checkBundle(code, inputs));
  const folders = packageFolders(bundles.flatMap(({ inputs }) => inputs));
  const packages = folders.map(packageIn);
  return {
    packages,
    entries: new Map([
      ...bundles.map(({ name, code }) => [`app/${name}.cjs`, textFile(code)] as const),
      ['usr/share/doc/proofgate/LICENSE', textFile(readFileSync('LICENSE', 'utf8'))],
      ['usr/share/doc/proofgate/third-party', textFile(folders.map((folder, index) => licenceText(folder, packages[index])).join('\n\n'))],
    ]),
  };
}

/** @throws ImageError when the image would have to name itself, or names the machine that built it */
export function checkBundle(code: string, inputs: readonly string[], root: string = process.cwd()): void {
  if (inputs.includes(NAMES_THE_IMAGE)) {
    throw new ImageError(`the verifier's bundle contains ${NAMES_THE_IMAGE}, whose digest depends on the bundle; what lib/cli/verifier-main.ts imports must not reach it`);
  }
  if (code.includes(root)) {
    throw new ImageError(`the verifier's bundle contains the path ${root}, so that another checkout would give another image`);
  }
}

/** Folders of node_modules that files lie in. */
function packageFolders(inputs: readonly string[]): string[] {
  const found = inputs.flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
  return [...new Set(found)].sort();
}

function packageIn(folder: string): BundledPackage {
  const locked = readNpmLock().get(folder);
  const { license, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { license?: string; version: string };
  if (locked === undefined || locked.version !== version) {
    throw new ImageError(`${folder} holds version ${version}, and package-lock.json says ${locked?.version ?? 'nothing of it'}: run 'npm ci' first`);
  }
  return { ...locked, license: license ?? 'NOASSERTION' };
}

function licenceText(folder: string, of: BundledPackage | undefined): string {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort() : [];
  return [`${of?.name} ${of?.version} (${of?.license})`, ...files.map((file) => readFileSync(join(folder, file), 'utf8').trim())].join('\n\n');
}
