import assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Programs } from '../e2e/harness/process';
import { Report } from '../e2e/harness/report';
import { Language, LANGUAGES } from './languages';
import { prepareBindings } from './package';

/*
 * The library in the languages that jsii generates bindings for: the same program writes the same bytes in all of them, and what is refused is
 * refused in the same words.
 *
 * Exit code 0: all cases passed; 1: some failed.
 */
async function main(): Promise<number> {
  const report = new Report(new Programs('build/results/languages'));
  console.log('generating bindings');
  prepareBindings();
  const [first, ...others] = LANGUAGES;
  assert.ok(first !== undefined);
  first.prepare();
  const written = filesOf(first.example());
  const refusals = refusalsOf(first.refused());
  await report.case(`${first.name}: the example writes one file, and the attempts are refused by code, all but the sound one`, async () => {
    assert.deepEqual(Object.keys(written), ['enforcement.k8s.yaml']);
    assert.deepEqual(refusals.map((line) => /^\[([A-Z_]+)\] enforcement\//.exec(line)?.[1] ?? line), ['INVALID_INPUT', 'INVALID_INPUT', 'allowed']);
  });
  for (const language of others) {
    console.log(`preparing ${language.name}`);
    const broken = problemOf(language);
    await report.case(`${language.name}: the example writes the same bytes`, async () => {
      assert.equal(broken, undefined);
      assert.deepEqual(filesOf(language.example()), written);
    });
    await report.case(`${language.name}: refused in the same words`, async () => {
      assert.equal(broken, undefined);
      assert.deepEqual(refusalsOf(language.refused()), refusals);
    });
  }
  return report.close('build/results/languages.json') ? 0 : 1;
}

function problemOf(language: Language): string | undefined {
  try {
    language.prepare();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function filesOf(folder: string): { readonly [file: string]: string } {
  return Object.fromEntries(readdirSync(join(folder, 'dist')).map((file) => [file, readFileSync(join(folder, 'dist', file), 'utf8')]));
}

/** Of what is printed the refusals, and what was allowed: some languages put the name of the error before it, its stack below, or say it twice. */
function refusalsOf(printed: string): string[] {
  const said = printed.split('\n').flatMap((line) => /^(?:RefusedError: )?(\[[A-Z_]+\] .*|allowed)$/.exec(line)?.[1] ?? []);
  return said.filter((line, index) => line !== said[index - 1]);
}

main().then((code) => process.exit(code), (error: unknown) => {
  console.error(error);
  process.exit(1);
});
