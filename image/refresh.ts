import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDebian, mirrorsOf } from './debian-mirror';
import { ImageError } from './error';
import { Lock, LockedPackage } from './lock';
import { perPlatform, Platform } from './platform';

/** The versions that the archive has today of packages, for all platforms; apt checks the archive's signatures. @throws ImageError on machines without Debian's apt */
export async function currentPackages(suite: Lock['suite'], names: readonly string[]): Promise<Lock['debian']> {
  if (!isDebian()) {
    throw new ImageError('the lock can be renewed on Debian only, where apt knows the archive and the keys that sign it; run this on a Debian machine or in a container of it');
  }
  const roots = mirrorsOf(suite);
  return perPlatform(async (platform) => packagesOf(platform, suite, roots, names));
}

function packagesOf({ architecture }: Platform, suite: string, roots: readonly string[], names: readonly string[]): LockedPackage[] {
  const folder = mkdtempSync(join(tmpdir(), 'proofgate-apt-'));
  try {
    ['lists/partial', 'cache/archives/partial'].forEach((path) => mkdirSync(join(folder, path), { recursive: true }));
    writeFileSync(join(folder, 'status'), '');
    // The machine's sources and keys, but its lists for another platform and as if nothing were installed.
    const options = [
      `APT::Architecture=${architecture}`, `APT::Architectures::=${architecture}`, `APT::Default-Release=/^${suite}/`,
      `Dir::State::Lists=${join(folder, 'lists')}`, `Dir::State::Status=${join(folder, 'status')}`, `Dir::Cache=${join(folder, 'cache')}`, 'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    const apt = (...args: string[]): string => execFileSync('apt-get', [...options, '-qq', ...args], { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    apt('update');
    const lines = apt('download', '--print-uris', ...names).split('\n').filter((line) => line !== '');
    return lines.map((line) => readUri(line, roots)).sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One line of `apt-get download --print-uris`. */
function readUri(line: string, roots: readonly string[]): LockedPackage {
  const [, uri = '', name = '', version = '', size = '', sha256 = ''] = /^'([^']+)' ([^_]+)_([^_]+)_[^_]+\.deb (\d+) SHA256:([0-9a-f]{64})$/.exec(line) ?? [];
  const root = roots.find((one) => uri.startsWith(one));
  if (root === undefined) {
    throw new ImageError(`apt would take a package from elsewhere than ${roots.join(' and ')}: ${line}`);
  }
  return { name, version: decodeURIComponent(version), path: uri.slice(root.length), size: Number(size), sha256 };
}
