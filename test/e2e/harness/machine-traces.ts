import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a kubelet writes for the whole machine, whatever namespaces it runs in. */
const SYSCTLS = ['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops', 'kernel/keys/root_maxkeys', 'kernel/keys/root_maxbytes'];

const CGROUPS = '/sys/fs/cgroup';

/** The cgroup below which a node puts what it runs, as a path from the root of each hierarchy. */
export function cgroupOf(sandboxFolder: string): string {
  return `/${basename(sandboxFolder)}`;
}

/** Makes a cgroup of its own for a node, and remembers the machine's settings. @returns removes that cgroup and writes the settings back */
export function claimMachine(sandboxFolder: string): () => Promise<void> {
  const settings = SYSCTLS.map((name) => join('/proc/sys', name)).filter(existsSync).map((file) => [file, readFileSync(file, 'utf8')] as const);
  const folders = hierarchies().map((hierarchy) => join(hierarchy, cgroupOf(sandboxFolder)));
  for (const folder of folders) {
    mkdirSync(folder);
    inheritProcessors(folder);
  }
  return async () => {
    for (const folder of folders) {
      await removeCgroup(folder);
    }
    settings.filter(([file, value]) => readFileSync(file, 'utf8') !== value).forEach(([file, value]) => writeFileSync(file, value));
  };
}

/** Process ids in a node's cgroup and all below it. */
export function processesOf(sandboxFolder: string): number[] {
  const [hierarchy = ''] = hierarchies();
  const within = (folder: string): number[] => [
    ...readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter((line) => line !== '').map(Number),
    ...children(folder).flatMap(within),
  ];
  return within(join(hierarchy, cgroupOf(sandboxFolder)));
}

/** One with cgroup v2, one for each controller with v1, where that of v2 may stand beside them. */
function hierarchies(): string[] {
  return existsSync(join(CGROUPS, 'cgroup.procs')) ? [CGROUPS] : readdirSync(CGROUPS).map((name) => join(CGROUPS, name)).filter((folder) => existsSync(join(folder, 'cgroup.procs')));
}

/** A cpuset of v1 is empty when it is made, and takes no process until it is not. */
function inheritProcessors(folder: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems'].filter((name) => existsSync(join(folder, name)) && existsSync(join(folder, 'tasks')))) {
    writeFileSync(join(folder, file), readFileSync(join(folder, '..', file)));
  }
}

/** The kernel lets go of a cgroup a moment after its last process. */
async function removeCgroup(folder: string, tries = 100): Promise<void> {
  for (const child of children(folder)) {
    await removeCgroup(child, tries);
  }
  try {
    rmdirSync(folder);
  } catch (error) {
    if (tries === 0) {
      throw error;
    }
    await sleep(50);
    await removeCgroup(folder, tries - 1);
  }
}

function children(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name)).filter((path) => statSync(path).isDirectory());
}
