import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** A control group that bounds the memory of what is started under it. */
export interface MemoryGroup {
  /** What to start a process under. */
  readonly under: readonly string[];
  /** How many processes the kernel has ended in it for want of memory. */
  kills(): number;
  remove(): void;
}

/** @returns nothing where this user may make no such group */
export function memoryGroup(mebibytes: number): MemoryGroup | undefined {
  const isFirst = existsSync(join(ROOT, 'memory'));
  const folder = join(ROOT, ...(isFirst ? ['memory'] : []), `proofgate-faults-${process.pid}-${mebibytes}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, isFirst ? 'memory.limit_in_bytes' : 'memory.max'), String(mebibytes * 1024 * 1024));
  } catch {
    return undefined;
  }
  return {
    under: ['sh', '-c', `echo $$ > ${folder}/cgroup.procs && exec "$@"`, 'sh'],
    kills: () => Number(/oom_kill (\d+)/.exec(readFileSync(join(folder, isFirst ? 'memory.oom_control' : 'memory.events'), 'utf8'))?.[1] ?? 0),
    remove: () => rmdirSync(folder),
  };
}
