import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Cache, hasHash } from './cache';
import { ImageError } from './error';
import { Lock, LockedPackage } from './lock';

const VARIABLE = 'PROOFGATE_DEBIAN_MIRROR';
const REFRESH = "Run 'npm run image -- --refresh'";

/** Gets locked packages from the Debian mirrors that this machine is configured with. */
export class DebianMirror {
  private roots: readonly string[] | undefined;

  constructor(private readonly suite: string, private readonly cache: Cache) {}

  /** The bytes of a package, which have the locked hash. @throws ImageError that says what to do */
  async get(locked: LockedPackage): Promise<Buffer> {
    const cached = this.cache.tryGet(`sha256:${locked.sha256}`);
    if (cached !== undefined) {
      return cached;
    }
    this.roots ??= mirrorsOf(this.suite);
    for (const root of this.roots) {
      const response = await answerOf(new URL(locked.path, root));
      if (response.status === 200) {
        return this.accept(locked, root, Buffer.from(await response.arrayBuffer()));
      }
      if (response.status !== 404) {
        throw new ImageError(`${root} answers HTTP ${response.status} for ${locked.path}; try again, or name another mirror in the environment variable ${VARIABLE}`);
      }
    }
    throw new ImageError(
      `the locked Debian package ${locked.name} ${locked.version} is gone from the archive: ${this.roots.join(' and ')} no longer have ${locked.path}. `
      + `${REFRESH}, which locks the versions of today, and commit what it changes. To rebuild this very version, name an archive that keeps all of them in ${VARIABLE}.`,
    );
  }

  private accept(locked: LockedPackage, root: string, content: Buffer): Buffer {
    const hash = `sha256:${locked.sha256}`;
    if (!hasHash(content, hash)) {
      throw new ImageError(`${locked.path} of ${root} is not the locked package: it has ${content.length} bytes with another hash than ${hash}. `
        + `Something on the way changes it; name another mirror in the environment variable ${VARIABLE}.`);
    }
    this.cache.put(hash, content);
    return content;
  }
}

/** Where to look for the packages of a suite, in order: what the environment says, or else what apt is configured with. @throws ImageError when neither says anything */
export function mirrorsOf(suite: Lock['suite']): readonly string[] {
  const named = (process.env[VARIABLE] ?? '').split(/\s+/).filter((root) => root !== '').map(asFolder);
  const roots = named.length > 0 ? named : isDebian() ? aptMirrors(suite) : [];
  if (roots.length === 0) {
    throw new ImageError(
      `no Debian mirror is known: ${isDebian() ? `apt is configured with none for ${suite}` : 'this machine is not Debian, so there is no configuration of apt to read one from'}. `
      + `Name the roots of mirrors, those with the folder pool/, in the environment variable ${VARIABLE}, separated by spaces: the main archive and the one of security updates.`,
    );
  }
  return roots;
}

export function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** What `apt-get update` would read, which apt says also when it never did. */
function aptMirrors(suite: string): string[] {
  const lines = execFileSync('apt-get', ['update', '--print-uris'], { encoding: 'utf8' }).split('\n');
  const found = lines.map((line) => /^'(https?:\/\/.+\/)dists\/([^/]+)\/(?:In)?Release/.exec(line)).filter((match) => match?.[2]?.split('-')[0] === suite);
  return [...new Set(found.map((match) => match?.[1] ?? ''))];
}

function asFolder(root: string): string {
  return root.endsWith('/') ? root : `${root}/`;
}

async function answerOf(url: URL): Promise<Response> {
  try {
    return await fetch(url);
  } catch (error) {
    throw new ImageError(`${url.origin} cannot be reached for a locked Debian package (${String(error instanceof Error ? error.cause ?? error : error)}); `
      + `name another mirror in the environment variable ${VARIABLE}`, { cause: error });
  }
}
