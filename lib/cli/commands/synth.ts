import { join } from 'node:path';
import { Command, Option } from 'commander';
import { TrustRoot } from '../../authoring/trust-root';
import { TrustRootFile } from '../../engines/engine';
import { isDocumentLike } from '../../policy/document-like';
import { TrustRootOption } from '../../verifier/options';
import { collect, parseTrustRoot } from '../arguments';
import { EXIT, ExitCode, UsageError } from '../exit';
import { called } from '../manifests/called';
import { findFiles, otherFiles } from '../manifests/find-files';
import { Manifest, readManifests } from '../manifests/read-manifests';
import { manifestsAsYaml, refusedAsText, synthesisAsJson } from '../output/manifests';
import { printable } from '../output/printable';
import { writeWhole } from '../output/write-whole';
import { enforcementOf } from '../synth/enforcement';
import { readVerifier } from '../synth/verifier-file';
import { Terminal } from '../terminal';

interface SynthFlags {
  readonly trustRoot?: TrustRootOption[];
  readonly verifier?: string;
  readonly out?: string;
  readonly output: 'yaml' | 'json';
}

/** `proofgate synth`: the manifests that enforce policy documents, as the constructs write them; where anything is refused, none. */
export function synthCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('synth')
    .description('write the manifests that enforce policy documents')
    .argument('<file...>', 'policy documents, YAML or JSON, or a folder of such files; - for standard input')
    .option('--trust-root <name=file>', 'a trusted_root.json under the name that policies use; may be repeated', collect(parseTrustRoot))
    .option('--verifier <file>', 'properties of the verifier, as a WebhookVerifier takes them: docs/documents.md')
    .option('--out <folder>', 'write a file into this folder, named after the verifier, instead of standard output')
    .addOption(new Option('--output <format>', 'how to print manifests or what is refused').choices(['yaml', 'json']).default('yaml'))
    .action(async (paths: string[], flags: SynthFlags) => {
      const documents = await readDocuments(paths, (line) => void terminal.err.write(`proofgate: ${printable(line)}\n`));
      const files = trustRoots(flags.trustRoot ?? []);
      const { settings, refused: unfit } = await readVerifier(flags.verifier);
      const { manifests, refused } = settings === undefined ? { manifests: [], refused: unfit } : enforcementOf({ documents, trustRoots: files, settings });
      if (settings === undefined || refused.length > 0) {
        const json = flags.output === 'json';
        (json ? terminal.out : terminal.err).write(json ? synthesisAsJson(manifests, refused) : refusedAsText(refused, terminal.colour));
        exit(EXIT.refused);
        return;
      }
      const text = flags.output === 'json' ? synthesisAsJson(manifests, refused) : manifestsAsYaml(manifests);
      if (flags.out === undefined) {
        terminal.out.write(text);
      } else {
        const name = `${settings.name}.k8s.${flags.output}`;
        await writeWhole(flags.out, text, name);
        terminal.err.write(`proofgate: wrote ${printable(join(flags.out, name))}\n`);
      }
      exit(EXIT.ok);
    });
}

/** What is named has to hold a document; of a folder it is said what was not read. @throws Unjudged, UsageError */
async function readDocuments(paths: readonly string[], say: (line: string) => void): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths) {
    const before = manifests.length;
    for (const file of await findFiles(path)) {
      const found = await readManifests(file);
      manifests.push(...found);
      if (found.length === 0 && file !== path) {
        say(`${file}: holds no object, passed over`);
      }
    }
    if (manifests.length === before) {
      throw new UsageError(`${called(path)}: holds no policy document; expected an ImagePolicy, ImageExemption or ImageDenyList of proofgate.dev/v1`);
    }
    (await otherFiles(path)).forEach((file) => say(`${file}: is not read, for its extension`));
  }
  const other = manifests.find(({ value }) => !isDocumentLike(value));
  if (other !== undefined) {
    throw new UsageError(`${called(other.file)}:${other.line}: is no policy document, and nothing else is taken in: name the files of ImagePolicy, ImageExemption and ImageDenyList`);
  }
  return manifests;
}

function trustRoots(options: readonly TrustRootOption[]): TrustRootFile[] {
  const twice = options.find(({ name }, index) => options.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) {
    throw new UsageError(`--trust-root ${twice.name}: is given twice; keep one`);
  }
  return options.flatMap(({ name, file }) => TrustRoot._pinned(`--trust-root ${name}=${file}`, name, { file })._file ?? []);
}
