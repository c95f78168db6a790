import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');

/** `npm run image`, as a process of its own. @returns what it wrote */
export async function imageCommand(args: readonly string[], env: { readonly [name: string]: string } = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'image/main.ts', ...args], { cwd: ROOT, env: { ...process.env, ...env } });
  return stdout;
}
