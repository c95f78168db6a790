import { readFileSync, writeFileSync } from 'node:fs';
import type { LockedPackage } from '../../../image/lock';
import { currentPackages } from '../../../image/refresh';
import { DEBIAN_SUITE, prepareDebianPackages } from '../harness/debian-packages';
import { EMULATOR, EMULATOR_LOCK } from '../harness/emulator';

const LOCK = 'test/e2e/node/debian.json';

/** What a node takes from Debian, and the libraries of it that a machine may lack. */
const PACKAGES: readonly string[] = [
  // The only program of the images that run.
  'busybox-static',
  'containerd', 'runc', 'libseccomp2',
  'containernetworking-plugins',
  // For what enforces NetworkPolicy.
  'iptables', 'ipset', 'libipset13', 'libip4tc2', 'libip6tc2', 'libnetfilter-conntrack3', 'libnfnetlink0',
  'nftables', 'libnftables1', 'libnftnl11', 'libmnl0', 'libjansson4', 'libgmp10', 'libxtables12', 'libedit2', 'libbsd0', 'libmd0', 'libtinfo6',
];

/** The folder with all of them, unpacked. @throws CannotRun */
export function prepareDebian(): Promise<string> {
  return prepareDebianPackages('node-debian', JSON.parse(readFileSync(LOCK, 'utf8')) as LockedPackage[]);
}

/** Locks the versions that the archive has today, of the emulator as well. @throws ImageError on machines without Debian's apt */
export async function refreshDebian(): Promise<void> {
  const { amd64 } = await currentPackages(DEBIAN_SUITE, [...PACKAGES, EMULATOR]);
  const write = (file: string, locked: readonly LockedPackage[]): void => writeFileSync(file, `${JSON.stringify(locked, null, 2)}\n`);
  write(LOCK, amd64.filter(({ name }) => name !== EMULATOR));
  write(EMULATOR_LOCK, amd64.filter(({ name }) => name === EMULATOR));
}
