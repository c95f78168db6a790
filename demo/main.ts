import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { processTerminal } from '../lib/cli/terminal';
import { play, Result } from './play';
import { scenesOf, sceneWithoutVerifier } from './scenes';
import { Stage } from './stage';
import { asTable } from './table';

const terminal = processTerminal(process.argv[1]!);

/*
 * The main job in a few seconds, on this machine alone: npm run demo [-- --output json]
 *
 * Exit code 0 when every verdict is the expected one, 1 when one is not, 2 when the demo could not be run.
 */
async function main(args: string[]): Promise<number> {
  const output = readOutput(args);
  if (output === undefined) {
    process.stderr.write('usage: npm run demo [-- --output (text | json)]\n');
    return 2;
  }
  const stage = await Stage.build((step) => terminal.progress(step));
  try {
    const results: Result[] = [];
    for (const scene of scenesOf(stage.images)) {
      terminal.progress(scene.title);
      results.push(await play(scene, stage.cluster));
    }
    terminal.progress('stopping the verifier');
    await stage.stopVerifier();
    results.push(await play(sceneWithoutVerifier(stage.images), stage.cluster));
    terminal.progress('');
    const asExpected = results.every((result) => result.asExpected);
    process.stdout.write(output === 'json' ? `${JSON.stringify({ asExpected, results }, undefined, 2)}\n` : story(results));
    return asExpected ? 0 : 1;
  } finally {
    terminal.progress('');
    await stage.close();
  }
}

/** `undefined` when something else is asked for than there is. */
function readOutput(args: string[]): 'text' | 'json' | undefined {
  try {
    const { values: { output } } = parseArgs({ args, options: { output: { type: 'string', default: 'text' } } });
    return output === 'text' || output === 'json' ? output : undefined;
  } catch {
    // An option that is not known, or lacks its value.
    return undefined;
  }
}

function story(results: readonly Result[]): string {
  const paint = pc.createColors(terminal.colour);
  const unexpected = results.filter(({ asExpected }) => !asExpected);
  const [shown] = unexpected.length > 0 ? unexpected : results.filter(({ reasons }) => reasons.includes('WRONG_IDENTITY'));
  return [
    paint.bold('Workloads on their way into the cluster, and what examples/private-sigstore makes of their images:'), '',
    asTable(results, terminal.colour), '',
    paint.bold(`What the user reads${shown === undefined ? '' : ` when the image is ${shown.title}`}:`), '',
    ...(shown?.message ?? '').split('\n').map((line) => `  ${line}`), '',
    unexpected.length === 0
      ? `All ${results.length} verdicts are the expected ones.`
      : `${unexpected.length} of ${results.length} verdicts are not the expected ones.`,
    '',
  ].join('\n');
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, (error: unknown) => {
  process.stderr.write(`the demo could not be run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
