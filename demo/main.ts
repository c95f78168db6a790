import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { play, Result } from './play';
import { scenesOf, sceneWithoutVerifier } from './scenes';
import { Stage } from './stage';
import { asTable } from './table';

/*
 * The main job in a few seconds, on this machine alone: npm run demo [-- --output json]
 *
 * Exit code 0 when every verdict is the expected one, 1 when one is not, 2 when the demo could not be run.
 */
async function main(args: string[]): Promise<number> {
  const { values: { output } } = parseArgs({ args, options: { output: { type: 'string', default: 'text' } } });
  if (output !== 'text' && output !== 'json') {
    throw new Error(`--output is text or json, not ${JSON.stringify(output)}`);
  }
  const stage = await Stage.build(progress);
  try {
    const results: Result[] = [];
    for (const scene of scenesOf(stage.images)) {
      progress(scene.title);
      results.push(await play(scene, stage.cluster));
    }
    progress('stopping the verifier');
    await stage.stopVerifier();
    results.push(await play(sceneWithoutVerifier(stage.images), stage.cluster));
    progress('');
    const asExpected = results.every((result) => result.asExpected);
    process.stdout.write(output === 'json' ? `${JSON.stringify({ asExpected, results }, undefined, 2)}\n` : story(results));
    return asExpected ? 0 : 1;
  } finally {
    progress('');
    await stage.close();
  }
}

function story(results: readonly Result[]): string {
  const paint = pc.createColors(process.stdout.isTTY);
  const unexpected = results.filter(({ asExpected }) => !asExpected);
  const [shown] = unexpected.length > 0 ? unexpected : results.filter(({ reasons }) => reasons.includes('WRONG_IDENTITY'));
  return [
    paint.bold('Workloads on their way into the cluster, and what examples/private-sigstore makes of their images:'), '',
    asTable(results, process.stdout.isTTY), '',
    paint.bold(`What the user reads${shown === undefined ? '' : ` when the image is ${shown.title}`}:`), '',
    ...(shown?.message ?? '').split('\n').map((line) => `  ${line}`), '',
    unexpected.length === 0
      ? `All ${results.length} verdicts are the expected ones.`
      : `${unexpected.length} of ${results.length} verdicts are not the expected ones.`,
    '',
  ].join('\n');
}

/** One line that is written over, on a terminal only. */
function progress(step: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[2K${step === '' ? '' : pc.dim(`${step} …`)}`);
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, (error: unknown) => {
  process.stderr.write(`the demo could not be run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
