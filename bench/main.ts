import { availableParallelism, cpus } from 'node:os';
import pc from 'picocolors';
import { serveBare } from './bare-server';
import { asText, Section } from './figures';
import { keylessSection } from './keyless';
import { synthesisSection } from './synthesis';
import { webhookSection } from './webhook';

/*
 * The benchmarks: npm run bench [-- NAME...] [-- --output json]
 *
 * Every figure stands next to a floor or a peer of the same run; what counts is the ratio. A target that is not met is said, and changes no exit code:
 * timings depend on the machine and what else it does.
 */
const SECTIONS: { readonly [name: string]: (progress: (text: string) => void) => Section | Promise<Section> } = {
  synthesis: synthesisSection,
  keyless: keylessSection,
  webhook: webhookSection,
};

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === 'bare-server') {
    serveBare(args[1] === 'reading' ? 'reading' : 'bare', args[2] ?? '', args[3] ?? '');
    return 0;
  }
  const json = args.join(' ').endsWith('--output json');
  const names = json ? args.slice(0, -2) : args;
  const unknown = names.find((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown !== undefined) {
    process.stderr.write(`there is no benchmark ${unknown}; there are ${Object.keys(SECTIONS).join(', ')}, and --output json after them\n`);
    return 2;
  }
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`;
  const sections: Section[] = [];
  for (const name of names.length > 0 ? names : Object.keys(SECTIONS)) {
    const section = await SECTIONS[name]?.(progress);
    if (section !== undefined) {
      sections.push(section);
      progress('');
      process.stdout.write(json ? '' : `\n${asText(section)}`);
    }
  }
  process.stdout.write(json ? `${JSON.stringify({ machine, sections }, undefined, 2)}\n` : `  measured on ${machine}\n`);
  return 0;
}

/** One line that is written over, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[2K${text === '' ? '' : pc.dim(`${text} …`)}`);
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, (error: unknown) => {
  process.stderr.write(`the benchmark could not be run: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exitCode = 2;
});
