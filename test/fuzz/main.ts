import { fuzz, FuzzFailure } from './fuzz';
import { TARGETS } from './targets';

/*
 * The long run: npm run fuzz [-- NAME...] [-- --seconds N] [-- --seed N]
 *
 * Each parser gets its seconds (60), from a seed that is new every time unless it is given. Exit code 0: every property held; 1: one did not, shown with the
 * seed that makes the same input again; 2: asked for something that does not exist.
 */
function main(args: readonly string[]): number {
  const flags = new Map<string, number>();
  const names: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--seconds' || arg === '--seed') {
      at += 1;
      flags.set(arg, Number(args[at]));
    } else {
      names.push(arg);
    }
  }
  const unknown = names.find((name) => !TARGETS.some((target) => target.name === name));
  if (unknown !== undefined || [...flags.values()].some(Number.isNaN)) {
    process.stderr.write(`usage: npm run fuzz [-- ${TARGETS.map(({ name }) => name).join('|')}...] [--seconds N] [--seed N]\n`);
    return 2;
  }
  const seed = flags.get('--seed') ?? Date.now() % 2 ** 31;
  const time = (flags.get('--seconds') ?? 60) * 1_000;
  process.stdout.write(`seed ${seed}\n`);
  let failed = 0;
  for (const target of TARGETS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    try {
      const { runs, accepted, refused, slowest } = fuzz(target, seed, { runs: Infinity, time });
      process.stdout.write(`${target.name.padEnd(12)} ${runs} inputs from ${target.seeds.length} real ones: ${accepted} read, ${refused} refused; slowest ${slowest.toFixed(1)} ms of processor time\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`${error instanceof FuzzFailure ? error.message : String(error)}\n`);
    }
  }
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`at most ${memory} MiB of memory\n`);
  return failed === 0 && memory < MOST_MEMORY ? 0 : 1;
}

/** MiB of the whole process: the seeds, three readers of certificates, and inputs of at most 256 KiB. */
const MOST_MEMORY = 1_024;

process.exitCode = main(process.argv.slice(2));
