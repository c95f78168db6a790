import { Command, Option } from 'commander';
import { EXIT, ExitCode, UsageError } from '../exit';
import { importPolicies, KINDS } from '../import/policies';
import { called } from '../manifests/called';
import { readAll } from '../manifests/read-all';
import { documentsAsYaml, importAsJson, notesAsText } from '../output/imports';
import { writeWhole } from '../output/write-whole';
import { Terminal } from '../terminal';

interface ImportFlags {
  readonly out?: string;
  readonly output: 'yaml' | 'json';
}

/** `proofgate import`: policies of other engines as policy documents that are no weaker, and a list of everything that these do not say. */
export function importCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('import')
    .description('write policy documents from policies of Kyverno and policy-controller')
    .argument('<file...>', 'YAML or JSON, or a folder of such files; - for standard input')
    .option('--out <file>', 'write the documents, as YAML, into this file instead of standard output')
    .addOption(new Option('--output <format>', 'how to print documents and what is not carried over').choices(['yaml', 'json']).default('yaml'))
    .action(async (paths: string[], flags: ImportFlags) => {
      const result = importPolicies(await readAll(paths));
      if (result.policies === 0) {
        throw new UsageError(`${paths.map(called).join(', ')}: holds no policy that is read here; expected ${KINDS.join(', ')}`);
      }
      const yaml = documentsAsYaml(result.documents);
      if (flags.out !== undefined && result.documents.length > 0) {
        await writeWhole(flags.out, yaml);
      }
      if (flags.output === 'json') {
        terminal.out.write(importAsJson(result));
      } else {
        terminal.out.write(flags.out === undefined ? yaml : '');
        terminal.err.write(notesAsText(result, terminal.colour));
      }
      exit(result.notCarriedOver.length === 0 ? EXIT.ok : EXIT.refused);
    });
}
