import { readFileSync, writeFileSync } from 'node:fs';
import { ImageError } from './error';
import { PerPlatform } from './platform';

/** Everything that goes into the image besides what package-lock.json names, and what it becomes. */
export interface Lock {
  /** Code name of the Debian release. */
  readonly suite: string;
  readonly debian: PerPlatform<readonly LockedPackage[]>;
  readonly layers: PerPlatform<LockedLayers>;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Below the root of a Debian mirror. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** The layers that do not depend on this project's own source. */
export interface LockedLayers {
  readonly system: LayerDescriptor;
  readonly node: LayerDescriptor;
}

/** A layer by what it is when compressed, as registries keep it, and when not, as runtimes unpack it. */
export interface LayerDescriptor {
  readonly digest: string;
  readonly size: number;
  readonly diffId: string;
}

/** A package of npm as package-lock.json names it. */
export interface LockedNpmPackage {
  readonly name: string;
  readonly version: string;
  /** As in Subresource Integrity. */
  readonly integrity: string;
}

const LOCK = 'image/lock.json';
const NPM_LOCK = 'package-lock.json';

export function readLock(): Lock {
  return JSON.parse(readFileSync(LOCK, 'utf8')) as Lock;
}

export function writeLock(lock: Lock): void {
  writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
}

/** By the folder that npm installs them to. */
export function readNpmLock(): ReadonlyMap<string, LockedNpmPackage> {
  const { packages } = JSON.parse(readFileSync(NPM_LOCK, 'utf8')) as { packages: { [folder: string]: { version?: string; integrity?: string } } };
  return new Map(Object.entries(packages).flatMap(([folder, { version, integrity }]) => (
    version === undefined || integrity === undefined ? [] : [[folder, { name: nameOf(folder), version, integrity }]]
  )));
}

/** Node for a platform: the very version that the verifier is tested with. */
export function lockedNode(name: string): LockedNpmPackage {
  const found = readNpmLock().get(`node_modules/${name}`);
  if (found === undefined) {
    throw new ImageError(`${NPM_LOCK} does not name ${name}; tools/node24/package.json has to depend on it, then 'npm install' locks it`);
  }
  return found;
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
