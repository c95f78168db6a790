import { availableParallelism, cpus, loadavg } from 'node:os';
import pc from 'picocolors';
import { prepareBinaries } from '../test/e2e/harness/binaries';
import { CannotRun } from '../test/e2e/harness/failure';
import { runInSandbox, Sandbox } from '../test/e2e/harness/sandbox';
import { writePart } from '../test/support/written-part';
import { apiServerSection } from './api-server';
import { serveBare } from './bare-server';
import { runErrand } from './bystander';
import { evidenceSection } from './evidence';
import { asPage, asText, Section } from './figures';
import { keylessSection } from './keyless';
import { startSection } from './start';
import { synthesisSection } from './synthesis';
import { webhookSection } from './webhook';

/*
 * The benchmarks: npm run bench [-- NAME...] [-- --output json | --write FILE]
 *
 * Every figure stands next to a floor or a peer of the same run; what counts is the ratio. A target that is not met is said, and changes no exit code:
 * timings depend on the machine and what else it does. `api-server` runs only where it is named, since it builds and starts a real one, in a network of
 * its own; `--write docs/performance.md` runs everything and writes the figures into the page.
 */
type Run = (progress: (text: string) => void) => Section | Promise<Section>;

const SECTIONS: { readonly [name: string]: Run } = {
  synthesis: synthesisSection, start: startSection, keyless: keylessSection, webhook: webhookSection, evidence: evidenceSection,
};
const IN_CLUSTER = 'api-server';

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === 'bare-server') {
    const [, peer, certificate = '', key = '', listen = ''] = args;
    serveBare(peer === 'reading' ? 'reading' : 'bare', certificate, key, listen);
    return 0;
  }
  if (args[0] === 'bystander') {
    await runErrand(args[1] ?? '');
    return 0;
  }
  const flag = args.findIndex((arg) => arg.startsWith('--'));
  const [named, [option, value]] = flag < 0 ? [args, []] : [args.slice(0, flag), args.slice(flag)];
  const isKnown = option === undefined || (option === '--output' && value === 'json') || (option === '--write' && value !== undefined && named.length === 0);
  const unknown = named.find((name) => name !== IN_CLUSTER && !Object.hasOwn(SECTIONS, name));
  if (!isKnown || unknown !== undefined) {
    const names = [...Object.keys(SECTIONS), IN_CLUSTER].join(', ');
    process.stderr.write(`${unknown === undefined ? '' : `there is no benchmark ${unknown}\n`}usage: npm run bench [-- NAME...] [--output json], or npm run bench -- --write FILE; names: ${names}\n`);
    return 2;
  }
  const names = named.length > 0 ? named : [...Object.keys(SECTIONS), ...option === '--write' ? [IN_CLUSTER] : []];
  const sandbox = Sandbox.enter();
  if (sandbox === undefined && names.includes(IN_CLUSTER)) {
    // All of it again where a cluster can be: an own network, which ends with this process.
    return runInSandbox(await prepareBinaries(process.cwd()));
  }
  const circumstances = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'} before the run`;
  const sections: Section[] = [];
  for (const name of names) {
    const section = await measured(name, sandbox !== undefined && name === IN_CLUSTER ? (tell) => apiServerSection(sandbox, tell) : SECTIONS[name]);
    sections.push(section);
    progress('');
    process.stdout.write(option === '--output' ? '' : `\n${asText(section)}`);
  }
  if (option === '--write') {
    writePart(value ?? '', 'npm run bench -- --write', asPage(sections, `Seen on ${new Date().toISOString().slice(0, 10)}, ${circumstances}.`));
  }
  process.stdout.write(option === '--output' ? `${JSON.stringify({ machine: circumstances, sections }, undefined, 2)}\n` : `  measured on ${circumstances}\n`);
  return 0;
}

/** One that could not be measured, on a machine that is too busy, takes no other with it. */
async function measured(name: string, run: Run | undefined): Promise<Section> {
  try {
    if (run === undefined) {
      throw new Error('there is no place for it here');
    }
    return await run(progress);
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { title: name, method: 'not measured', figures: [{ name, value: why, target: { text: 'to be measured', met: false } }] };
  }
}

/** One line that is written over, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[2K${text === '' ? '' : pc.dim(`${text} …`)}`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(130));
}
main(process.argv.slice(2)).then((code) => {
  // What a process of its own serves or writes goes on, or out, before it ends.
  process.exitCode = code;
  if (!['bare-server', 'bystander'].includes(process.argv[2] ?? '')) {
    process.exit();
  }
}, (error: unknown) => {
  process.stderr.write(`the benchmark could not be run: ${error instanceof CannotRun ? error.message : error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exit(2);
});
