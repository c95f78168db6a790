import { ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Entries } from '../../image/entry';
import { Configuration } from './layout';

/** Writes the files of an image where a program can have them as its root. */
export function unpack(files: Entries, root: string): void {
  mkdirSync(root, { recursive: true });
  chmodSync(root, 0o755);
  for (const [path, entry] of files) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    if (entry.type === 'link') {
      symlinkSync(entry.target, target);
    } else {
      writeFileSync(target, entry.content, { mode: entry.executable ? 0o755 : 0o644 });
    }
  }
}

/** Makes the root read-only before anything of it runs. */
const READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && root=$1 && shift && exec setpriv --no-new-privs';

/** Leaving user 0 leaves its capabilities behind. */
const AS_ROOT = `${READ_ONLY} chroot --userspec=65532:65532 --groups= "$root" "$@"`;

/** Whoever may not become another user does so in a user namespace, where the number stands for them. */
const AS_ANYBODY = `${READ_ONLY} unshare --user --map-user=65532 --map-group=65532 --root="$root" --wd=/ "$@"`;

/** A process in the root file system of an image, as a container runtime starts it under the restricted Pod security level; no network of its own. */
export class Container {
  readonly child: ChildProcess;
  readonly end: Promise<number | null>;
  output = '';

  constructor(root: string, { config }: Configuration, args: readonly string[], entrypoint: readonly string[] = config.Entrypoint) {
    const isRoot = process.getuid?.() === 0;
    const namespaces = isRoot ? ['--mount'] : ['--mount', '--user', '--map-root-user'];
    // The tools that make the container are looked up on the machine's PATH; nothing in the image looks anything up.
    const env: { [name: string]: string } = {};
    for (const variable of config.Env) {
      const [name = '', value = ''] = variable.split(/=(.*)/s);
      env[name] = value;
    }
    this.child = spawn('unshare', [...namespaces, '--', '/bin/sh', '-c', isRoot ? AS_ROOT : AS_ANYBODY, 'sh', root, ...entrypoint, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.end = new Promise((resolve) => this.child.once('close', resolve));
  }
}
