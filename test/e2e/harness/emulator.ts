import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LockedPackage } from '../../../image/lock';
import { prepareDebianPackages } from './debian-packages';

/** Debian's package of QEMU that runs single programs of other architectures and needs no library. */
export const EMULATOR = 'qemu-user-static';

/** Written by `npm run e2e:node -- --refresh`. */
export const EMULATOR_LOCK = 'test/e2e/harness/emulator.json';

const ARM64 = 'usr/bin/qemu-aarch64-static';

/** The program that runs one of arm64 on amd64. @throws CannotRun */
export async function prepareArm64(): Promise<string> {
  const locked = JSON.parse(readFileSync(EMULATOR_LOCK, 'utf8')) as LockedPackage[];
  return join(await prepareDebianPackages('arm64', locked, new RegExp(`^${ARM64}$`)), ARM64);
}
