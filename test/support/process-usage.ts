import { existsSync, readFileSync } from 'node:fs';

/** Seconds of processor time that a process has used; `undefined` where the system does not say. */
export function cpuSeconds(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) {
    return undefined;
  }
  // After the name, which may hold anything and ends with the last parenthesis: fields 14 and 15, in ticks of 10 ms (proc(5)).
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Mebibytes of memory that it holds now. */
export function residentMemory(pid: number): number | undefined {
  return memory(pid, 'VmRSS');
}

/** Mebibytes of memory that it has held at most. */
export function peakMemory(pid: number): number | undefined {
  return memory(pid, 'VmHWM');
}

function memory(pid: number, field: 'VmRSS' | 'VmHWM'): number | undefined {
  const file = `/proc/${pid}/status`;
  const [, kibibytes] = existsSync(file) ? new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8')) ?? [] : [];
  return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 1024);
}
